import { createServer as createPlainServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { createSystemClock } from "@serverlesspresso/clock";
import type { Broker } from "@serverlesspresso/topics";
import type { Entrance } from "../aws/entrance.ts";
import { watchConnections } from "./connections.ts";
import type { Gateway, GatewayBindings } from "./gateway.ts";
import type { Hosts } from "./hosts.ts";
import { oneAtATime } from "./pipelining.ts";
import type { ReadSource, Source } from "./source.ts";
import { createTurnstile } from "./turnstile.ts";

/** What the HTTP server listens on and what it serves. With `tls` it speaks HTTPS. */
export interface ServerOptions {
  readonly app: Gateway;
  readonly broker: Broker;
  readonly hosts: Hosts;
  readonly readSource: ReadSource;
  /** Takes requests that need not go through the application. */
  readonly entrance?: Entrance;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** A server that listens. */
export interface HttpServer {
  /** The port that is listened on. */
  readonly port: number;
  /** Takes nothing new, lets what runs end for at most `graceMs` of real time, then cuts it off. */
  stop(graceMs: number): Promise<void>;
}

/** Connections that the kernel keeps for us until we take them; one that finds no room tries again after a second. A whole conference may come back at once. */
const longestQueue = 4_096;
/** Slow or silent connections are ended: headers within 10 s, a request within 30 s, each looked for every 2 s; see `watchConnections` for those that do not read. */
const timeouts = {
  headersTimeout: 8_000,
  requestTimeout: 28_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
};
const hasManyHosts = ({ rawHeaders }: IncomingMessage): boolean =>
  rawHeaders.filter((text, at) => at % 2 === 0 && text.length === 4 && text.toLowerCase() === "host").length > 1;
/** Any other upgrade is not done, and its request answered as if it had not asked (RFC 9110, 7.8). */
const shouldUpgradeCallback = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === "websocket";

/**
 * Listens for HTTP and for MQTT at `/mqtt`.
 * @throws Node's own error where the address is taken or not ours (`EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`)
 */
export async function startServer({ app, broker, hosts, readSource, entrance, host, port, tls }: ServerOptions): Promise<HttpServer> {
  const sourceOf = ({ headers, socket }: IncomingMessage): Source => readSource(headers, socket.remoteAddress ?? "");
  const fetch = (request: Request, env: object): Response | Promise<Response> => {
    const { incoming } = env as { incoming: IncomingMessage };
    return app.fetch(request, { source: sourceOf(incoming), hasManyHosts: hasManyHosts(incoming) } satisfies GatewayBindings);
  };
  const turnstile = createTurnstile();
  const serverOptions = { ...timeouts, shouldUpgradeCallback };
  const listen = getRequestListener(fetch);
  const answer: RequestListener = (incoming, outgoing) => {
    const isTaken = entrance !== undefined && !hasManyHosts(incoming) && entrance(incoming, outgoing, sourceOf(incoming));
    if (!isTaken) void listen(incoming, outgoing);
  };
  const listener = oneAtATime(answer, turnstile);
  const server: Server =
    tls === undefined ? createPlainServer(serverOptions, listener) : createHttpsServer({ ...serverOptions, ...tls }, listener);
  server.on("connection", () => turnstile.tookConnection());
  server.on("upgrade", (request, socket: Duplex, head) => {
    socket.on("error", () => socket.destroy());
    turnstile.add({ isGone: () => socket.destroyed, run: () => upgrade(request, socket, head) });
  });
  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const source = sourceOf(request);
    if (hasManyHosts(request)) refuse(socket, "400 Bad Request");
    else if (!hosts.includes(source.host)) refuse(socket, "421 Misdirected Request");
    else if (request.url?.split("?")[0] !== "/mqtt") refuse(socket, "404 Not Found");
    else broker.handleUpgrade(request, socket, head, source);
  }
  const stopWatching = watchConnections(server, (peer) => readSource({}, peer));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: longestQueue }, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop(graceMs) {
      stopWatching();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const clock = createSystemClock();
      const cancel = clock.at(clock.nowMs() + graceMs, () => server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
