import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Aedes } from "aedes";
import { afterEach, expect, test, vi } from "vitest";
import { createWebSocketStream, WebSocket, WebSocketServer } from "ws";
import { deviceClock } from "../clock.ts";
import { createManualClock } from "../manual-clock.ts";
import { reconnectDelayMs } from "./backoff.ts";
import { createMqttClient, type MqttOptions, type Socket } from "./client.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startBroker(): Promise<{ broker: Aedes; server: Server; url: string; cut: (code?: number) => void; logins: string[] }> {
  const logins: string[] = [];
  const broker = await Aedes.createBroker({
    authenticate(client, username, password, done) {
      logins.push(`${username}:${password}`);
      if (String(password) === "old") done(Object.assign(new Error("the access token is not good"), { returnCode: 4 }), false);
      else if (String(password) === "ignored") client.close();
      else done(null, true);
    },
    authorizeSubscribe: (_client, subscription, done) => done(null, subscription.topic === "secret" ? null : subscription),
  });
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => void broker.handle(createWebSocketStream(socket), request));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise<void>((resolve) => broker.close(() => server.close(() => resolve()))));
  const cut = (code?: number): void => {
    for (const socket of sockets.clients) {
      if (code) socket.close(code);
      else socket.terminate();
    }
  };
  return { broker, server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, logins };
}

function open(options: Partial<MqttOptions>): {
  messages: string[];
  onOnline: ReturnType<typeof vi.fn>;
  onOffline: ReturnType<typeof vi.fn>;
  onRefused: ReturnType<typeof vi.fn<() => void>>;
} {
  const messages: string[] = [];
  const onOnline = vi.fn();
  const onOffline = vi.fn();
  const onRefused = vi.fn<() => void>();
  const client = createMqttClient({
    openSocket: () => {
      throw new Error("no server");
    },
    clientId: "test",
    subscription: async () => ({ filters: ["news"] }),
    onMessage: (topic, payload) => messages.push(`${topic} ${payload}`),
    onOnline,
    onOffline,
    onRefused,
    clock: deviceClock,
    random: () => 0,
    ...options,
  });
  cleanups.push(() => client.close());
  return { messages, onOnline, onOffline, onRefused };
}

const socketTo = (url: string) => (): Socket => new WebSocket(url, "mqtt") as unknown as Socket;

function publish(broker: Aedes, topic: string, payload: string): Promise<void> {
  const packet = { cmd: "publish", topic, payload, qos: 1, retain: false, dup: false } as const;
  return new Promise((resolve, reject) => broker.publish(packet, (error) => (error ? reject(error) : resolve())));
}

test("M1, M4. subscribes with its credentials and hears each message once", async () => {
  const { broker, url, logins } = await startBroker();
  const login = { username: "token", password: "secret" };
  const { messages, onOnline } = open({ openSocket: socketTo(url), subscription: async () => ({ filters: ["news", "more"], login }) });
  await expect.poll(() => onOnline).toHaveBeenCalledOnce();
  expect(logins).toEqual(["token:secret"]);
  const large = "ü".repeat(60_000);
  await publish(broker, "news", "one");
  await publish(broker, "more", large);
  await expect.poll(() => messages).toEqual(["news one", `more ${large}`]);
});

test("M1. comes back by itself when the link is cut", async () => {
  const { broker, url, cut } = await startBroker();
  const { messages, onOnline, onOffline } = open({ openSocket: socketTo(url) });
  await expect.poll(() => onOnline).toHaveBeenCalledTimes(1);
  cut();
  await expect.poll(() => onOnline).toHaveBeenCalledTimes(2);
  expect(onOffline).toHaveBeenCalledTimes(1);
  await publish(broker, "news", "again");
  await expect.poll(() => messages).toEqual(["news again"]);
});

test.each([
  { what: "a token", filters: ["news"], password: "old" },
  { what: "a token that is answered by hanging up", filters: ["news"], password: "ignored" },
  { what: "a topic", filters: ["news", "secret"], password: "new" },
])("M5. refused: $what. It is told, and a new one tried at once, without the jitter of a crowd", async ({ filters, password }) => {
  const { url, logins } = await startBroker();
  let asked = { filters, login: { username: "token", password } };
  const onRefused = vi.fn(() => void (asked = { filters: ["news"], login: { username: "token", password: "renewed" } }));
  const { onOnline } = open({
    openSocket: socketTo(url),
    subscription: async () => asked,
    onRefused,
    clock: createManualClock(0),
    random: () => 0.9,
  });
  await expect.poll(() => onOnline).toHaveBeenCalledOnce();
  expect(onRefused).toHaveBeenCalledOnce();
  expect(logins).toEqual([`token:${password}`, "token:renewed"]);
});

test("M5. what is refused again waits like any failure", async () => {
  const { url, logins } = await startBroker();
  const clock = createManualClock(0);
  const login = { username: "token", password: "old" };
  const subscription = async () => ({ filters: ["news"], login });
  const { onRefused, onOnline } = open({ openSocket: socketTo(url), subscription, clock, random: () => 0.9 });
  await expect.poll(() => onRefused).toHaveBeenCalledTimes(2);
  expect(logins).toHaveLength(2);
  clock.advance(16_000);
  await expect.poll(() => onRefused).toHaveBeenCalledTimes(3);
  expect(onOnline).not.toHaveBeenCalled();
});

test("M5. a link that the server ends for its token is made anew at once; one that ends otherwise is not refused", async () => {
  const { url, cut } = await startBroker();
  const clock = createManualClock(0);
  const { onOnline, onOffline, onRefused } = open({ openSocket: socketTo(url), clock, random: () => 0.9 });
  await expect.poll(() => onOnline).toHaveBeenCalledTimes(1);
  cut(4401);
  await expect.poll(() => onOnline).toHaveBeenCalledTimes(2);
  expect(onRefused).toHaveBeenCalledTimes(1);
  cut(1008);
  await expect.poll(() => onOffline).toHaveBeenCalledTimes(2);
  expect(onRefused).toHaveBeenCalledTimes(1);
});

test("a failed attempt is made again, also when no token is to be had", async () => {
  const { url } = await startBroker();
  const subscription = vi.fn(async () => ({ filters: ["news"] }));
  subscription.mockRejectedValueOnce(new Error("no token"));
  const { onOnline } = open({ openSocket: socketTo(url), subscription });
  await expect.poll(() => onOnline).toHaveBeenCalledOnce();
});

test("M3. silence after a ping closes the link", async () => {
  const clock = createManualClock(0);
  const sockets: (Socket & { sent: number[]; closed: boolean })[] = [];
  const openSocket = (): Socket => {
    const socket = {
      binaryType: "",
      onopen: null,
      onmessage: null,
      onclose: null,
      sent: [] as number[],
      closed: false,
    } as unknown as (typeof sockets)[0];
    socket.send = (data) => socket.sent.push(data[0] as number);
    socket.close = () => void (socket.closed = true);
    sockets.push(socket);
    return socket;
  };
  const { onOnline } = open({ openSocket, clock });
  await expect.poll(() => sockets).toHaveLength(1);
  const [socket] = sockets;
  socket?.onopen?.();
  socket?.onmessage?.({ data: Uint8Array.of(0x20, 2, 0, 0).buffer });
  socket?.onmessage?.({ data: Uint8Array.of(0x90, 3, 0, 1, 1).buffer });
  expect(onOnline).toHaveBeenCalledOnce();
  clock.advance(15_000);
  expect(socket?.sent).toEqual([0x10, 0x82, 0xc0]);
  socket?.onmessage?.({ data: Uint8Array.of(0xd0, 0).buffer });
  clock.advance(15_000);
  expect(socket?.closed).toBe(false);
  clock.advance(10_000);
  expect(socket?.closed).toBe(true);
  await expect
    .poll(() => {
      clock.advance(1);
      return sockets;
    })
    .toHaveLength(2);
});

test("the wait is fully jittered, 0 to 8 s at first, doubling to 60 s", () => {
  const bounds = [0, 1, 2, 3, 9].map((failures) => reconnectDelayMs(failures, 0.999_999));
  expect(bounds).toEqual([7_999, 15_999, 31_999, 59_999, 59_999]);
  expect(reconnectDelayMs(5, 0)).toBe(0);
});
