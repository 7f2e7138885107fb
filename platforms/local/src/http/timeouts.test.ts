/** RELIABILITY 35: slow headers and slow bodies. Node's own timers end them; here they run a hundred times as fast as the server sets them. */
import type { Server, ServerOptions } from "node:http";
import { connect } from "node:net";
import { createSystemClock } from "@serverlesspresso/clock";
import { createBroker } from "@serverlesspresso/topics";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Gateway } from "./gateway.ts";
import { createHosts } from "./hosts.ts";
import { type HttpServer, startServer } from "./server.ts";
import { createReadSource } from "./source.ts";

const faster = 100;
const set: ServerOptions[] = [];
vi.mock("node:http", async (importOriginal) => {
  const http = await importOriginal<typeof import("node:http")>();
  const createServer = (options: ServerOptions, listener: () => void): Server => {
    set.push(options);
    const timeouts = ["headersTimeout", "requestTimeout", "keepAliveTimeout", "connectionsCheckingInterval"] as const;
    return http.createServer(
      { ...options, ...Object.fromEntries(timeouts.map((name) => [name, (options[name] ?? Number.NaN) / faster])) },
      listener,
    );
  };
  return { ...http, createServer };
});

let server: HttpServer;
let asked = 0;
beforeAll(async () => {
  const broker = await createBroker({
    clock: createSystemClock(),
    verify: async () => Promise.reject(),
    maySubscribe: () => true,
    onError: () => {},
  });
  const app = new Hono().all("*", async (context) => {
    asked += 1;
    return context.text(await context.req.text());
  });
  app.onError(() => new Response(null, { status: 400 }));
  const hosts = createHosts("127.0.0.1", []);
  server = await startServer({
    app: app as unknown as Gateway,
    broker,
    hosts,
    readSource: createReadSource([], false),
    host: "127.0.0.1",
    port: 0,
  });
});
afterAll(() => server.stop(0));

/** Sends `start`, then a character now and then, until the other side ends the link: what it said, and how long that took. */
function drip(start: string, piece: string): Promise<{ text: string; tookMs: number }> {
  return new Promise((resolve) => {
    const beganMs = performance.now();
    let text = "";
    const socket = connect(server.port, "127.0.0.1", () => socket.write(start)).on("error", () => {});
    const dripping = setInterval(() => socket.write(piece), 10);
    socket.setEncoding("utf8").on("data", (data: string) => (text += data));
    socket.on("close", () => {
      clearInterval(dripping);
      resolve({ text, tookMs: performance.now() - beganMs });
    });
  });
}

test("RELIABILITY 35: headers are there within 10 s and a request within 30 s, with the time in which nobody looks", () => {
  const [{ headersTimeout = 0, requestTimeout = 0, connectionsCheckingInterval = Number.NaN } = {}] = set;
  expect(set).toHaveLength(1);
  for (const [ms, most] of [
    [headersTimeout, 10_000 - connectionsCheckingInterval],
    [requestTimeout, 30_000 - connectionsCheckingInterval],
  ] as const)
    expect([ms > 0, ms <= most]).toEqual([true, true]);
});

test.each([
  { what: "headers that never end", start: "GET / HTTP/1.1\r\nHost: a\r\n", piece: "X-A: b\r\n", afterMs: 8_000 },
  { what: "one header that never ends", start: "GET / HTTP/1.1\r\nHost: a\r\nX-A: ", piece: "b", afterMs: 8_000 },
  { what: "a body that never ends", start: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", piece: "b", afterMs: 28_000 },
  {
    what: "pieces that never end",
    start: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    piece: "1\r\nb\r\n",
    afterMs: 28_000,
  },
])("RELIABILITY 35: $what, a little at a time, are ended, not before their time", async ({ start, piece, afterMs }) => {
  const { text, tookMs } = await drip(start, piece);
  expect(text === "" || text.startsWith("HTTP/1.1 408 ")).toBe(true);
  expect(tookMs).toBeGreaterThanOrEqual(afterMs / faster);
});

test("RELIABILITY 35: a link that says nothing at all is ended like one of slow headers", async () => {
  const before = asked;
  await drip("", "");
  expect(asked).toBe(before);
});
