/**
 * The load of a crash round: guests and baristas over HTTP who play all eight journeys and write down what was acknowledged.
 * Whatever fails because the server is gone counts for nothing; any other unexpected answer is a finding.
 */
import { type Person, signInGuest, type Window } from "../support/api.ts";

export type Journey = "completed" | "cancelledEarly" | "cancelledLate" | "cancelledByBar" | "guestTimeout" | "barTimeout";

/** What the bar said yes to, in the words of the order's states: the order must be at least that far ever after. */
export interface Acknowledged {
  readonly orderId: string;
  readonly what: "CREATED" | "SUBMITTED" | "MAKING" | "COMPLETED" | "CANCELLED";
}

export interface Ledger {
  readonly acknowledged: Acknowledged[];
  readonly refusedAtScan: Map<number, number>;
  readonly plans: Map<string, Journey>;
  readonly findings: string[];
}

const journeys: readonly Journey[] = [
  "completed",
  "completed",
  "completed",
  "cancelledEarly",
  "cancelledLate",
  "cancelledByBar",
  "guestTimeout",
  "barTimeout",
];
const drinks = ["Espresso", "Cappuccino", "Latte", "Flat White", "Americano"];
/** Answers that are right under load and races: late, full, over, closed, too early, too many. */
const expectedRefusals = new Set([400, 404, 409, 410, 429, 503]);

export function createLedger(): Ledger {
  return { acknowledged: [], refusedAtScan: new Map(), plans: new Map(), findings: [] };
}

export interface LoadOptions {
  readonly url: string;
  readonly admin: Person;
  readonly ledger: Ledger;
  readonly random: () => number;
  readonly guests: number;
  readonly baristas: number;
}

/** Runs until `stop` is called; resolves when every player has noticed. */
export function startLoad(options: LoadOptions): { stop(): Promise<void> } {
  let stopped = false;
  const isStopped = (): boolean => stopped;
  const players = [
    ...Array.from({ length: options.guests }, () => untilGone(isStopped, options.ledger, () => playGuest(options, isStopped))),
    ...Array.from({ length: options.baristas }, () => untilGone(isStopped, options.ledger, () => playBarista(options))),
    untilGone(isStopped, options.ledger, () => openAndClose(options)),
  ];
  return {
    async stop() {
      stopped = true;
      await Promise.all(players);
    },
  };
}

async function untilGone(isStopped: () => boolean, ledger: Ledger, play: () => Promise<void>): Promise<void> {
  while (!isStopped()) {
    try {
      await play();
    } catch (error) {
      if (isLostConnection(error)) await pause(5);
      else ledger.findings.push(`a player failed: ${(error as Error).stack}`);
    }
  }
}

function isLostConnection(error: unknown): boolean {
  // What undici throws when the other end is gone: `fetch failed`, `terminated`, or half a JSON text.
  return error instanceof TypeError || error instanceof SyntaxError;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function playGuest({ url, admin, ledger, random }: LoadOptions, isStopped: () => boolean): Promise<void> {
  const guest = await signInGuest(url, "Crash Test Guest");
  const window = await admin.call<Window>("GET", "/qr-code");
  if (window.status !== 200) return pause(10);
  const scanned = await guest.scan(window.body.code);
  if (scanned.status !== 201) {
    ledger.refusedAtScan.set(scanned.status, (ledger.refusedAtScan.get(scanned.status) ?? 0) + 1);
    expectRefusal(ledger, "scan", scanned.status, scanned.body);
    return pause(20);
  }
  const { orderId } = scanned.body;
  const journey = journeys[Math.floor(random() * journeys.length)] as Journey;
  ledger.plans.set(orderId, journey);
  ledger.acknowledged.push({ orderId, what: "CREATED" });
  if (journey === "guestTimeout") return pause(20);
  if (journey === "cancelledEarly") return act(ledger, guest, orderId, "cancel", "CANCELLED");
  await act(ledger, guest, orderId, "placeOrder", "SUBMITTED", { drink: drinks[Math.floor(random() * drinks.length)], modifiers: [] });
  if (journey === "cancelledLate") await act(ledger, guest, orderId, "cancel", "CANCELLED");
  if (!isStopped()) await pause(random() * 20);
}

async function playBarista({ admin, ledger, random }: LoadOptions): Promise<void> {
  const { body, status } = await admin.call<{ orders: { orderId: string; orderState: string }[] }>(
    "GET",
    "/orders?state=SUBMITTED&maxItems=20",
  );
  if (status !== 200) return pause(10);
  const wanted = body.orders.filter(({ orderId }) => ["completed", "cancelledByBar", undefined].includes(ledger.plans.get(orderId)));
  const chosen = wanted[Math.floor(random() * wanted.length)];
  if (chosen === undefined) return pause(10);
  const { orderId } = chosen;
  if (ledger.plans.get(orderId) === "cancelledByBar") return act(ledger, admin, orderId, "cancel", "CANCELLED", { reason: "out of milk" });
  await act(ledger, admin, orderId, "make", "MAKING");
  if (random() < 0.3) {
    await act(ledger, admin, orderId, "unmake", "SUBMITTED");
    await act(ledger, admin, orderId, "make", "MAKING");
  }
  await act(ledger, admin, orderId, "complete", "COMPLETED");
}

async function openAndClose({ admin, random }: LoadOptions): Promise<void> {
  await pause(150 + random() * 200);
  await admin.call("PUT", "/store?state=closed");
  await pause(5 + random() * 20);
  await admin.call("PUT", "/store?state=open");
}

async function act(
  ledger: Ledger,
  who: Person,
  orderId: string,
  action: string,
  what: Acknowledged["what"],
  body?: unknown,
): Promise<void> {
  const { status, body: answer } = await who.act(orderId, action, body);
  if (status === 200) ledger.acknowledged.push({ orderId, what });
  else expectRefusal(ledger, action, status, answer);
}

function expectRefusal(ledger: Ledger, what: string, status: number, body: unknown): void {
  if (!expectedRefusals.has(status)) ledger.findings.push(`${what} answered ${status}: ${JSON.stringify(body)}`);
}
