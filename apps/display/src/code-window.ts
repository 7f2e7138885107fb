/**
 * The QR code's window: the code, until when it is good, and how many drinks are left.
 *
 * W1. A new code is asked for when a window ends, and until one has come; also when the shop's figures change, for windows may be others now.
 *     Where the codes of a window change, also when each has had its time. An answer that was under way when they changed may be of before
 *     and is followed by another question.
 * W2. A drink spent counts down at once, by its event; what the event does not tell is asked for.
 * W3. A code that should have given way is shown for half a minute more, while the next is asked for; then none. The server takes a code
 *     for 2 minutes after its time, so a guest who scans one that is shown has a minute and a half left to sign in.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock, ServerClock } from "../../ui/src/clock.ts";
import { isEvent, type Message } from "../../ui/src/orders.ts";
import { record, text } from "../../ui/src/shop.ts";

/** The QR code of a window and the drinks left in it. Times are the server's, in ms. */
export interface CodeWindow {
  readonly code: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly remaining: number;
  /** When another code follows in this window; undefined where its code stays. */
  readonly codeEndMs: number | undefined;
}

/** The window that is shown. `read` asks the server, `take` reads a live message. */
export interface CodeWindows {
  readonly current: ReadonlySignal<CodeWindow | undefined>;
  read(): Promise<void>;
  take(message: Message): void;
  stop(): void;
}

const RETRY_MS = 2_000;
/** How long a code is shown that should have given way (W3). */
const OVERTIME_MS = 30_000;
/** A code is asked for this long after its window began, so that two clocks a little apart agree. */
const AFTER_END_MS = 250;

/** Events after which drinks may have been given back, or windows be others. */
const changes = /OrderTimeOut|ShopUnavailable|OrderCancelled|ConfigChanged/;

/** Whether the window's code may be shown (W3). */
export function mayShow({ endMs, codeEndMs = Number.POSITIVE_INFINITY }: CodeWindow, nowMs: number): boolean {
  return nowMs < Math.min(endMs, codeEndMs + OVERTIME_MS);
}

/** @param fetchWindow asks the API for the current window. */
export function createCodeWindows(fetchWindow: () => Promise<unknown>, clock: Clock, serverClock: ServerClock): CodeWindows {
  const current = signal<CodeWindow | undefined>(undefined);
  let cancel = (): void => {};
  let asked = 0;
  let stops = 0;
  let isChanged = false; // since the last question; another is waiting

  async function read(): Promise<void> {
    const mine = ++asked;
    isChanged = false;
    const window = parseWindow(await fetchWindow());
    if (mine !== asked) return;
    current.value = window;
    if (isChanged) return;
    cancel();
    cancel = serverClock.at(Math.min(window.endMs, window.codeEndMs ?? window.endMs), () => again(AFTER_END_MS));
  }

  /** W1. */
  function again(ms: number): void {
    cancel();
    const before = stops;
    cancel = clock.after(
      Math.max(AFTER_END_MS, ms),
      () =>
        void read().catch(() => {
          if (before === stops) again(RETRY_MS); // the answer may be that the sign-in is over
        }),
    );
  }

  function renew(): void {
    if (isChanged) return;
    isChanged = true;
    again(0);
  }

  return {
    current,
    read,
    take(message) {
      if (changes.test(message.type)) renew();
      if (!isEvent(message, "Validator.NewOrder")) return;
      const bucket = record(message.detail.bucket);
      const window = current.peek();
      const left = Number(bucket.remaining ?? Number.NaN);
      if (window && bucket.startMs === window.startMs && left >= 0) {
        current.value = { ...window, remaining: Math.min(window.remaining, left) }; // events may come out of order
      } else renew();
    },
    stop() {
      asked++;
      stops++;
      cancel();
    },
  };
}

function parseWindow(value: unknown): CodeWindow {
  const { code, startMs, endMs, remaining, codeEndMs } = record(value);
  return {
    code: text(code),
    startMs: Number(startMs),
    endMs: Number(endMs),
    remaining: Number(remaining ?? 0),
    codeEndMs: codeEndMs === undefined ? undefined : Number(codeEndMs),
  };
}
