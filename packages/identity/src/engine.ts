import { operationsOn } from "@serverlesspresso/aws-service";
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import type { AccessTokens } from "./access-tokens.ts";
import type { Codes } from "./codes.ts";
import type { Expiry } from "./expiry.ts";
import type { Limits } from "./limits.ts";
import type { Outbox } from "./outbox.ts";
import type { PasswordHashes } from "./password-hashes.ts";
import type { PoolRecord } from "./records.ts";
import type { KnownDevices } from "./requester.ts";
import type { Seal } from "./sealed.ts";
import type { Sessions } from "./sessions.ts";
import type { UserPoolSettings } from "./settings.ts";
import type { TriesUnderWay } from "./tries.ts";
import type { Users } from "./users.ts";
import type { Verifiers } from "./verifiers.ts";

/** What the operations work on. */
export interface PoolEngine {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly secret: string;
  readonly settings: () => UserPoolSettings;
  readonly pool: PoolRecord & { readonly name: string; readonly arn: string; readonly hasAllVerifiers: boolean };
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: AccessTokens;
  readonly codes: Codes;
  readonly limits: Limits;
  readonly tries: TriesUnderWay;
  readonly devices: KnownDevices;
  readonly outbox: Outbox;
  readonly hashes: PasswordHashes;
  readonly verifiers: Verifiers;
  /** What a challenge of SRP has to know stays with the client under it. */
  readonly challengeSeal: Seal;
  readonly expiry: Expiry;
}

/** The verbs that make operations. */
export const { list, read, wait, write } = operationsOn<PoolEngine>();

/** Options of operations that need no signature, as on Cognito: they carry their own proof. */
export const unsigned = { isPublic: true } as const;
