/** RELIABILITY 32 and what stands beside it: clients that send too much, too little, or nonsense. Time is held still. */
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createManualClock } from "@serverlesspresso/clock";
import fc from "fast-check";
import mqtt from "mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Broker, type BrokerLimits, createBroker } from "./index.ts";

const clock = createManualClock();
const connectPacket = Buffer.from([0x10, 13, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 0, 0, 1, 0x72]);
const pingRequest = Buffer.from([0xc0, 0]);
const subscribe = (topic: string): Buffer =>
  Buffer.from([0x82, topic.length + 5, 0, 1, topic.length >> 8, topic.length & 255, ...Buffer.from(topic), 1]);
/** A million with `MQTT_FUZZ=1000000`. */
const fuzzPackets = Number(process.env.MQTT_FUZZ ?? 10_000);

let server: Server;
let broker: Broker;
let errors: string[];
let address: string;
const opened: WebSocket[] = [];

async function start(limits: Partial<BrokerLimits> = {}): Promise<void> {
  errors = [];
  address = "192.0.2.1";
  broker = await createBroker({
    clock,
    verify: () => Promise.reject(new Error("no token is good")),
    maySubscribe: (_, topic) => topic === "config" || topic.startsWith("t"),
    onError: (error) => void errors.push((error as Error).message),
    limits: { refusalSeconds: 0, linePerAddress: 0, ...limits },
  });
  server = createServer().on("upgrade", (request, socket, head) =>
    broker.handleUpgrade(request, socket, head, { address, host: request.headers.host }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}
beforeEach(() => start());
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate();
  await broker.close();
  server.close();
});
async function restart(limits: Partial<BrokerLimits>): Promise<void> {
  await broker.close();
  server.close();
  await start(limits);
}

const url = (): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`;
/** Resolves with the link, or with the status of the refusal. */
function open(): Promise<WebSocket | number> {
  const socket = new WebSocket(url(), "mqtt");
  opened.push(socket);
  socket.on("error", () => {});
  return new Promise((resolve) => {
    socket.once("open", () => resolve(socket));
    socket.once("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode));
  });
}
async function connected(): Promise<WebSocket> {
  const socket = (await open()) as WebSocket;
  const acknowledged = new Promise((resolve) => socket.once("message", resolve));
  socket.send(connectPacket);
  await acknowledged;
  return socket;
}
const ended = (socket: WebSocket): Promise<[number, string]> =>
  new Promise((resolve) => socket.once("close", (code, reason) => resolve([code, `${reason}`])));

describe("M8: the excess ends the link, with a reason that is counted and told in sums", () => {
  test.each([
    {
      what: "pings of MQTT in one frame",
      reason: "it sends too many packets",
      flood: (socket: WebSocket) => socket.send(Buffer.concat(Array(60).fill(pingRequest))),
    },
    {
      what: "pings of MQTT, a frame each",
      reason: "it sends too many packets",
      flood: (socket: WebSocket) => Array.from({ length: 60 }, () => socket.send(pingRequest)),
    },
    {
      what: "pings of WebSocket",
      reason: "it sends too many packets",
      flood: (socket: WebSocket) => Array.from({ length: 60 }, () => socket.ping()),
    },
    {
      what: "fragments of nothing",
      reason: "it sends too many bytes",
      flood(socket: WebSocket) {
        for (let at = 0; at < 3_000; at++) socket.send("", { fin: false });
      },
    },
    {
      what: "subscriptions and their ends",
      reason: "it sends too many packets",
      flood: (socket: WebSocket) => Array.from({ length: 60 }, () => socket.send(subscribe("config"))),
    },
    {
      what: "a packet that is too long",
      reason: "a packet is longer than 1024 bytes",
      flood: (socket: WebSocket) => socket.send(Buffer.from([0x82, 0xff, 0xff, 0xff, 0x7f])),
    },
  ])("$what", async ({ reason, flood }) => {
    const socket = await connected();
    const end = ended(socket);
    flood(socket);
    expect(await end).toEqual([1008, reason]);
    expect(broker.cutCount()).toBe(1);
    await clock.advance(5_000);
    expect(errors).toEqual([`1 cut off, the last from 192.0.2.1: ${reason}`]);
    await connected();
  });

  test("acknowledging messages costs nothing, however many there are", async () => {
    const client = mqtt.connect(url(), { reconnectPeriod: 0, protocolVersion: 4 });
    await client.subscribeAsync("config", { qos: 1 });
    let heard = 0;
    client.on("message", () => heard++);
    for (let at = 0; at < 500; at++) {
      await broker.publish("config", at);
      if (at % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => heard).toBe(500);
    expect([client.connected, broker.cutCount()]).toEqual([true, 0]);
    client.end(true);
  });

  test("an allowance comes back with time", async () => {
    const socket = await connected();
    const pings = Buffer.concat(Array(30).fill(pingRequest));
    for (let round = 0; round < 3; round++) {
      const answered = new Promise((resolve) => socket.once("message", resolve));
      socket.send(pings);
      await answered;
      await clock.advance(8_000);
    }
    expect(broker.cutCount()).toBe(0);
  });

  test("what one address sends over many links is one allowance; another's is its own", async () => {
    await restart({ packetsPerAddress: { burst: 50, perSecond: 1 } });
    const links = [await connected(), await connected(), await connected()];
    const pings = Buffer.concat(Array(20).fill(pingRequest));
    const ends = Promise.race(links.map(ended));
    for (const link of links) link.send(pings);
    expect(await ends).toEqual([1008, "its address sends too much"]);
    address = "192.0.2.2";
    await connected();
  });

  test("one address holds so many links, and opens so many at a time; another is served", async () => {
    await restart({ linksPerAddress: 3, openingsPerAddress: { burst: 5, perSecond: 1 } });
    const links = [await connected(), await connected(), await connected()];
    expect(await open()).toBe(429);
    for (const link of links) link.terminate();
    await expect.poll(() => broker.connectionCount()).toBe(0);
    await connected();
    await connected();
    expect(await open()).toBe(429);
    address = "192.0.2.2";
    await connected();
    expect(broker.cutCount()).toBe(2);
  });
});

describe("M9: who does not say CONNECT", () => {
  test("makes room for those that come later, once its CONNECT ought to have come", async () => {
    await restart({ waitingPerAddress: 2 });
    const first = (await open()) as WebSocket;
    const end = ended(first);
    await open();
    expect(await open()).toBe(429);
    await clock.advance(1_000);
    await connected();
    expect(await end).toEqual([1008, "others wait for its place, and it has not said CONNECT"]);
  });

  test("is cut off after 10 s, half a CONNECT or none; who said it stays, keep-alive 0 or not", async () => {
    const [silent, half, good] = [(await open()) as WebSocket, (await open()) as WebSocket, await connected()];
    half.send(connectPacket.subarray(0, 5));
    const ends = Promise.all([ended(silent), ended(half)]);
    await new Promise((resolve) => {
      half.once("pong", resolve);
      half.ping();
    });
    await clock.advance(10_000);
    expect(await ends).toEqual([
      [1008, "CONNECT did not come in time"],
      [1008, "CONNECT did not come in time"],
    ]);
    expect(good.readyState).toBe(good.OPEN);
  });

  test("makes room but once: what is cut off and does not go keeps no place", async () => {
    await restart({ waitingPerAddress: 2 });
    const [stubborn, second] = [(await open()) as WebSocket, (await open()) as WebSocket];
    (stubborn as unknown as { _socket: Socket })._socket.pause();
    await clock.advance(1_000);
    const end = ended(second);
    await open();
    await open();
    expect((await end)[1]).toBe("others wait for its place, and it has not said CONNECT");
  });

  test("whoever comes meanwhile waits to be refused, so that he comes back no more often; another address is served", async () => {
    await restart({ waitingPerAddress: 1, refusalSeconds: 2 });
    await open();
    let status: unknown;
    void open().then((refusal) => (status = refusal));
    await expect.poll(() => broker.cutCount()).toBe(1);
    await clock.advance(900);
    address = "192.0.2.2";
    await connected();
    expect(status).toBeUndefined();
    await clock.advance(2_200);
    await expect.poll(() => status).toBe(429);
  });

  test("who waits to be refused holds up no end of the broker", async () => {
    await restart({ waitingPerAddress: 1, refusalSeconds: 60 });
    await open();
    void open();
    await expect.poll(() => broker.cutCount()).toBe(1);
    await broker.close();
    await expect.poll(() => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))).toBe(0);
  });

  test("keep-alive 0 keeps nothing alive: a link that no longer answers is ended after 45 s", async () => {
    const socket = await connected();
    (socket as unknown as { _socket: Socket })._socket.pause();
    for (let at = 0; at < 11; at++) await clock.advance(5_000);
    await expect.poll(() => broker.connectionCount()).toBe(0);
  });
});

describe("M9: a crowd that comes at once stands in line", () => {
  /** Each says CONNECT as soon as it is opened. */
  const crowd = (number: number): Promise<WebSocket>[] => Array.from({ length: number }, () => connected());

  test("and is admitted to the last, though none of it waits for another", async () => {
    await restart({ waitingPerAddress: 3, linePerAddress: 100 });
    await Promise.all(crowd(60));
    expect([broker.connectionCount(), broker.cutCount()]).toEqual([60, 0]);
  });

  test("no more than so many are without their CONNECT; one that ought to have said it makes room for one", async () => {
    await restart({ waitingPerAddress: 3, linePerAddress: 100 });
    const silent = [(await open()) as WebSocket, (await open()) as WebSocket, (await open()) as WebSocket];
    const ends = silent.map(ended);
    const late = crowd(2);
    await expect.poll(() => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))).toBe(5);
    expect(broker.connectionCount()).toBe(3);
    await clock.advance(1_000);
    await Promise.all(late);
    expect((await ends[0])?.[1]).toBe("others wait for its place, and it has not said CONNECT");
    expect(broker.cutCount()).toBeLessThanOrEqual(2);
  });

  test("where the line is full a newcomer is refused; another address stands in none", async () => {
    await restart({ waitingPerAddress: 1, linePerAddress: 1 });
    await open();
    void open();
    await expect.poll(() => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))).toBe(2);
    expect(await open()).toBe(429);
    address = "192.0.2.2";
    await connected();
  });

  test("the end of the broker ends the line", async () => {
    await restart({ waitingPerAddress: 1, linePerAddress: 10 });
    await open();
    void open();
    await expect.poll(() => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))).toBe(2);
    await broker.close();
    await expect.poll(() => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))).toBe(0);
  });
});

describe("who is cut off", () => {
  const maskedPing = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
  /** A link that is cut off for what it sends, and has read nothing since it was opened. */
  async function cutOff(): Promise<Socket> {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
    const key = Buffer.alloc(16).toString("base64");
    const headers = ["Host: a", "Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: mqtt"];
    socket.write(`GET /mqtt HTTP/1.1\r\n${headers.join("\r\n")}\r\nSec-WebSocket-Key: ${key}\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    socket.write(Buffer.concat(Array(60).fill(maskedPing)));
    await expect.poll(() => broker.cutCount()).toBe(1);
    return socket;
  }
  const connections = (): Promise<number> => new Promise((resolve) => server.getConnections((_, number) => resolve(number)));

  test("reads why, though it goes on sending meanwhile", async () => {
    const socket = await cutOff();
    const ending = new Promise((resolve) => socket.once("error", resolve).once("end", () => resolve("its end")));
    // Each is on the wire before the next: a reset that the first met would be found by the second.
    for (let at = 0; at < 10; at++) await new Promise((resolve) => socket.write(maskedPing, () => setImmediate(resolve)));
    const heard: Buffer[] = [];
    socket.on("data", (data) => heard.push(data)).resume();
    expect(await ending).toBe("its end");
    expect(`${Buffer.concat(heard)}`).toContain("it sends too many packets");
    socket.destroy();
  });

  test("and does not end its side, is ended after a second", async () => {
    const socket = await cutOff();
    socket.on("error", () => {});
    socket.resume();
    await clock.advance(999);
    expect(await connections()).toBe(1);
    await clock.advance(1);
    await expect.poll(connections).toBe(0);
    socket.destroy();
  });
});

test("who is refused keeps no connection, though he does not end it", async () => {
  const stubborn = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
  stubborn.on("error", () => {});
  const answered = new Promise<string>((resolve) => stubborn.once("data", (data) => resolve(`${data}`)));
  stubborn.write("GET /mqtt HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
  expect(await answered).toContain("400 Bad Request");
  await expect.poll(() => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))).toBe(0);
  stubborn.destroy();
});

test("RELIABILITY 32: packets of nonsense, halves of packets, lengths that never come: no crash, and the next client is served", async () => {
  await restart({
    packetsPerAddress: { burst: 1e9, perSecond: 1 },
    openingsPerAddress: { burst: 1e9, perSecond: 1 },
    bytesPerAddress: { burst: 1e12, perSecond: 1 },
  });
  const type = fc.integer({ min: 0, max: 255 });
  const body = fc.uint8Array({ maxLength: 60 });
  const wellMeant = fc.tuple(type, body).map(([first, rest]) => Buffer.from([first, rest.length, ...rest]));
  const nonsense = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  const huge = type.map((first) => Buffer.from([first, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3]));
  const half = fc.integer({ min: 1, max: connectPacket.length - 1 }).map((length) => connectPacket.subarray(0, length));
  const packet = fc.oneof(wellMeant, nonsense, huge, half);
  const perLink = 20;
  const runs = Math.ceil(fuzzPackets / perLink / 10);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(packet, { minLength: perLink, maxLength: perLink }), { minLength: 10, maxLength: 10 }), (links) =>
      Promise.all(links.map((packets, at) => torment(packets, at % 2 === 0))).then(() => {}),
    ),
    { numRuns: runs, endOnFailure: true },
  );
  const client = await connected();
  const granted = new Promise<Buffer>((resolve) => client.once("message", resolve));
  client.send(subscribe("config"));
  expect([...(await granted)]).toEqual([0x90, 3, 0, 1, 1]);

  /** Each packet in a frame of its own, after a CONNECT or instead of one, until the broker has had enough. */
  async function torment(packets: readonly Buffer[], isConnected: boolean): Promise<void> {
    const socket = (await open()) as WebSocket;
    opened.pop();
    if (isConnected) socket.send(connectPacket);
    for (const one of packets) socket.send(one);
    await new Promise<void>((resolve) => {
      socket.once("pong", () => resolve());
      socket.once("close", () => resolve());
      socket.ping();
    });
    socket.terminate();
  }
}, 600_000);

test("RELIABILITY 32: of 10,000 subscriptions 16 are granted", async () => {
  await restart({ packetsPerLink: { burst: 1e9, perSecond: 1 }, bytesPerLink: { burst: 1e9, perSecond: 1 } });
  const socket = await connected();
  const granted: number[] = [];
  // Several answers may come in one frame; each has five bytes.
  socket.on("message", (data: Buffer) => {
    for (let at = 4; at < data.length; at += 5) granted.push(data[at] as number);
  });
  for (let at = 0; at < 10_000; at++) socket.send(subscribe(`t${at}`));
  await expect.poll(() => granted.length).toBe(10_000);
  expect(granted.filter((qos) => qos === 1)).toHaveLength(16);
});
