/** The user pool as the platform's parts need it. */

import { join } from "node:path";
import { createUserPool, type FirstAdmin, operatorGroup, staffGroup, type UserPool } from "@serverlesspresso/identity";
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import type { ClientIdentity } from "@serverlesspresso/topics";
import { keysFolder } from "./data-folder.ts";
import type { Caller } from "./http/call.ts";
import { createSendMail } from "./mail.ts";
import { place } from "./place.ts";
import { createStaffToken } from "./staff-token.ts";

/** The user pool's settings and ports. */
export interface IdentitiesOptions {
  /** The name of the user pool. */
  readonly poolName: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly clockRate: number;
  readonly ids: Ids;
  readonly dataFolder: string;
  /** Where the pool is reached; known once the server listens. */
  readonly issuerBase: () => string;
  readonly adminEmail?: string | undefined;
  readonly adminPassword?: string | undefined;
  readonly smtpUrl?: string | undefined;
  /** Receives the id of a signing key that a command made while this process ran. */
  readonly onNewKey: (kid: string) => void;
  readonly onError: (error: unknown, what: string) => void;
}

/** The user pool and who bears its access tokens. */
export interface Identities {
  readonly pool: UserPool;
  /** Makes the first admin, unless an earlier start did. Resolves with its password, which no later call returns. */
  ensureFirstAdmin(): Promise<FirstAdmin | undefined>;
  /** The bearer of an access token, as of now. Rejects where it is not good. */
  verify(token: string): Promise<Caller>;
  verifyClient(token: string): Promise<ClientIdentity>;
  /** An access token of group `admin`, and not `operator`, for what this process itself does through the public API. */
  staffToken(): Promise<string>;
  stop(): void;
}

/** Resolves with the user pool, opened over the store. */
export async function openIdentities(options: IdentitiesOptions): Promise<Identities> {
  const { adminEmail, adminPassword, smtpUrl } = options;
  const pool = await createUserPool({
    ...options,
    ...place,
    keysFolder: join(options.dataFolder, keysFolder),
    sendMail: smtpUrl === undefined ? undefined : createSendMail(smtpUrl),
  });
  pool.start();

  return {
    pool,
    ensureFirstAdmin: () =>
      pool.ensureFirstAdmin({
        ...(adminEmail !== undefined && { email: adminEmail }),
        ...(adminPassword !== undefined && { password: adminPassword }),
      }),
    async verify(token) {
      const { sub, name, "cognito:groups": groups } = await pool.verifyAccessToken(token);
      return {
        sub,
        groups,
        isAdmin: groups.includes(staffGroup),
        isOperator: groups.includes(operatorGroup),
        token,
        ...(name !== undefined && { name }),
      };
    },
    async verifyClient(token) {
      const { sub, exp, "cognito:groups": groups } = await pool.verifyAccessToken(token);
      return { sub, groups, expMs: exp * 1000 };
    },
    staffToken: createStaffToken(pool, options.clock, options.ids),
    stop: () => pool.stop(),
  };
}
