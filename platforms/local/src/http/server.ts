import type { Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import { createSystemClock } from "@serverlesspresso/clock";
import type { Broker } from "@serverlesspresso/topics";

import type { Gateway } from "./gateway.ts";
import type { Hosts } from "./hosts.ts";

export interface ServerOptions {
  readonly app: Gateway;
  readonly broker: Broker;
  readonly hosts: Hosts;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

export interface HttpServer {
  /** The port that is listened on. */
  readonly port: number;
  /** Takes nothing new, lets what runs end for at most `graceMs` of real time, then cuts it off. */
  stop(graceMs: number): Promise<void>;
}

/** Slow or silent connections are ended: headers within 10 s, a request within 30 s. */
const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
};

/**
 * Listens for HTTP and for MQTT at `/mqtt`.
 * @throws Node's own error where the address is taken or not ours (`EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`)
 */
export async function startServer({ app, broker, hosts, host, port, tls }: ServerOptions): Promise<HttpServer> {
  const fetch = (request: Request, env: object): Response | Promise<Response> => {
    const { incoming } = env as { incoming: { socket: { remoteAddress?: string } } };
    return app.fetch(request, { address: incoming.socket.remoteAddress ?? "" });
  };
  const server = (
    tls === undefined
      ? createAdaptorServer({ fetch, serverOptions: timeouts })
      : createAdaptorServer({ fetch, createServer: createHttpsServer, serverOptions: { ...timeouts, ...tls } })
  ) as Server;
  server.on("upgrade", (request, socket: Duplex, head) => {
    socket.on("error", () => socket.destroy());
    if (!hosts.includes(request.headers.host)) refuse(socket, "421 Misdirected Request");
    else if (request.url?.split("?")[0] !== "/mqtt") refuse(socket, "404 Not Found");
    else broker.handleUpgrade(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop(graceMs) {
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
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
