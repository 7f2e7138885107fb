/**
 * The signatures that were good once (V6 of `authenticate.ts`).
 *
 * US1. Known are the last `mostUsed`, each until its date is too old to be good again.
 * US2. Of a call that may change something the signature's hash is written before what it changes or with it, so that it is on disk before the answer, an error's too. A start
 *     reads all there are, whatever the clock says then, and refuses each at once.
 * US3. Of a call that only reads nothing is written: sent again after a restart it reads once more, and changes nothing.
 * US4. What memory forgets is deleted with the next that is written: the store holds no more than memory does.
 */
import type { Store, Transaction } from "@serverlesspresso/store";
import { kinds } from "../record-kinds.ts";
import { sha256 } from "./signature.ts";

/** The signatures that were used, so that no changing call is replayed. */
export interface UsedSignatures {
  /** Whether a signature that was found good may be used now; `untilMs` is when its date is too old. */
  take(signature: string, isNamed: boolean, untilMs: number): boolean;
  /** Writes one that was taken, with what its call changes (US2). */
  note(tx: Transaction, signature: string): void;
  /** Writes one that was taken, of a call that failed or that makes its transactions itself (US2). Resolves once it is durable. */
  keep(signature: string): Promise<void>;
}

/** The store, the wall clock in ms since 1970, and how many signatures are held at most. */
export interface UsedSignaturesOptions {
  readonly store: Pick<Store, "transact" | "scan">;
  readonly wallClockMs: () => number;
  readonly mostUsed?: number;
}

interface Use {
  readonly usedMs: number;
  readonly untilMs: number;
  isKept: boolean;
}

/** A signature's date counts seconds, and a busy loop may look at the second of two calls somewhat later. */
const repeatMs = 5_000;

/** Returns the used signatures, with those that the store kept from an earlier start. */
export function createUsedSignatures({ store, wallClockMs: nowMs, mostUsed = 100_000 }: UsedSignaturesOptions): UsedSignatures {
  const uses = new Map<string, Use>();
  let forgotten: [untilMs: number, hash: string][] = [];
  for (const [, { untilMs, hash }] of store.scan<{ untilMs: number; hash: string }>(kinds.signature.range()))
    uses.set(hash, { usedMs: Number.NEGATIVE_INFINITY, untilMs, isKept: true });

  /** US1. */
  function forget(): void {
    for (const [hash, { untilMs, isKept }] of uses) {
      if (uses.size <= mostUsed && nowMs() <= untilMs) break;
      uses.delete(hash);
      if (isKept) forgotten.push([untilMs, hash]);
    }
  }

  function note(tx: Transaction, signature: string): void {
    const hash = sha256(signature);
    const use = uses.get(hash);
    const over = forgotten;
    forgotten = [];
    tx.onUndo(() => forgotten.push(...over));
    for (const key of over) tx.delete(kinds.signature.key(...key));
    if (use === undefined) return;
    use.isKept = true;
    tx.put(kinds.signature.key(use.untilMs, hash), { untilMs: use.untilMs, hash });
  }

  return {
    take(signature, isNamed, untilMs) {
      const hash = sha256(signature);
      const known = uses.get(hash);
      if (known !== undefined) return !isNamed && nowMs() - known.usedMs < repeatMs;
      uses.set(hash, { usedMs: nowMs(), untilMs, isKept: false });
      forget();
      return true;
    },
    note,
    keep: (signature) => store.transact((tx) => note(tx, signature)),
  };
}
