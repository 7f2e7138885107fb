/** What is kept of a password: its argon2id hash, and the verifier that SRP needs, made together. */
import type { PoolEngine } from "./engine.ts";
import type { LimitKind } from "./limits.ts";
import type { User } from "./records.ts";

/** What is stored of a password: its argon2id hash and its SRP verifier. */
export type Credentials = Required<Pick<User, "passwordHash" | "srp">>;

/** @param sub whose password it is @throws {IdentityError} `TooManyRequestsException` where the queue of hashes is full */
export async function credentialsOf(
  { hashes, verifiers }: PoolEngine,
  sub: string,
  password: string,
  sourceAddress: string,
): Promise<Credentials> {
  const passwordHash = await hashes.hash(password, sourceAddress);
  return { passwordHash, srp: await verifiers.make(sub, passwordHash, password) };
}

/** The same within a limit of the address; where the queue is full, nothing was tried and nothing counts. @throws {IdentityError} `TooManyRequestsException` */
export async function countedCredentials(
  engine: PoolEngine,
  { kind, most }: { readonly kind: LimitKind; readonly most: number },
  sub: string,
  password: string,
  sourceAddress: string,
): Promise<Credentials> {
  const { store, limits } = engine;
  await store.transact((tx) => limits.take(tx, kind, sourceAddress, most));
  try {
    return await credentialsOf(engine, sub, password, sourceAddress);
  } catch (error) {
    await store.transact((tx) => limits.giveBack(tx, kind, sourceAddress));
    throw error;
  }
}
