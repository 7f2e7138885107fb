/** A user pool on a clock that stands still, for the tests beside it. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callOperation } from "@serverlesspresso/aws-service";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import type { AuthenticationResult } from "./authentication.ts";
import { createUserPool, type UserPool, type UserPoolOptions } from "./user-pool.ts";

/** A user pool over a store of its own, and a clock that the test moves. */
export interface TestPool {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly folder: string;
  readonly pool: UserPool;
  /** Calls an operation with the pool's and client's ids filled in. */
  call(operation: string, request?: JsonObject, sourceAddress?: string): Promise<JsonObject>;
  signUp(email: string, password: string): Promise<string>;
  signIn(email: string, password: string, sourceAddress?: string): Promise<AuthenticationResult>;
  /** Signs a new guest in. */
  guest(name?: string): Promise<AuthenticationResult>;
  /** The newest code mailed to an address. */
  codeFor(email: string): string;
  /** Another pool over the same store and keys. */
  reopen(options?: Partial<UserPoolOptions>): Promise<UserPool>;
  close(): Promise<void>;
}

/** Opens a pool in a folder of its own. Its password hashes are plain work-free ones unless `options` say otherwise. */
export async function openTestPool(options: Partial<UserPoolOptions> = {}): Promise<TestPool> {
  const folder = mkdtempSync(join(tmpdir(), "identity-"));
  const onFailure = (error: unknown): void => {
    throw error;
  };
  const store = await openStore({ folder: join(folder, "store"), onFailure });
  const clock = createManualClock();
  const reopen = (more: Partial<UserPoolOptions> = {}): Promise<UserPool> =>
    createUserPool({
      store,
      clock,
      ids: createIds(clock),
      region: "us-east-1",
      poolName: "ServerlesspressoUserPool",
      issuerBase: () => "http://127.0.0.1:4000",
      keysFolder: join(folder, "keys"),
      passwordHashes: quickHashes,
      onError: onFailure,
      ...options,
      ...more,
    });
  const pool = await reopen();
  const call: TestPool["call"] = (operation, request = {}, sourceAddress = "10.0.0.1") =>
    callPool(store, pool, operation, { UserPoolId: pool.poolId, ...request }, sourceAddress);
  const codeFor = (email: string): string =>
    /\d{6}/.exec(pool.listOutbox(store).find(({ to }) => to === email.toLowerCase())?.text ?? "")?.[0] ?? "";
  return {
    store,
    clock,
    folder,
    pool,
    call,
    codeFor,
    reopen,
    guest: (name = "Ana") => pool.signInWithoutPassword({ id: randomUUID(), kind: "guest", name }),
    async signUp(email, password) {
      const { UserSub } = await call("SignUp", { Username: email, Password: password });
      await call("ConfirmSignUp", { Username: email, ConfirmationCode: codeFor(email) });
      return UserSub as string;
    },
    async signIn(email, password, sourceAddress) {
      const AuthParameters = { USERNAME: email, PASSWORD: password };
      const { AuthenticationResult } = await call("InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }, sourceAddress);
      return AuthenticationResult as AuthenticationResult;
    },
    async close() {
      pool.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Calls an operation of a pool as the wire does, with its client's id filled in. */
export function callPool(store: Store, pool: UserPool, operation: string, request: JsonObject, address: string): Promise<JsonObject> {
  const caller = { address, origin: "http://127.0.0.1:4000", signal: new AbortController().signal };
  return callOperation(store, pool, operation, { ClientId: pool.clientId, ...request }, caller);
}

const quickHashes = {
  hash: async (password: string): Promise<string> => `quick ${password}`,
  verify: async (stored: string | undefined, password: string): Promise<boolean> => stored === `quick ${password}`,
};
