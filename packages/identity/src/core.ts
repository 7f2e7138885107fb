import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import type { AccessTokens } from "./access-tokens.ts";
import type { Codes } from "./codes.ts";
import type { Expiry } from "./expiry.ts";
import type { Limits } from "./limits.ts";
import type { Outbox } from "./outbox.ts";
import type { PasswordHashes } from "./password-hashes.ts";
import type { Caller, KnownDevices } from "./requester.ts";
import type { Sessions } from "./sessions.ts";
import type { UserPoolSettings } from "./settings.ts";
import type { TriesUnderWay } from "./tries.ts";
import type { Users } from "./users.ts";
import type { Verifiers } from "./verifiers.ts";

/** The pool's own names, made on the first start. */
export interface PoolRecord {
  readonly poolId: string;
  readonly clientId: string;
  readonly createdMs: number;
  /** Set when every account has a verifier that this key file opens; absent where an earlier release may have left one without. */
  readonly verifiedBy?: string;
}

/** What the operations share. */
export interface Core {
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
  readonly expiry: Expiry;
}

/** An operation of the user pool: reads its own request, rejects with an IdentityError. */
export type Operation = (request: JsonObject, caller: Caller) => Promise<JsonObject>;
