/** The user pool as the platform's parts need it. */

import { join } from "node:path";
import { Refusal } from "@serverlesspresso/blueprint/edge/refusal.ts";
import { createUserPool, type FirstAdmin, IdentityError, operatorGroup, staffGroup, type UserPool } from "@serverlesspresso/identity";
import type { Clock, Ids, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import type { ClientIdentity } from "@serverlesspresso/topics";
import { keysFolder } from "./data-folder.ts";
import type { Call, Caller } from "./http/call.ts";
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
  readonly guestSignIn?: boolean;
  readonly rateLimitFactor?: number;
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
  signInGuest(call: Call): Promise<RouteResponse>;
  /** An access token of group `admin`, and not `operator`, for what this process itself does through the public API. */
  staffToken(): Promise<string>;
  stop(): void;
}

/** The figures of the pool's own limits; `factor` scales those that count addresses, which a conference shares. */
const guestsPerAddress = 1000;

/** Resolves with the user pool, opened over the store. */
export async function openIdentities(options: IdentitiesOptions): Promise<Identities> {
  const { adminEmail, adminPassword, smtpUrl, guestSignIn = true, rateLimitFactor = 1 } = options;
  const scaled = (figure: number): number => (rateLimitFactor === 0 ? Number.MAX_SAFE_INTEGER : figure * rateLimitFactor);
  const pool = await createUserPool({
    ...options,
    ...place,
    keysFolder: join(options.dataFolder, keysFolder),
    sendMail: smtpUrl === undefined ? undefined : createSendMail(smtpUrl),
    settings: () => ({ guestsAllowed: guestSignIn, guestsPerAddress: scaled(guestsPerAddress) }),
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
    async signInGuest({ body, address, headers }) {
      const { name } = body as { readonly name: string };
      const tokens = await pool.signInGuest({ name, sourceAddress: address, device: headers["x-device-id"] }).catch(refuseGuest);
      return { statusCode: 201, body: tokens as unknown as JsonValue };
    },
    staffToken: createStaffToken(options.store, pool, options.clock),
    stop: () => pool.stop(),
  };
}

function refuseGuest(error: unknown): never {
  if (!(error instanceof IdentityError)) throw error;
  if (error.code === "NotAuthorizedException")
    throw new Refusal("accounts-required", "This shop asks for an account. Sign in with e-mail and password.");
  if (error.code === "TooManyRequestsException")
    throw new Refusal("too-many-requests", error.message, { "retry-after": String(error.retryAfterSeconds ?? 60) });
  throw new Refusal("invalid-body", error.message);
}
