/** A bar whose API is API Gateway before Lambda bundles, and whose functions are Lambda's: the engines alone are the local ones. */
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { blueprint } from "@serverlesspresso/blueprint";
import type { FunctionHandler, JsonValue } from "@serverlesspresso/ports";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { vi } from "vitest";
import { platformRoutes } from "../../../platforms/aws/src/constructs/routes.ts";
import { platformTable } from "../../../platforms/aws/src/runtime/platform-table.ts";
import type { Platform } from "../../../platforms/local/src/platform.ts";
import type { Front, OpenFront } from "../../support/bar.ts";
import { type LambdaFunctions, loadFunctions } from "./functions.ts";
import { createHttpApi, type HttpRoute } from "./http-api.ts";
import { createJwtAuthorizer } from "./jwt-authorizer.ts";
import { createOrderManagerApi } from "./order-manager-api.ts";

/** The scope that the routes demand; every access token has it. */
const scope = "aws.cognito.signin.user.admin";

/** @see putBefore */
export const openLambdaFront: OpenFront = async ({ clock, platform: first, dataFolder }): Promise<Front> => {
  let platform = first;
  const followClock = (): void => void vi.setSystemTime(clock.nowMs());
  vi.useFakeTimers({ toFake: ["Date"], now: clock.nowMs() });
  const { pool } = first.identities;
  const server = createServer((request, response) => {
    followClock();
    void api(request, response).then((isAnswered) => (isAnswered ? undefined : handOn(first.port, clock.nowMs, request, response)));
  });
  const links = new Set<Duplex>();
  server.on("upgrade", (request, socket: Duplex, head) => {
    links.add(socket);
    socket.once("close", () => links.delete(socket));
    handOnUpgrade(first.port, request, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aws = { url, issuer: pool.issuer(), dataFolder, userPoolId: pool.poolId, clientId: pool.clientId };
  const functions = loadFunctions(aws, followClock);
  const api = createHttpApi({
    routes: routesOf(functions, () => platform, clock.nowMs),
    authorize: createJwtAuthorizer({
      jwks: () => platform.identities.pool.jwks() as never,
      issuer: () => platform.identities.pool.issuer(),
      audience: pool.clientId,
      scope,
      nowMs: clock.nowMs,
    }),
    nowMs: clock.nowMs,
  });
  return {
    url,
    attach(started) {
      platform = started;
      putPlatformTable(started);
      registerAll(started, functions);
    },
    idle: functions.idle,
    async close() {
      vi.useRealTimers();
      for (const link of links) link.destroy();
      await closeServer(server);
    },
  };
};

function routesOf(functions: LambdaFunctions, platform: () => Platform, nowMs: () => number): HttpRoute[] {
  return [...blueprint.routes, ...platformRoutes].map(({ method, path, who, target }) => {
    const isPublic = who === "public";
    if ("workflow" in target) return { method, path, isPublic, handle: createOrderManagerApi(() => platform().states, nowMs) };
    const name = "function" in target ? target.function : "SignInAsGuest";
    return { method, path, isPublic, handle: async (event) => (await functions.invoke(name, event)) as APIGatewayProxyStructuredResultV2 };
  });
}

/** Rules, streams, queues and workflows call Lambda's functions instead of those in the platform's own process. */
function registerAll({ functions: registry }: Platform, lambda: LambdaFunctions): void {
  const streamed = new Set(blueprint.tables.flatMap(({ stream = [] }) => stream.map((consumer) => consumer.function)));
  for (const { name, description, timeoutSeconds } of blueprint.functions) {
    const call: FunctionHandler = (event) => lambda.invoke(name, event);
    registry.register(name, streamed.has(name) ? wholeBatch(call) : call, { description, timeoutSeconds });
  }
}

/** The local stream gives a batch again as a whole; Lambda would begin again at the record that failed. */
function wholeBatch(call: FunctionHandler): FunctionHandler {
  return async (event, context) => {
    const answer = (await call(event, context)) as { readonly batchItemFailures: readonly JsonValue[] };
    if (answer.batchItemFailures.length > 0) throw new Error(`records failed: ${JSON.stringify(answer.batchItemFailures)}`);
    return undefined;
  };
}

/** The table that the deployment adds to the blueprint's. */
function putPlatformTable({ store, tables }: Platform): void {
  const description = {
    TableName: platformTable,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "PK", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "PK", KeyType: "HASH" }],
    TimeToLiveSpecification: { Enabled: true, AttributeName: "expiresAt" },
  };
  void store.transact((tx) => tables.createTable(tx, description));
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
