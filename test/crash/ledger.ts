/** What the players of a crash run wrote down. */
import type { Person } from "../support/api.ts";

/** The ways an order can go that a load brings about, and the state in which each ends. */
export const journeyEnds = {
  completed: "COMPLETED",
  cancelledEarly: "CANCELLED",
  cancelledLate: "CANCELLED",
  cancelledByBar: "CANCELLED",
  guestTimeout: "TIMEDOUT",
  barTimeout: "TIMEDOUT",
} as const;
export type Journey = keyof typeof journeyEnds;

/** What the bar said yes to, in the words of the order's states: the order must be at least that far ever after. */
export interface Acknowledged {
  readonly orderId: string;
  readonly what: "CREATED" | "SUBMITTED" | "MAKING" | "COMPLETED" | "CANCELLED";
}

/** A guest's call under an Idempotency-Key. Without an answer, it may or may not have been done. */
export interface Spoken {
  readonly guest: Person;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly body?: unknown;
  readonly answer?: { readonly status: number; readonly body: unknown };
}

export interface Ledger {
  readonly acknowledged: Acknowledged[];
  readonly refusedAtScan: Map<number, number>;
  readonly plans: Map<string, Journey>;
  readonly guests: Person[];
  readonly spoken: Spoken[];
  readonly findings: string[];
  /** Journeys still to be dealt before the next shuffle. */
  readonly deck: Journey[];
}

export function createLedger(): Ledger {
  return { acknowledged: [], refusedAtScan: new Map(), plans: new Map(), guests: [], spoken: [], findings: [], deck: [] };
}

/** Deals journeys as cards are dealt, so that each is played however few orders there are; most are completed. */
export function drawJourney({ deck }: Ledger, random: () => number): Journey {
  if (deck.length === 0) deck.push("completed", "completed", ...(Object.keys(journeyEnds) as Journey[]));
  const [drawn] = deck.splice(Math.floor(random() * deck.length), 1) as [Journey];
  return drawn;
}
