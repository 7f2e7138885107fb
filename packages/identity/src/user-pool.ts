/**
 * A Cognito user pool over the store: accounts, guests, paired devices, and the tokens they carry.
 *
 * U1. No call but a sign-up reveals whether an e-mail address has an account.
 * U2. Every change is durable before its answer; sign-out, deletion and changes of group hold from then on, for tokens already given too.
 * U3. Times are the system's: with a faster clock, tokens, codes and lock-outs end sooner by the clock on the wall. How long to wait is
 *     told in real seconds.
 */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Clock, Identities, Ids } from "@serverlesspresso/ports";
import type { ReadView, Store } from "@serverlesspresso/store";
import { type Claims, createAccessTokens } from "./access-tokens.ts";
import { createCodes } from "./codes.ts";
import type { PoolEngine } from "./engine.ts";
import { createExpiry } from "./expiry.ts";
import { ensureFirstAdmin, type FirstAdmin } from "./first-admin.ts";
import { type KeyRing, openKeyRing } from "./key-ring.ts";
import { createLimits } from "./limits.ts";
import { createOutbox, type SendMail } from "./outbox.ts";
import { createPasswordHashes, type PasswordHashes } from "./password-hashes.ts";
import { haveAllVerifiers, openPoolRecord } from "./pool-record.ts";
import type { Mail } from "./records.ts";
import { createKnownDevices } from "./requester.ts";
import { createSeal } from "./sealed.ts";
import { randomText } from "./secrets.ts";
import { cognitoUserPools } from "./service.ts";
import { createSessions } from "./sessions.ts";
import { defaultSettings, type UserPoolSettings } from "./settings.ts";
import { createTries } from "./tries.ts";
import { createUsers } from "./users.ts";
import { createVerifiers } from "./verifiers.ts";
import { signInWithoutPassword } from "./without-password.ts";

/** What `createUserPool` needs. */
export interface UserPoolOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Seconds of `clock` in a real one; 1 where absent. */
  readonly clockRate?: number;
  readonly ids: Ids;
  readonly account?: string;
  readonly region: string;
  readonly poolName: string;
  /** The app client's id; generated on the first start where absent. */
  readonly clientId?: string;
  /** The address under which the pool is reached; the issuer of its tokens is this and the pool's id. */
  readonly issuerBase: () => string;
  /** A folder for signing keys, made readable by its owner alone. */
  readonly keysFolder: string;
  /** Absent where there is no mail server: mails then stay in the outbox. */
  readonly sendMail?: SendMail | undefined;
  /** Asked for at every use, so that the operator's changes hold at once. */
  readonly settings?: () => Partial<UserPoolSettings>;
  readonly passwordHashes?: PasswordHashes;
  /** Called when a signing key was added to the folder meanwhile. */
  readonly onNewKey?: (kid: string) => void;
  readonly onError?: (error: unknown, what: string) => void;
}

/** The user pool: Cognito's operations, and what the platform needs besides. The gateway checks the right to call those that are not public. */
export interface UserPool extends BoundService, Identities {
  readonly poolId: string;
  readonly clientId: string;
  issuer(): string;
  /** The public keys of its tokens, as served under `/.well-known/jwks.json`. */
  jwks(): ReturnType<KeyRing["jwks"]>;
  /** Whose access token this is, as of now. @throws {IdentityError} `NotAuthorizedException` */
  verifyAccessToken(token: string): Promise<Claims>;
  /** The first admin's sign-in the first time; undefined ever after. */
  ensureFirstAdmin(given?: Partial<FirstAdmin>): Promise<FirstAdmin | undefined>;
  /** Mails not sent, newest first. */
  listOutbox(view: ReadView): Mail[];
  /** Begins to remove what has ended and to send mails. */
  start(): void;
  stop(): void;
}

/** Opens the user pool in `store`; makes its keys, ids and the groups `admin` and `operator` on the first start. */
export async function createUserPool(options: UserPoolOptions): Promise<UserPool> {
  const { store, clock, ids, region, account = "123456789012", poolName, settings = () => ({}), onError = () => {} } = options;
  const keyRing = await openKeyRing(options.keysFolder, clock, ids, onError, options.onNewKey);
  const users = createUsers(clock, ids);
  const record = await openPoolRecord(options, users);
  const verifiers = await createVerifiers(record.poolId, keyRing.secret, ids);
  const hasAllVerifiers = await haveAllVerifiers(store, users, verifiers, keyRing.secret);
  const issuer = (): string => `${options.issuerBase().replace(/(?<!\/)\/+$/, "")}/${record.poolId}`;
  const expiry = createExpiry(store, clock, onError);
  const outbox = createOutbox({ store, clock, ids, sendMail: options.sendMail, onError });
  const engine: PoolEngine = {
    store,
    clock,
    ids,
    secret: keyRing.secret,
    settings: () => ({ ...defaultSettings, ...settings() }),
    pool: {
      ...record,
      name: poolName,
      arn: `arn:aws:cognito-idp:${region}:${account}:userpool/${record.poolId}`,
      hasAllVerifiers,
    },
    users,
    sessions: createSessions(clock, ids, keyRing.secret, expiry),
    tokens: createAccessTokens(store, clock, ids, keyRing, { clientId: record.clientId, issuer }),
    codes: createCodes(clock, keyRing.secret, () => randomText(ids, "0123456789", 6), expiry),
    limits: createLimits(clock, options.clockRate ?? 1, expiry),
    tries: createTries(),
    devices: createKnownDevices(clock, expiry),
    outbox,
    hashes: options.passwordHashes ?? createPasswordHashes(),
    verifiers,
    challengeSeal: createSeal(keyRing.secret, "srp challenges", ids),
    expiry,
  };

  return {
    ...cognitoUserPools.on(engine),
    poolId: record.poolId,
    clientId: record.clientId,
    issuer,
    jwks: () => keyRing.jwks(),
    verifyAccessToken: (token) => engine.tokens.verify(token),
    signInWithoutPassword: signInWithoutPassword(engine),
    ensureFirstAdmin: (given = {}) => ensureFirstAdmin(engine, given),
    listOutbox: (view) => outbox.list(view),
    start() {
      expiry.start();
      outbox.start();
    },
    stop() {
      expiry.stop();
      outbox.stop();
    },
  };
}
