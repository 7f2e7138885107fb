/**
 * The load of a crash round: guests and baristas over HTTP who play all journeys and write down what was acknowledged.
 * A round is as long as a number of acknowledgements, however slow the machine. Whatever fails because the server is gone
 * counts for nothing; any other unexpected answer is a finding.
 */
import { type Person, signInGuest, type Window } from "../support/api.ts";
import { type Acknowledged, drawJourney, type Ledger, type Spoken } from "./ledger.ts";

const drinks = ["Espresso", "Cappuccino", "Latte", "Flat White", "Americano"];
/** The statuses that are right under load and races: late, full, over, closed, too early, too many. */
export const expectedRefusals = new Set([400, 404, 409, 410, 429, 503]);
/** A load that brings nothing about for so long, by the machine's clock, is a finding. */
const longestMs = 60_000;

export interface LoadOptions {
  readonly url: string;
  readonly admin: Person;
  readonly baristas: readonly Person[];
  readonly ledger: Ledger;
  readonly random: () => number;
  readonly guests: number;
}
export interface Load {
  /** Resolves when so many acknowledgements have come since the load began. */
  reached(acknowledgements: number): Promise<void>;
  /** Resolves when every player has noticed. */
  stop(): Promise<void>;
}

export function startLoad(options: LoadOptions): Load {
  const { ledger, baristas } = options;
  const begun = ledger.acknowledged.length;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  const play = (player: () => Promise<void>): Promise<void> => untilGone(isStopped, ledger, player);
  const players = [
    ...Array.from({ length: options.guests }, () => play(() => playGuest(options, isStopped))),
    ...baristas.map((barista) => play(() => playBarista(options, barista))),
    play(() => openAndClose(options)),
  ];
  return {
    async reached(acknowledgements) {
      const givenUpAt = performance.now() + longestMs;
      while (ledger.acknowledged.length - begun < acknowledgements) {
        if (performance.now() > givenUpAt) {
          ledger.findings.push(
            `load: ${ledger.acknowledged.length - begun} acknowledgements in ${longestMs / 1000} s, expected ${acknowledgements}`,
          );
          return;
        }
        await pause(2);
      }
    },
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
  ledger.guests.push(guest);
  const window = await admin.call<Window>("GET", "/qr-code");
  if (window.status !== 200) return pause(10);
  const scan: Spoken = { guest, method: "POST", path: `/qr-code?token=${window.body.code}`, key: `scan-${guest.sub}` };
  // A second tap, or a phone that did not receive the answer.
  const taps = random() < 0.2 ? [scan, { ...scan, key: `${scan.key}-again` }] : [scan];
  const answers = await Promise.all(taps.map((tap) => speak(ledger, tap)));
  for (const { status, body } of answers) {
    if (status === 201) continue;
    ledger.refusedAtScan.set(status, (ledger.refusedAtScan.get(status) ?? 0) + 1);
    expectRefusal(ledger, "scan", status, body);
  }
  const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => (body as { orderId: string }).orderId));
  // Two taps make two orders only where the first was refused before the second came: I3 judges that.
  for (const orderId of ids) ledger.acknowledged.push({ orderId, what: "CREATED" });
  const orderId = [...ids].at(-1);
  if (orderId === undefined) return pause(20);
  const journey = drawJourney(ledger, random);
  ledger.plans.set(orderId, journey);
  if (journey === "guestTimeout") return pause(20);
  if (journey === "cancelledEarly") return act(ledger, guest, orderId, "cancel", "CANCELLED");
  const body = { drink: drinks[Math.floor(random() * drinks.length)], modifiers: [] };
  const placed = await speak(ledger, {
    guest,
    method: "PUT",
    path: `/orders/${orderId}?action=placeOrder`,
    key: `place-${guest.sub}`,
    body,
  });
  if (placed.status === 200) ledger.acknowledged.push({ orderId, what: "SUBMITTED" });
  else expectRefusal(ledger, "placeOrder", placed.status, placed.body);
  if (journey === "cancelledLate") await act(ledger, guest, orderId, "cancel", "CANCELLED");
  if (!isStopped()) await pause(random() * 20);
}

/** Says something under an Idempotency-Key, and keeps what was answered; what is not answered stays open in the ledger. */
async function speak(ledger: Ledger, spoken: Spoken): Promise<{ readonly status: number; readonly body: unknown }> {
  const { guest, method, path, key, body } = spoken;
  const entry: Spoken & { answer?: { status: number; body: unknown } } = { ...spoken };
  ledger.spoken.push(entry);
  const { status, body: answered } = await guest.call(method, path, body, { "idempotency-key": key });
  entry.answer = { status, body: answered };
  return entry.answer;
}

async function playBarista({ ledger, random }: LoadOptions, barista: Person): Promise<void> {
  const { body, status } = await barista.call<{ orders: { orderId: string; orderState: string }[] }>(
    "GET",
    "/orders?state=SUBMITTED&maxItems=20",
  );
  if (status !== 200) return pause(10);
  const wanted = body.orders.filter(({ orderId }) => ["completed", "cancelledByBar", undefined].includes(ledger.plans.get(orderId)));
  const chosen = wanted[Math.floor(random() * wanted.length)];
  if (chosen === undefined) return pause(10);
  const { orderId } = chosen;
  if (ledger.plans.get(orderId) === "cancelledByBar")
    return act(ledger, barista, orderId, "cancel", "CANCELLED", { reason: "out of milk" });
  await act(ledger, barista, orderId, "make", "MAKING");
  if (random() < 0.3) {
    await act(ledger, barista, orderId, "unmake", "SUBMITTED");
    await act(ledger, barista, orderId, "make", "MAKING");
  }
  await act(ledger, barista, orderId, "complete", "COMPLETED");
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
