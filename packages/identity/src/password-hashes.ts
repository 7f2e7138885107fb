/**
 * argon2id off the main thread.
 *
 * H1. At most `concurrency` hashes are under way: each takes 19 MiB and a core. Checking a password and making a new one wait in queues of
 *     their own and take turns, and so do addresses; who comes beyond the queue is turned away, not kept waiting for ever.
 * H2. Checking a password without an account takes as long as with one.
 */
import { hash, verify } from "@node-rs/argon2";
import { busy } from "./errors.ts";
import { normalisePassword } from "./passwords.ts";
import { createTurns } from "./turns.ts";

/** argon2id, a bounded number at a time (H1, H2). Both calls reject with `TooManyRequestsException` when the queue is full. */
export interface PasswordHashes {
  /** @param caller whose share of the work it is, such as an address */
  hash(password: string, caller: string): Promise<string>;
  /** Whether the password fits; without a stored hash the answer is no, after the same work. */
  verify(stored: string | undefined, password: string, caller: string): Promise<boolean>;
}

// OWASP's second choice for argon2id: 19 MiB, two passes, one lane. 2 names the algorithm, whose enum is not erasable.
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Returns hashing with `concurrency` threads; `mostInLane` wait at most, of one caller `mostOfCaller`. */
export function createPasswordHashes({
  concurrency = 2,
  mostInLane = 400,
  mostOfCaller = 200,
  argon2 = { hash, verify },
} = {}): PasswordHashes {
  const turns = createTurns({ concurrency, mostInLane, mostOfCaller, full: busy });
  // Made ahead, so that the first unknown user is not told by the time it takes.
  const decoy = argon2.hash("nobody's password", parameters);
  decoy.catch(() => {});

  return {
    hash: (password, caller) => turns.run({ lane: "new", caller }, () => argon2.hash(normalisePassword(password), parameters)),
    async verify(stored, password, caller) {
      const against = stored ?? (await decoy);
      const fits = await turns.run({ lane: "check", caller }, () => argon2.verify(against, normalisePassword(password)));
      return fits && stored !== undefined;
    },
  };
}
