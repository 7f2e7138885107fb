/**
 * An HTTP API of API Gateway as far as the functions behind it can tell: which route, who calls, the event of payload format 2.0,
 * and what becomes of the function's answer. What no route has is handed on, to where MQTT, the user pool and settings are.
 *
 * What it cannot tell of the real one: throttling, CORS, the headers that API Gateway adds or renames (`apigw-requestid`,
 * `x-amzn-remapped-...`), its quotas (10 MB, 30 s), the time and retries of its calls to Lambda, and how it decodes odd paths.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiHandler } from "../../../platforms/aws/src/runtime/api/handler.ts";
import { decode, type HttpApiEvent, httpApiEvent } from "./http-api-event.ts";
import type { Authorized } from "./jwt-authorizer.ts";

export type HttpApiAnswer = Awaited<ReturnType<ApiHandler>>;
export interface HttpRoute {
  readonly method: string;
  /** OpenAPI style. */
  readonly path: string;
  readonly isPublic: boolean;
  handle(event: HttpApiEvent): Promise<HttpApiAnswer>;
}
export interface HttpApiOptions {
  readonly routes: readonly HttpRoute[];
  readonly authorize: (authorization: string | undefined) => Promise<Authorized>;
  readonly nowMs: () => number;
}

const mostBytes = 10 * 1024 * 1024;

/** Serves a request for one of the routes. Returns false if no route has its path. */
export function createHttpApi({ routes, authorize, nowMs }: HttpApiOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const [rawPath = "", rawQueryString = ""] = (request.url ?? "").split(/\?(.*)/s);
    const matches = routes.flatMap((route) => {
      const pathParameters = matchPath(route.path, rawPath);
      return pathParameters === undefined ? [] : [{ route, pathParameters }];
    });
    if (matches.length === 0) return false;
    // A whole path goes before one with a variable.
    const found = matches
      .filter(({ route }) => route.method === request.method)
      .sort((a, b) => Object.keys(a.pathParameters).length - Object.keys(b.pathParameters).length)[0];
    const body = await readAll(request);
    if (found === undefined) send(response, { statusCode: 404, body: message("Not Found") });
    else if (body.length > mostBytes) send(response, { statusCode: 413, body: message("Request Entity Too Large") });
    else send(response, await serve(found.route, found.pathParameters, rawQueryString, rawPath, request, body));
    return true;
  };

  async function serve(
    route: HttpRoute,
    pathParameters: Record<string, string>,
    rawQueryString: string,
    rawPath: string,
    request: IncomingMessage,
    body: Buffer,
  ): Promise<HttpApiAnswer> {
    const authorized = route.isPublic ? undefined : await authorize(request.headers.authorization);
    if (authorized?.kind === "unauthorized") {
      return { statusCode: 401, headers: { "www-authenticate": `Bearer${authorized.hint}` }, body: message("Unauthorized") };
    }
    if (authorized?.kind === "forbidden") {
      return { statusCode: 403, headers: { "www-authenticate": 'Bearer error="insufficient_scope"' }, body: message("Forbidden") };
    }
    const sent = { route, pathParameters, rawQueryString, rawPath, headers: headersOf(request), body };
    const event = httpApiEvent({ ...sent, sourceIp: request.socket.remoteAddress ?? "", authorized, nowMs: nowMs() });
    try {
      return await route.handle(event);
    } catch {
      return { statusCode: 500, body: message("Internal Server Error") };
    }
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function matchPath(path: string, rawPath: string): Record<string, string> | undefined {
  const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
  const groups = pattern.exec(rawPath);
  if (groups === null) return undefined;
  return Object.fromEntries(Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decode(value)]));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const message = (text: string): string => JSON.stringify({ message: text });

function send(response: ServerResponse, { statusCode = 200, headers = {}, body = "", isBase64Encoded }: HttpApiAnswer): void {
  const all: Record<string, string> = { "content-type": "application/json" };
  for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = String(value);
  // How a connection is kept is the gateway's own affair.
  delete all.connection;
  response.writeHead(statusCode, all).end(isBase64Encoded === true ? Buffer.from(body, "base64") : body);
}
