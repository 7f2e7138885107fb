/**
 * Time in the browser. Nothing else in the apps reads the device's clock or sets a timer.
 *
 * C1. What is shown as an age or a countdown is measured on the server's clock, which may run faster than ours, at the moment it is drawn:
 *     news comes between two ticks, and a countdown that began at the last one would begin a second too high.
 * C2. What ends at an instant of the server's is waited for on the server's clock: looked at again now and then, for the estimate may be
 *     corrected and the device may sleep. Waits of the program itself (retries, undo, jitter) run on the device's clock.
 */
import { signal } from "@preact/signals";

/** The device's time, in ms since the epoch, and its timers. */
export interface Clock {
  nowMs(): number;
  /** Calls `fn` once after `ms`; returns its cancellation. */
  after(ms: number, fn: () => void): () => void;
}

/** The browser's own clock. */
export const deviceClock: Clock = {
  nowMs: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms` of the device's time. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** An estimate of the server's clock, corrected by every reading. */
export interface ServerClock {
  nowMs(): number;
  /** Server milliseconds that pass in one of this device's. */
  rate(): number;
  /** Calls `fn` once at or after `atMs`, never before (C2); returns its cancellation. */
  at(atMs: number, fn: () => void): () => void;
  /** Takes a reading: the server's time and how fast it runs, asked at `askedMs` and answered now. */
  read(serverNowMs: number, rate: number, askedMs: number): void;
}

/** An end is looked at as often. */
const LOOK_MS = 15_000;

/** Starts out equal to the device's clock until the first reading. */
export function createServerClock(clock: Clock): ServerClock {
  let anchor = { serverMs: 0, deviceMs: 0, rate: 1 };
  const nowMs = (): number => anchor.serverMs + (clock.nowMs() - anchor.deviceMs) * anchor.rate;
  return {
    nowMs,
    rate: () => anchor.rate,
    at(atMs, fn) {
      let cancel = clock.after(0, look);
      function look(): void {
        const leftMs = Math.ceil((atMs - nowMs()) / anchor.rate);
        if (leftMs > 0) cancel = clock.after(Math.min(leftMs, LOOK_MS), look);
        else fn();
      }
      return () => cancel();
    },
    read(serverNowMs, rate, askedMs) {
      const answeredMs = clock.nowMs();
      // The server read its clock somewhere between question and answer; the middle errs least.
      anchor = { serverMs: serverNowMs, deviceMs: askedMs + (answeredMs - askedMs) / 2, rate: rate > 0 ? rate : 1 };
    },
  };
}

/** The server's time for those who show it (C1). Reading it in a view makes the view tick. */
export interface Now {
  readonly value: number;
}

/** Ticks each second, or four times as often where the server's clock runs faster. */
export function createNow(clock: Clock, serverClock: ServerClock): Now {
  const ticks = signal(0);
  const tick = (): void => {
    ticks.value++;
    clock.after(serverClock.rate() > 1 ? 250 : 1000, tick);
  };
  tick();
  return {
    get value() {
      void ticks.value;
      return serverClock.nowMs();
    },
  };
}
