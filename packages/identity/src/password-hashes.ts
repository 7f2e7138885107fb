/**
 * argon2id off the main thread.
 *
 * H1. At most `concurrency` hashes are under way: each takes 19 MiB and a core. Who comes beyond the queue is turned away, not kept waiting for ever.
 * H2. Checking a password of nobody takes as long as checking somebody's.
 */
import { hash, verify } from "@node-rs/argon2";
import { IdentityError } from "./errors.ts";

export interface PasswordHashes {
  hash(password: string): Promise<string>;
  /** Whether the password fits; without a stored hash the answer is no, after the same work. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

// OWASP's second choice for argon2id: 19 MiB, two passes, one lane. 2 names the algorithm, whose enum is not erasable.
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function createPasswordHashes({ concurrency = 2, maxWaiting = 400 } = {}): PasswordHashes {
  let running = 0;
  const waiting: (() => void)[] = [];
  // Made ahead, so that the first unknown user is not told by the time it takes.
  const decoy = hash("nobody's password", parameters);
  decoy.catch(() => {});

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= concurrency) {
      if (waiting.length >= maxWaiting)
        throw new IdentityError("TooManyRequestsException", "Too many sign-ins at once; try again shortly.", 5);
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  return {
    hash: (password) => inTurn(() => hash(normalise(password), parameters)),
    async verify(stored, password) {
      const against = stored ?? (await decoy);
      const fits = await inTurn(() => verify(against, normalise(password)));
      return fits && stored !== undefined;
    },
  };
}

/** The same password typed on two keyboards may arrive in two Unicode forms. */
function normalise(password: string): string {
  return password.normalize("NFKC");
}
