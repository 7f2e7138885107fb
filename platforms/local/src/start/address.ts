import type { HttpServer } from "../http/server.ts";
import { createConnection } from "./connection.ts";

/** Where the shop is reached on this machine. */
export interface Address {
  /** The port that is listened on. @throws {ConnectionError} where it is a free one that is not known yet */
  port(): number;
  /** @throws {ConnectionError} as `port` does */
  origin(): string;
  /** Takes the port from the server once it listens. */
  connect(server: Pick<HttpServer, "port">): void;
}

/** Returns the address; a port that was asked for is known before the server listens, since tasks of an earlier run may go on before it. */
export function createAddress({ host, port, isSecure }: { host: string; port: number; isSecure: boolean }): Address {
  const server = createConnection<Pick<HttpServer, "port">>("server address");
  const portOf = (): number => (port === 0 ? server.calls().port : port);
  const isEverywhere = host === "0.0.0.0" || host === "::";
  return {
    port: portOf,
    origin: () => `${isSecure ? "https" : "http"}://${isEverywhere ? "127.0.0.1" : host}:${portOf()}`,
    connect: server.connect,
  };
}
