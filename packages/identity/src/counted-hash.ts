import type { Core } from "./core.ts";
import type { LimitKind } from "./limits.ts";

/** Hashes a new password within a limit of the address; where the queue is full, nothing was tried and nothing counts. @throws {IdentityError} `TooManyRequestsException` */
export async function countedHash(core: Core, kind: LimitKind, most: number, password: string, sourceAddress: string): Promise<string> {
  const { store, limits, hashes } = core;
  await store.transact((tx) => limits.take(tx, kind, sourceAddress, most));
  try {
    return await hashes.hash(password, sourceAddress);
  } catch (error) {
    await store.transact((tx) => limits.giveBack(tx, kind, sourceAddress));
    throw error;
  }
}
