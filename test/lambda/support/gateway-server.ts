/** API Gateway as a server before a platform: its routes go to Lambda, everything else is handed on. */
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { blueprint } from "@serverlesspresso/blueprint";
import type { Platform } from "../../../platforms/local/src/platform.ts";
import type { LambdaFunctions } from "./functions.ts";
import { createHttpApi, type HttpApiAnswer, type HttpRoute } from "./http-api.ts";
import { createJwtAuthorizer } from "./jwt-authorizer.ts";
import { createOrderManagerApi } from "./order-manager-api.ts";

export interface GatewayServerOptions {
  /** The one that runs now. */
  readonly platform: () => Platform;
  readonly invoke: LambdaFunctions["invoke"];
  readonly nowMs: () => number;
  readonly beforeEach?: () => void;
}
export interface GatewayServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The scope that the routes demand; every access token has it. */
const scope = "aws.cognito.signin.user.admin";

export async function startGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const { platform, nowMs, beforeEach = () => {} } = options;
  const { port, identities } = platform();
  const api = createHttpApi({
    routes: routesOf(options),
    authorize: createJwtAuthorizer({
      jwks: () => platform().identities.pool.jwks() as never,
      issuer: () => platform().identities.pool.issuer(),
      audience: identities.pool.clientId,
      scope,
      nowMs,
    }),
    nowMs,
  });
  const shouldUpgradeCallback = ({ headers }: IncomingMessage): boolean => headers.upgrade === "websocket";
  const server = createServer({ shouldUpgradeCallback }, (request, response) => {
    beforeEach();
    void api(request, response).then((isAnswered) => (isAnswered ? undefined : handOn(port, nowMs, request, response)));
  });
  const links = new Set<Duplex>();
  server.on("upgrade", (request, socket: Duplex, head) => {
    links.add(socket);
    socket.once("close", () => links.delete(socket));
    handOnUpgrade(port, request, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const link of links) link.destroy();
      await closeServer(server);
    },
  };
}

function routesOf({ platform, invoke, nowMs }: GatewayServerOptions): HttpRoute[] {
  return blueprint.routes.map(({ method, path, who, target }) => {
    const isPublic = who === "public";
    if ("workflow" in target) return { method, path, isPublic, handle: createOrderManagerApi(() => platform().states, nowMs) };
    return { method, path, isPublic, handle: async (event) => (await invoke(target.function, event)) as HttpApiAnswer };
  });
}

/** The answer is dated by the bar's clock: AWS's clients set theirs by it. */
function handOn(port: number, nowMs: () => number, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const onward = httpRequest({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, date: new Date(nowMs()).toUTCString() });
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

/** MQTT. */
function handOnUpgrade(port: number, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const onward = connect(port, "127.0.0.1", () => {
    const headers = request.rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${request.rawHeaders[at + 1]}`] : []));
    onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
  for (const end of [onward, socket]) end.on("error", () => [onward, socket].forEach((one) => void one.destroy()));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
