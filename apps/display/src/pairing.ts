/**
 * Pairing: the screen shows a short code, the operator confirms it, and the screen is given tokens.
 *
 * I1. A code that has ended is replaced by a new one. A network that fails changes nothing but the time it takes.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Clock, sleep } from "../../ui/src/clock.ts";
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
}

const POLL_MS = 2_000;
const RETRY_MS = 5_000;

/** Returns a pairing that has not started. A code that ends is replaced by a new one. */
export function createPairing({ http, backend, deviceName, onTokens, clock }: PairingOptions): Pairing {
  const code = signal("");
  let running = 0;

  async function run(mine: number): Promise<void> {
    while (mine === running) {
      try {
        const started = record((await http(`${backend()}/pairings`, { method: "POST", body: { deviceName: deviceName() } })).body);
        if (mine === running) code.value = text(started.code);
        if (await poll(mine, text(started.deviceSecret))) break;
      } catch {
        await sleep(clock, RETRY_MS);
      }
    }
  }

  /** Waits for the confirmation; false once the code has ended. */
  async function poll(mine: number, secret: string): Promise<boolean> {
    while (mine === running) {
      await sleep(clock, POLL_MS);
      try {
        const { status, body } = await http(`${backend()}/pairings/current`, { headers: { authorization: `Bearer ${secret}` } });
        if (status !== 200 || mine !== running) continue;
        await onTokens(parseTokens(body));
        return true;
      } catch (error) {
        if (error instanceof Problem && error.status < 500 && error.status !== 429) return false;
      }
    }
    return true;
  }

  return {
    code,
    start() {
      void run(++running);
    },
    stop() {
      running++;
      code.value = "";
    },
  };
}
