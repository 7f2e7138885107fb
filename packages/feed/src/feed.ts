/**
 * What goes on in the engines, for watchers in this process: a console's socket, a test.
 *
 * F1. While a kind has no watcher, its source makes nothing and keeps nothing.
 * F2. Entries are durable: a transaction that was undone, or whose flush failed, has no entry.
 * F3. Each watcher gets what it watches in the order in which the transactions ran, each entry once, from the end of `watch` on.
 * F4. No watcher holds up a source or another watcher: what it does not take waits in a buffer of its own, of so many entries at most.
 *     What finds it full is left out, and in its place stands a gap that says how many entries are missing.
 * F5. Entries are the engines' own values, shared and not copied; they are not to be changed. They are for operators alone: task tokens and
 *     personal data stand in them as in the histories, events and items that an operator may read. User pools and keys have no source.
 */
import type { Transaction } from "@serverlesspresso/store";

/** Where an engine puts the entries of one kind. */
export interface FeedSource<Entry> {
  /** Whether this kind has a watcher. */
  isWatched(): boolean;
  /** Hands an entry to the watchers once the transaction is durable; `make` is called then, and only if there are watchers. It must not throw. */
  tell(tx: Pick<Transaction, "afterCommit">, make: () => Entry): void;
}

/** Entries are missing here: the watcher was slow. */
export interface Gap {
  readonly kind: "gap";
  readonly missing: number;
}

/** An entry with its kind, or a gap. `Kinds` has for each kind the type of its entries. */
export type Told<Kinds> = { readonly [Kind in keyof Kinds]: { readonly kind: Kind; readonly entry: Kinds[Kind] } }[keyof Kinds] | Gap;

/** What to watch. */
export interface WatchOptions<Kinds> {
  /** By default all. */
  readonly kinds?: readonly (keyof Kinds)[];
  /** How many entries wait at most (F4). */
  readonly most?: number;
}

/** One who watches. */
export interface Watcher<Kinds> {
  /** Resolves with the entries since the last call, as soon as there is anything; undefined once the watching has ended. One call at a time. */
  take(): Promise<readonly Told<Kinds>[] | undefined>;
  /** Ends the watching. */
  end(): void;
}

/** A feed of several kinds. */
export interface Feed<Kinds> {
  readonly sources: { readonly [Kind in keyof Kinds]: FeedSource<Kinds[Kind]> };
  watch(options?: WatchOptions<Kinds>): Watcher<Kinds>;
  /** Ends all watching. */
  close(): void;
}

interface Listener<Kinds> extends Watcher<Kinds> {
  readonly kinds: readonly (keyof Kinds)[];
  push(told: Told<Kinds>): void;
}

const usualMost = 1_000;

/** Returns a feed of these kinds, without watchers. */
export function createFeed<Kinds>(kinds: readonly (keyof Kinds)[]): Feed<Kinds> {
  const listeners = new Set<Listener<Kinds>>();
  const byKind = new Map<keyof Kinds, readonly Listener<Kinds>[]>();

  function changed(): void {
    for (const kind of kinds)
      byKind.set(
        kind,
        [...listeners].filter((listener) => listener.kinds.includes(kind)),
      );
  }

  function sourceOf<Kind extends keyof Kinds>(kind: Kind): FeedSource<Kinds[Kind]> {
    const isWatched = (): boolean => (byKind.get(kind)?.length ?? 0) > 0;
    return {
      isWatched,
      tell(tx, make) {
        if (!isWatched()) return;
        tx.afterCommit(() => {
          const watching = byKind.get(kind) ?? [];
          if (watching.length === 0) return;
          const told = { kind, entry: make() };
          for (const listener of watching) listener.push(told);
        });
      },
    };
  }

  return {
    sources: Object.fromEntries(kinds.map((kind) => [kind, sourceOf(kind)])) as Feed<Kinds>["sources"],
    watch(options = {}) {
      const listener = createListener(options.kinds ?? kinds, options.most ?? usualMost, () => {
        listeners.delete(listener);
        changed();
      });
      listeners.add(listener);
      changed();
      return listener;
    },
    close() {
      for (const listener of [...listeners]) listener.end();
    },
  };
}

/** F4. */
function createListener<Kinds>(kinds: readonly (keyof Kinds)[], most: number, onEnd: () => void): Listener<Kinds> {
  let waiting: Told<Kinds>[] = [];
  let missing = 0;
  let hasEnded = false;
  let wake = (): void => {};

  function takeNow(): readonly Told<Kinds>[] {
    const taken = waiting;
    if (missing > 0) taken.push({ kind: "gap", missing });
    [waiting, missing] = [[], 0];
    return taken;
  }

  return {
    kinds,
    push(told) {
      if (waiting.length < most) waiting.push(told);
      else missing += 1;
      wake();
    },
    async take() {
      if (waiting.length === 0 && !hasEnded) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.length > 0 ? takeNow() : undefined;
    },
    end() {
      if (hasEnded) return;
      hasEnded = true;
      onEnd();
      wake();
    },
  };
}
