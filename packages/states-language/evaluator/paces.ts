/** Where an evaluation runs: among the threads for quick ones or for slow ones. */
export type Lane = "quick" | "slow";
/** How a waiting evaluation is expected to run: its kind was quick, was slow, or is not known. */
export type Pace = Lane | "unknown";

/** How each kind of evaluations ran the last time. */
export interface Paces {
  of(kind: string): Pace;
  remember(kind: string, lane: Lane): void;
}

/** Returns a memory of `most` kinds, of which it forgets the least recently seen. */
export function createPaces(most = 10_000): Paces {
  /** The least recently seen kind first. */
  const lanes = new Map<string, Lane>();
  return {
    of: (kind) => lanes.get(kind) ?? "unknown",
    remember(kind, lane) {
      lanes.delete(kind);
      lanes.set(kind, lane);
      if (lanes.size > most) for (const oldest of lanes.keys()) return void lanes.delete(oldest);
    },
  };
}
