/**
 * Pairing: the screen shows a short code, the operator confirms it, and the screen is given tokens.
 *
 * I1. A code that has ended is replaced by a new one. A network that fails changes nothing but the time it takes.
 * I2. No code is shown past its end, also where no new one can be had yet.
 * I3. Where the bar asks for patience, it is asked again no sooner than it says.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Clock, type ServerClock, sleep } from "../../ui/src/clock.ts";
import type { Http } from "../../ui/src/http.ts";
import { Problem } from "../../ui/src/problem.ts";
import { record, text } from "../../ui/src/shop.ts";
import { parseTokens, type Tokens } from "../../ui/src/user-pool.ts";

/** Pairs this screen: shows a code until an operator confirms it, then hands over tokens. */
export interface Pairing {
  /** To be confirmed by the operator; empty until there is one. */
  readonly code: ReadonlySignal<string>;
  start(): void;
  stop(): void;
}

/** How the pairing calls the bar. `onTokens` takes over the session. */
export interface PairingOptions {
  readonly http: Http;
  readonly backend: () => string;
  readonly deviceName: () => string;
  readonly onTokens: (tokens: Tokens) => Promise<void>;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
}

const POLL_MS = 2_000;
const RETRY_MS = 5_000;

/** Returns a pairing that has not started. A code that ends is replaced by a new one. */
export function createPairing({ http, backend, deviceName, onTokens, clock, serverClock }: PairingOptions): Pairing {
  const code = signal("");
  let running = 0;
  let cancelEnd = (): void => {};

  async function run(mine: number): Promise<void> {
    while (mine === running) {
      try {
        const started = record((await http(`${backend()}/pairings`, { method: "POST", body: { deviceName: deviceName() } })).body);
        if (mine === running) show(text(started.code), Number(started.expiresMs));
        if (await poll(mine, text(started.deviceSecret))) break;
        if (mine === running) hide();
      } catch (error) {
        await sleep(clock, Math.max(RETRY_MS, patienceMs(error)));
      }
    }
  }

  /** I2. */
  function show(shown: string, expiresMs: number): void {
    hide();
    code.value = shown;
    cancelEnd = serverClock.at(expiresMs, hide);
  }

  function hide(): void {
    cancelEnd();
    code.value = "";
  }

  /** Waits for the confirmation; false once the code has ended. */
  async function poll(mine: number, secret: string): Promise<boolean> {
    let waitMs = POLL_MS;
    while (mine === running) {
      await sleep(clock, waitMs);
      waitMs = POLL_MS;
      try {
        const { status, body } = await http(`${backend()}/pairings/current`, { headers: { authorization: `Bearer ${secret}` } });
        if (status !== 200 || mine !== running) continue;
        await onTokens(parseTokens(body));
        return true;
      } catch (error) {
        if (error instanceof Problem && error.status < 500 && error.status !== 429) return false;
        waitMs = Math.max(POLL_MS, patienceMs(error));
      }
    }
    return true;
  }

  return {
    code,
    start() {
      hide();
      void run(++running);
    },
    stop() {
      running++;
      hide();
    },
  };
}

/** I3. */
const patienceMs = (error: unknown): number => (error instanceof Problem ? error.retryAfterMs : 0);
