/**
 * The live link of an app: MQTT for news, HTTP for the state it starts from.
 *
 * L1. On every (re)connect: subscribe, then read the snapshot; messages are taken from the first moment on.
 * L2. A snapshot that fails is tried again while the link stands. Data counts as fresh once one has been read on this link.
 * L3. A page that wakes up, or a device that finds its network again, does not wait for the jitter of a crowd. A page that was frozen and a
 *     device that slept may report nothing: a jump of the clock shows it. A clock that was set shows so too; the new snapshot brings the server's time.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type Clock, sleep } from "./clock.ts";
import { createMqttClient, type MqttClient, type Socket, type Subscription } from "./mqtt/index.ts";
import { type Message, parseMessage } from "./orders.ts";

/** Whether what the page shows is the true state. */
export interface LiveState {
  readonly fresh: boolean;
  /** When a snapshot or message last came, on the device's clock; 0 if never. */
  readonly heardMs: number;
}

/** The live link: a snapshot over HTTP, then messages over MQTT (L1 to L3). */
export interface Live {
  readonly state: ReadonlySignal<LiveState>;
  /** Connects, or again with other credentials. */
  reconnect(): void;
  /** Connects again, where the link has not been closed. */
  renew(): void;
  close(): void;
}

/** How the link is opened, and what takes the snapshot and the messages. */
export interface LiveOptions {
  readonly openSocket: () => Socket;
  readonly clientId: string;
  readonly subscription: () => Promise<Subscription>;
  readonly snapshot: () => Promise<void>;
  readonly onMessage: (message: Message) => void;
  /** The server refused what `subscription` gave; it is asked again. */
  readonly onRefused: () => void;
  readonly clock: Clock;
  readonly random: () => number;
}

const RETRY_SNAPSHOT_MS = 3_000;
/** A wake-up within this time of the last one is not another; the clock is looked at as often. */
const WAKE_MS = 2_000;
/** No busy page is so late for its look at the clock. */
const JUMP_MS = 10_000;

/** Returns a link, closed until `reconnect`; from then on it opens again after each break. */
export function createLive(options: LiveOptions): Live {
  const { clock } = options;
  const state = signal<LiveState>({ fresh: false, heardMs: 0 });
  let link = 0; // counts links; a snapshot of an older link is dropped
  let online = false;
  let mqtt: MqttClient | undefined;

  async function synchronize(): Promise<void> {
    const mine = ++link;
    while (mine === link && online) {
      try {
        await options.snapshot();
        if (mine === link && online) state.value = { fresh: true, heardMs: clock.nowMs() };
        return;
      } catch {
        await sleep(clock, RETRY_SNAPSHOT_MS * (0.5 + options.random()));
      }
    }
  }

  function onOffline(): void {
    online = false;
    link++;
    // Peeked: apps close the link in effects, which are not to follow what they set.
    if (state.peek().fresh) state.value = { ...state.peek(), fresh: false };
  }

  const start = (): MqttClient =>
    createMqttClient({
      ...options,
      onMessage(_topic, payload) {
        const message = parseMessage(payload);
        if (!message) return;
        if (state.value.fresh) state.value = { fresh: true, heardMs: clock.nowMs() };
        options.onMessage(message);
      },
      onOnline() {
        online = true;
        void synchronize();
      },
      onOffline,
    });

  return {
    state,
    reconnect() {
      if (mqtt) mqtt.reconnect();
      else mqtt = start();
    },
    renew: () => mqtt?.reconnect(),
    close() {
      onOffline();
      state.value = { fresh: false, heardMs: 0 }; // what was shown is gone with its user
      mqtt?.close();
      mqtt = undefined;
    },
  };
}

/** Calls `fn` when the page becomes visible, the device finds a network, or the clock has jumped (L3), not more than once in 2 s. */
export function onWake(clock: Clock, fn: () => void): void {
  let lastMs = Number.NEGATIVE_INFINITY;
  /** How far the clock is from then, on either side: it may have been set back. */
  const awayMs = (thenMs: number): number => Math.abs(clock.nowMs() - thenMs);
  const wake = (): void => {
    if (document.hidden || awayMs(lastMs) < WAKE_MS) return;
    lastMs = clock.nowMs();
    fn();
  };
  const look = (thenMs: number): void => {
    if (awayMs(thenMs) > JUMP_MS) wake();
    const nowMs = clock.nowMs();
    clock.after(WAKE_MS, () => look(nowMs));
  };
  look(clock.nowMs());
  addEventListener("online", wake);
  addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("visibilitychange", wake);
}
