/** Links that were cut off: counted one by one, reported in sums, so that a client that is cut off repeatedly fills no log. */
export interface Cuts {
  count(reason: string, address: string): void;
  /** Says what was cut off since the last time. */
  tell(): void;
  /** How many since the start. */
  total(): number;
}

/** Returns counters of links that were cut off. `tell` reports the sum of each reason to `onError` and starts anew. */
export function createCuts(onError: (error: unknown, what: string) => void): Cuts {
  const untold = new Map<string, { number: number; address: string }>();
  let total = 0;
  return {
    count(reason, address) {
      total += 1;
      untold.set(reason, { number: (untold.get(reason)?.number ?? 0) + 1, address });
    },
    tell() {
      for (const [reason, { number, address }] of untold) {
        onError(new Error(`${number} cut off, the last from ${address}: ${reason}`), "mqtt links");
      }
      untold.clear();
    },
    total: () => total,
  };
}
