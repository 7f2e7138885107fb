/**
 * A subscriber for MQTT 3.1.1 over WebSocket that stays connected.
 *
 * M1. Every connection starts with a clean session; `onOnline` follows the server's grant of all subscriptions, and the caller then
 *     reads a snapshot. Nothing is assumed about what was missed.
 * M2. A QoS 1 message is acknowledged after the caller has taken it.
 * M3. Silence is death: no byte within 10 s of a ping and the connection is closed and made anew.
 * M4. Credentials and topics are asked for at each connection, so a new token or user takes effect by `reconnect()`.
 * M5. A server that refuses the token, a topic, or an open link is no broken network: the caller is called back, so that it renews the token
 *     or goes on without one. MQTT lets a server refuse by hanging up without an answer, too. The first refusal is followed by a new attempt at once, others wait like any failure.
 */
import type { Clock } from "../clock.ts";
import { reconnectDelayMs } from "./backoff.ts";
import { connect, createDecoder, disconnect, pingreq, puback, type ServerPacket, subscribe } from "./packets.ts";

const KEEP_ALIVE_SECONDS = 30;
const PING_EVERY_MS = 15_000;
const ANSWER_WITHIN_MS = 10_000;
/** CONNACK: the token is not good, or not authorized. SUBACK: the topic is not granted. */
const REFUSED_TOKEN = new Set([4, 5]);
const REFUSED_TOPIC = 0x80;
/** With this code our broker closes a link whose token ended or is good no more. */
const CLOSED_UNAUTHORIZED = 4401;
/** The server stops, or has been sent too much: no word about the token. */
const CLOSED_OTHERWISE = new Set([1001, 1008]);

/** The part of WebSocket in use. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** What one connection asks of the server. */
export interface Subscription {
  readonly filters: readonly string[];
  readonly login?: { readonly username: string; readonly password: string };
}

/** How the client connects, and what receives its messages. */
export interface MqttOptions {
  readonly openSocket: () => Socket;
  readonly clientId: string;
  /** Asked before each connection (M4). Rejection counts as a failed attempt. */
  readonly subscription: () => Promise<Subscription>;
  readonly onMessage: (topic: string, payload: string) => void;
  readonly onOnline: () => void;
  readonly onOffline: () => void;
  /** What the last connection asked with was refused (M5); called before it is asked for again. */
  readonly onRefused: () => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A client that keeps one connection open until it is closed. */
export interface MqttClient {
  /** Connects now, or again with fresh credentials. */
  reconnect(): void;
  close(): void;
}

/** Connects at once and keeps at it until closed. */
export function createMqttClient(options: MqttOptions): MqttClient {
  const { clock } = options;
  let failures = 0;
  let isRefused = false; // since the last grant
  let attempt = 0; // callbacks of an older attempt are ignored
  let end = (): void => {};

  function retry(): void {
    attempt++;
    end();
    options.onOffline();
    end = clock.after(reconnectDelayMs(failures++, options.random()), start);
  }

  function start(): void {
    const mine = ++attempt;
    options.subscription().then(
      (subscription) => mine === attempt && open(mine, subscription),
      () => mine === attempt && retry(),
    );
  }

  function open(mine: number, { filters, login }: Subscription): void {
    const socket = options.openSocket();
    let isUnanswered = false;
    const decode = createDecoder();
    let cancelWait = clock.after(ANSWER_WITHIN_MS, () => mine === attempt && retry());
    end = () => {
      cancelWait();
      socket.close();
    };
    const wait = (ms: number, fn: () => void): void => {
      cancelWait();
      cancelWait = clock.after(ms, () => mine === attempt && fn());
    };
    const ping = (): void => {
      socket.send(pingreq());
      wait(ANSWER_WITHIN_MS, retry);
    };
    const online = (): void => {
      failures = 0;
      isRefused = false;
      isUnanswered = false;
      options.onOnline();
    };
    const receive = (packet: ServerPacket): void => {
      if (packet.type === "connack") {
        if (REFUSED_TOKEN.has(packet.returnCode)) refused();
        else if (packet.returnCode !== 0) retry();
        else socket.send(subscribe(1, filters));
      } else if (packet.type === "suback") {
        if (packet.granted.includes(REFUSED_TOPIC)) refused();
        else online();
      } else if (packet.type === "publish") {
        options.onMessage(packet.topic, new TextDecoder().decode(packet.payload));
        if (packet.qos > 0) socket.send(puback(packet.packetId));
      }
    };
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if (mine !== attempt) return;
      isUnanswered = true;
      socket.send(connect(options.clientId, KEEP_ALIVE_SECONDS, login));
    };
    socket.onclose = ({ code }) => {
      if (mine !== attempt) return;
      if (code === CLOSED_UNAUTHORIZED || (isUnanswered && !CLOSED_OTHERWISE.has(code))) refused();
      else retry();
    };
    socket.onmessage = ({ data }) => {
      if (mine !== attempt) return;
      wait(PING_EVERY_MS, ping);
      try {
        for (const packet of decode(new Uint8Array(data))) if (mine === attempt) receive(packet);
      } catch {
        retry();
      }
    };
    const stop = end;
    end = () => {
      try {
        socket.send(disconnect());
      } catch {
        // not open yet: nothing to say farewell to
      }
      stop();
    };
  }

  function refused(): void {
    const again = isRefused;
    isRefused = true;
    options.onRefused();
    retry();
    if (!again) reconnect();
  }

  function reconnect(): void {
    end();
    end = () => {};
    start();
  }

  reconnect();
  return {
    reconnect,
    close() {
      attempt++;
      end();
    },
  };
}
