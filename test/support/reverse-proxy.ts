/** A reverse proxy that serves a bar under a path of its own, as nginx or Caddy with `handle_path` does: it takes the path off and says for whom it asks. */
import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";

export interface ReverseProxy {
  /** Its own address with the path, without a slash at the end. */
  readonly url: string;
  /** The address and query of everything asked through it, as an access log would keep them. */
  readonly asked: readonly string[];
  close(): void;
}
export interface ReverseProxyOptions {
  /** The bar's own address. */
  readonly target: string;
  /** Without a slash at the end: `/bar`. */
  readonly path: string;
  /** Forwarding headers in place of what is so: the connection's address, its `Host`, `http`. */
  readonly says?: Readonly<Record<string, string>>;
}

/** Listens on a free port of the loopback. */
export async function openReverseProxy({ target, path, says = {} }: ReverseProxyOptions): Promise<ReverseProxy> {
  const { hostname, port } = new URL(target);
  const asked: string[] = [];
  const headersFor = ({ headers, socket }: IncomingMessage) => ({
    ...headers,
    "x-forwarded-for": [headers["x-forwarded-for"], socket.remoteAddress].filter(Boolean).join(", "),
    "x-forwarded-proto": "http",
    "x-forwarded-host": headers.host,
    "x-forwarded-prefix": path,
    ...says,
  });
  const pathBehind = ({ url = "" }: IncomingMessage): string | undefined => {
    asked.push(url);
    return url.startsWith(`${path}/`) ? url.slice(path.length) : undefined;
  };

  const server = createServer((incoming, outgoing) => {
    const behind = pathBehind(incoming);
    if (behind === undefined) return void outgoing.writeHead(404).end();
    const call = request({ hostname, port, path: behind, method: incoming.method, headers: headersFor(incoming) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    call.on("error", () => outgoing.destroy());
    incoming.pipe(call);
  });
  server.on("upgrade", (incoming, socket) => {
    const behind = pathBehind(incoming);
    if (behind === undefined) return void socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    const upstream = connect(Number(port), hostname);
    const lines = Object.entries(headersFor(incoming)).map(([name, value]) => `${name}: ${value}`);
    upstream.write(`GET ${behind} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    upstream.pipe(socket).pipe(upstream);
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
