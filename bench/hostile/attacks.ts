/** What strangers do to a bar. Each goes on until its process is ended, and comes back where it is cut off. */
import { request } from "node:http";
import { connect } from "node:net";
import { WebSocket } from "ws";

type Attack = (url: string) => Promise<void>;

const anonymousConnect = Buffer.from([0x10, 13, 0, 4, ...Buffer.from("MQTT"), 4, 2, 0, 0, 0, 1, 0x72]);
const pingRequest = [0xc0, 0];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** `links` links, each opened anew whenever it ends; `flood` writes to one until the process ends. */
function overLinks(links: number, flood: (socket: WebSocket) => Promise<void>): Attack {
  const one = async (url: string): Promise<void> => {
    for (;;) {
      const socket = new WebSocket(`${url.replace("http", "ws")}/mqtt`, "mqtt");
      socket.on("error", () => {});
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      const opened = new Promise<void>((resolve) => socket.once("open", resolve));
      await Promise.race([opened, closed]);
      if (socket.readyState === socket.OPEN) await Promise.race([flood(socket), closed]);
      else await pause(5);
      socket.terminate();
    }
  };
  return async (url) => void (await Promise.all(Array.from({ length: links }, () => one(url))));
}

/** As fast as the socket takes it. */
async function write(socket: WebSocket, send: () => void): Promise<void> {
  while (socket.readyState === socket.OPEN) {
    if (socket.bufferedAmount < 256 * 1024) send();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** `inFlight` requests at a time, over and over. */
function overRequests(inFlight: number, headers: Record<string, string>, method: string, path: string, body: string): Attack {
  const once = (url: string): Promise<void> =>
    new Promise((resolve) => {
      const call = request(url + path, { method, headers }, (response) => response.resume().on("end", resolve));
      call.on("error", () => resolve());
      call.end(body);
    });
  return async (url) => {
    const loop = async (): Promise<void> => {
      for (;;) await once(url);
    };
    await Promise.all(Array.from({ length: inFlight }, loop));
  };
}

/** Connections that send `first` and then `more` each second, read nothing, and are opened anew whenever they end. */
function overSockets(connections: number, first: string, more: string): Attack {
  return async (url) => {
    const { hostname, port } = new URL(url);
    const one = async (): Promise<void> => {
      for (;;) {
        const socket = connect(Number(port), hostname).pause();
        const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
        socket.on("error", () => {});
        socket.write(first);
        const dripping = setInterval(() => socket.write(more), 1_000);
        await closed;
        clearInterval(dripping);
      }
    };
    await Promise.all(Array.from({ length: connections }, one));
  };
}

const ofJson = "Content-Type: application/json\r\n";
const getConfig = "GET /config HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
const json = { "content-type": "application/json" };
const cognito = (operation: string): Record<string, string> => ({
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
});
const manyMembers = (number: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: number }, (_, at) => [`k${at}`, at])));

export const attacks: Readonly<Record<string, Attack>> = {
  "pingreq on 10 links": overLinks(10, async (socket) => {
    socket.send(anonymousConnect);
    const many = Buffer.from(Array.from({ length: 4_000 }, () => pingRequest).flat());
    await write(socket, () => socket.send(many));
  }),
  "pingreq, a frame each": overLinks(10, async (socket) => {
    socket.send(anonymousConnect);
    await write(socket, () => {
      for (let at = 0; at < 200; at++) socket.send(Buffer.from(pingRequest));
    });
  }),
  "websocket pings": overLinks(10, (socket) => write(socket, () => socket.ping(Buffer.alloc(100)))),
  "fragments of nothing": overLinks(10, async (socket) => {
    socket.send("", { fin: false });
    await write(socket, () => {
      for (let at = 0; at < 200; at++) socket.send("", { fin: false });
    });
  }),
  "subscribe and unsubscribe": overLinks(10, async (socket) => {
    socket.send(anonymousConnect);
    const filters = Array.from({ length: 80 }, (_, at) => [0, 5, ...Buffer.from(`t${1000 + at}`), 1]).flat();
    const length = filters.length + 2;
    const packet = Buffer.from([0x82, (length & 0x7f) | 0x80, length >> 7, 0, 1, ...filters]);
    await write(socket, () => socket.send(packet));
  }),
  "links opened and dropped": overLinks(50, async (socket) => socket.send(anonymousConnect)),
  "5,000 links without CONNECT": overLinks(5_000, () => new Promise(() => {})),
  "2,000 slow headers": overSockets(2_000, "GET /config HTTP/1.1\r\nHost: 127.0.0.1\r\n", "x-a: b\r\n"),
  "2,000 slow bodies": overSockets(2_000, `POST /guests HTTP/1.1\r\nHost: 127.0.0.1\r\n${ofJson}Content-Length: 1000\r\n\r\n`, " "),
  "2,000 that read nothing": overSockets(2_000, getConfig.repeat(20), ""),
  "InitiateAuth, 26,000 parameters": overRequests(
    8,
    cognito("InitiateAuth"),
    "POST",
    "/",
    `{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"x","AuthParameters":${manyMembers(13_000)}}`,
  ),
  "guests of 250 kB": overRequests(8, json, "POST", "/guests", manyMembers(9_900)),
  "pairings of 250 kB": overRequests(8, json, "POST", "/pairings", manyMembers(9_900)),
  "orders of 250 kB": overRequests(8, json, "PUT", "/orders/x", manyMembers(9_900)),
  "long queries": overRequests(8, {}, "GET", `/config?${"a=%41&".repeat(2_000)}`, ""),
  "bearer tokens of 15 kB": overRequests(8, { authorization: `Bearer ${"a".repeat(14_000)}.${"b".repeat(500)}.c` }, "GET", "/myOrders", ""),
};
