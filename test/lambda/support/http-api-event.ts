/** The event of payload format 2.0, as API Gateway makes it of a request. */
import type { ApiHandler } from "../../../platforms/aws/src/runtime/api/handler.ts";
import type { Authorized } from "./jwt-authorizer.ts";

export type HttpApiEvent = Parameters<ApiHandler>[0];
type Granted = Extract<Authorized, { readonly kind: "granted" }>;

/** A request, its route found and its token verified. */
export interface Received {
  readonly route: { readonly method: string; readonly path: string };
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly rawQueryString: string;
  readonly rawPath: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  /** Undefined on a public route. */
  readonly authorized: Omit<Granted, "kind"> | undefined;
  readonly nowMs: number;
}

const textual = /^(text\/|application\/(json|javascript|xml))/i;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function httpApiEvent(received: Received): HttpApiEvent {
  const { route, pathParameters, rawQueryString, rawPath, body, authorized, nowMs } = received;
  const { cookie, ...headers } = received.headers;
  const routeKey = `${route.method} ${route.path}`;
  const isText = headers["content-encoding"] === undefined && textual.test(headers["content-type"] ?? "text/plain");
  const requestContext = {
    accountId: "123456789012",
    apiId: "api",
    domainName: "api.execute-api.us-east-1.amazonaws.com",
    domainPrefix: "api",
    http: {
      method: route.method,
      path: decode(rawPath),
      protocol: "HTTP/1.1",
      sourceIp: received.sourceIp,
      userAgent: headers["user-agent"] ?? "",
    },
    requestId: `request-${nowMs}`,
    routeKey,
    stage: "$default",
    time: new Date(nowMs).toUTCString(),
    timeEpoch: nowMs,
    ...(authorized !== undefined && { authorizer: { jwt: { claims: authorized.claims, scopes: authorized.scopes } } }),
  };
  return {
    version: "2.0",
    routeKey,
    rawPath: decode(rawPath),
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split("; ") }),
    headers,
    ...(rawQueryString !== "" && { queryStringParameters: joined(new URLSearchParams(rawQueryString)) }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters: { ...pathParameters } }),
    requestContext,
    ...(body.length > 0 && { body: isText ? body.toString("utf8") : body.toString("base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** A parameter given twice is one value with a comma. */
function joined(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(",")]));
}

/** Returns what a part of a URL stands for; as it is where it is badly encoded. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
