import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createManualClock, createSystemClock } from "@serverlesspresso/clock";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Broker, type ClientIdentity, createBroker } from "./index.ts";
import { createPacketMeter } from "./packet-meter.ts";

const clock = createManualClock();
const admin: ClientIdentity = { sub: "a", groups: ["admin"], expMs: clock.nowMs() + 3_600_000 };
const guest: ClientIdentity = { sub: "g", groups: [], expMs: clock.nowMs() + 3_600_000 };
let identities: Record<string, ClientIdentity>;
let server: Server;
let broker: Broker;
let url: string;
let clients: MqttClient[];

beforeEach(async () => {
  identities = { admin, guest, other: { ...guest, sub: "o" } };
  clients = [];
  broker = await createBroker({
    clock,
    verify: async (token) => {
      const identity = identities[token];
      if (identity === undefined) throw new Error("bad token");
      return identity;
    },
    maySubscribe: (identity, topic) =>
      topic === "config" ||
      (topic === "admin" ? identity?.groups.includes("admin") === true : identity !== undefined && topic === `user-${identity.sub}`),
    onError: () => {},
  });
  server = createServer().on("upgrade", (request, socket, head) =>
    broker.handleUpgrade(request, socket, head, { address: "127.0.0.1", host: request.headers.host }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`;
});
afterEach(async () => {
  for (const client of clients) client.end(true);
  await broker.close();
  server.close();
});

async function connect(token: string | undefined, options: IClientOptions = {}): Promise<MqttClient> {
  const credentials = token === undefined ? {} : { username: "token", password: token };
  const client = mqtt.connect(url, { reconnectPeriod: 0, ...credentials, ...options });
  clients.push(client);
  await new Promise<void>((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", reject);
    client.once("close", () => reject(new Error("closed")));
  });
  return client;
}
const granted = async (client: MqttClient, topic: string | string[]): Promise<number[]> => {
  let answer: number[] = [];
  client.on("packetreceive", (packet) => {
    if (packet.cmd === "suback") answer = packet.granted as number[];
  });
  // A topic no server would see is refused by mqtt.js itself, and then nothing answers.
  await client.subscribeAsync(topic, { qos: 1 }).catch(() => {});
  return answer;
};
const closed = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once("close", () => resolve()));

/** A client of its own making: CONNECT without keep-alive and without a token. */
async function connectRaw(): Promise<{ socket: WebSocket; tcp: Socket }> {
  const socket = new WebSocket(url, "mqtt");
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(Buffer.from([0x10, 13, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 0, 0, 1, 0x72]));
  await new Promise((resolve) => socket.once("message", resolve));
  return { socket, tcp: (socket as unknown as { _socket: Socket })._socket };
}

test("M7: a message reaches its subscribers with QoS 1, and nobody else", async () => {
  const [mine, other] = await Promise.all([connect("guest"), connect("other")]);
  expect(await granted(mine, ["user-g", "config"])).toEqual([1, 1]);
  expect(await granted(other, "config")).toEqual([1]);
  const got: unknown[][] = [];
  for (const client of [mine, other])
    client.on("message", (topic, payload, { qos, retain }) => got.push([topic, `${payload}`, qos, retain]));
  await broker.publish("user-g", { id: 1, text: "é" });
  await broker.publish("config", {});
  await expect.poll(() => got.length).toBe(3);
  expect(got.filter(([topic]) => topic === "user-g")).toEqual([["user-g", '{"id":1,"text":"é"}', 1, false]]);
});

test.each([
  { who: undefined, yes: ["config"], no: ["admin", "user-g", "user-undefined", "#"] },
  { who: "guest", yes: ["config", "user-g"], no: ["admin", "user-o", "user-+", "+", "#", "$SYS/#", "$share/x/admin", "+/#"] },
  { who: "admin", yes: ["config", "admin", "user-a"], no: ["user-g", "#", "$SYS/broker/clients"] },
])("M2: topics of $who", async ({ who, yes, no }) => {
  for (const topic of yes) expect(await granted(await connect(who), topic)).toEqual([1]);
  for (const topic of no) expect(await granted(await connect(who), topic), topic).not.toEqual([1]);
  // The second filter of one SUBSCRIBE is asked about too.
  const [allowed, forbidden] = [yes[0] as string, no[0] as string];
  expect(await granted(await connect(who), [allowed, forbidden])).toEqual([1, 128]);
});

test("M3: who publishes is cut off and heard by nobody; a will is refused", async () => {
  const listener = await connect("admin");
  await granted(listener, "config");
  let heard = 0;
  listener.on("message", () => heard++);
  for (const qos of [0, 1, 2] as const) {
    const client = await connect("admin");
    const gone = closed(client);
    client.publish("config", "x", { qos, retain: true });
    await gone;
  }
  await expect(connect("admin", { will: { topic: "config", payload: Buffer.from("x"), qos: 1, retain: true } })).rejects.toThrow();
  await granted(await connect("admin"), "config");
  expect(heard).toBe(0);
});

test("M1: a bad token is refused, with the code for a bad password", async () => {
  await expect(connect("nonsense")).rejects.toMatchObject({ code: 4 });
});

test("M4: the same client id cuts off the same user's older link, and no other user's", async () => {
  const first = await connect("guest", { clientId: "phone" });
  const other = await connect("other", { clientId: "phone" });
  const anonymous = await connect(undefined, { clientId: "phone" });
  const cut = closed(first);
  await connect("guest", { clientId: "phone" });
  await cut;
  await connect(undefined, { clientId: "phone" });
  expect([other.connected, anonymous.connected]).toEqual([true, true]);
});

test("RELIABILITY 31 (M5): a link ends with its token, and within 60 s of a sign-out or of the loss of a group", async () => {
  // A sweep has just been: the worst moment to sign in.
  await clock.advance(1);
  identities.short = { ...guest, sub: "s", expMs: clock.nowMs() + 20_000 };
  identities.revoked = { ...guest, sub: "r" };
  identities.demoted = { ...admin, sub: "d" };
  const codes: number[] = [];
  const createWebsocket: IClientOptions["createWebsocket"] = (to, protocols) => {
    const socket = new WebSocket(to, protocols);
    socket.once("close", (code) => codes.push(code));
    return socket;
  };
  const open = (token: string): Promise<MqttClient> => connect(token, { createWebsocket });
  const [short, revoked, demoted] = [await open("short"), await open("revoked"), await open("demoted")];
  await granted(demoted, "admin");
  const ends = Promise.all([closed(short), closed(revoked), closed(demoted)]);
  delete identities.revoked;
  identities.demoted = { ...guest, sub: "d" };
  for (let i = 0; i < 12; i++) {
    await clock.advance(5000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ends;
  // By this code the apps ask their session, and do not wait as for a network.
  await expect.poll(() => codes).toEqual([4401, 4401, 4401]);
});

test("a link that died is ended after one and a half keep-alives, whatever keep-alive it asked for", async () => {
  const upgraded = new Promise<Duplex>((resolve) => server.once("upgrade", (_request, link) => resolve(link)));
  const { socket, tcp } = await connectRaw();
  const link = (await upgraded) as Socket;
  expect(broker.connectionCount()).toBe(1);
  const before = link.bytesRead;
  await clock.advance(20_000);
  await expect.poll(() => link.bytesRead).toBeGreaterThan(before);
  // It answered the ping, so it lives on beyond 45 s.
  await clock.advance(27_000);
  expect(broker.connectionCount()).toBe(1);
  tcp.pause();
  await clock.advance(51_000);
  await expect.poll(() => broker.connectionCount()).toBe(0);
  socket.terminate();
});

test("limits: subscriptions, length of a packet, CONNECT never sent", async () => {
  const filters = Array.from({ length: 20 }, (_, i) => `t${i}`);
  const many = await createBroker({ clock, verify: async () => guest, maySubscribe: () => true, onError: () => {} });
  const old = broker;
  broker = many;
  const client = await connect("guest");
  expect((await granted(client, filters)).filter((qos) => qos === 128)).toHaveLength(4);
  await many.close();
  broker = old;

  const silent = new WebSocket(url, "mqtt");
  const ended = new Promise((resolve) => silent.once("close", resolve));
  await new Promise((resolve) => silent.once("open", resolve));
  await expect.poll(() => broker.connectionCount()).toBe(1);
  await clock.advance(10_000);
  await ended;

  const liar = new WebSocket(url, "mqtt");
  await new Promise((resolve) => liar.once("open", resolve));
  liar.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
  expect(await new Promise((resolve) => liar.once("close", (code, reason) => resolve([code, `${reason}`])))).toEqual([
    1008,
    "a packet is longer than 4096 bytes",
  ]);
});

test("M6: a client that reads nothing is cut off, and the others are served", async () => {
  const [stalled, fine] = await Promise.all([connectRaw(), connect("other")]);
  stalled.socket.send(Buffer.from([0x82, 11, 0, 1, 0, 6, ...Buffer.from("config"), 1]));
  await Promise.all([new Promise((resolve) => stalled.socket.once("message", resolve)), granted(fine, "config")]);
  stalled.tcp.pause();
  let heard = 0;
  fine.on("message", () => heard++);
  const payload = "x".repeat(20_000);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 1500; i++) {
    await broker.publish("config", payload);
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => heard).toBe(1500);
  await expect.poll(() => broker.connectionCount()).toBe(1);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test.each([
  { name: "a foreign origin", headers: { origin: "https://evil.example" }, protocol: "mqtt", status: 403 },
  { name: "a null origin", headers: { origin: "null" }, protocol: "mqtt", status: 403 },
  { name: "no subprotocol", headers: {}, protocol: undefined, status: 400 },
])("upgrade with $name is refused", async ({ headers, protocol, status }) => {
  const socket = new WebSocket(url, protocol ?? [], { headers });
  expect(await new Promise((resolve) => socket.on("unexpected-response", (_request, response) => resolve(response.statusCode)))).toBe(
    status,
  );
  socket.on("error", () => {});
  socket.terminate();
});

test("the host's own origin is welcome", async () => {
  const socket = new WebSocket(url, "mqtt", { headers: { origin: url.replace("ws:", "http:").replace("/mqtt", "") } });
  await new Promise((resolve) => socket.once("open", resolve));
  socket.terminate();
});

test("random bytes end a link and nothing else", async () => {
  const random = createSystemClock().nowMs();
  for (let i = 0; i < 200; i++) {
    const socket = new WebSocket(url, "mqtt");
    await new Promise((resolve) => socket.once("open", resolve));
    const bytes = Buffer.from(Array.from({ length: 1 + ((random + i * 7) % 60) }, (_, n) => (random * (n + 1) * (i + 3)) % 256));
    if (i % 2 === 0) bytes[0] = 0x10 + ((i % 14) << 4);
    socket.on("error", () => {});
    socket.send(bytes);
    if (i % 3 === 0) socket.terminate();
  }
  const client = await connect("guest");
  expect(await granted(client, "config")).toEqual([1]);
});

test("the packet meter measures across chunks", () => {
  const meter = createPacketMeter({ maxConnectBytes: 400, maxPacketBytes: 300 });
  const packet = Buffer.concat([Buffer.from([0x30, 0xac, 0x02]), Buffer.alloc(300)]);
  const measured = [...packet].map((byte) => meter(Buffer.from([byte])));
  expect(measured.map(({ packets }) => packets)).toEqual([1, ...Array(302).fill(0)]);
  expect(meter(Buffer.concat([packet, packet, Buffer.from([0x40, 0])]))).toEqual({ packets: 3, acknowledgements: 1 });
  expect(meter(Buffer.from([0x10, 0x90, 0x03, ...Buffer.alloc(400)]))).toEqual({ packets: 1, acknowledgements: 0 });
  expect(meter(Buffer.from([0x30, 0xad, 0x02]))).toMatchObject({ tooLong: 300 });
});
