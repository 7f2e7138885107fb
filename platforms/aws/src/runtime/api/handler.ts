/**
 * A route of the API as a function behind an HTTP API (payload format 2.0).
 *
 * G1. What a route says of its caller, its parameters and its body holds before its function runs, in the very order and words of
 *     the local gateway.
 * G2. Who calls is what the JWT authorizer verified, never what the request says.
 * G3. Every refusal is a problem of RFC 9457; nothing of the inside (stack, path, version) goes out.
 * G4. A function that would not be done in time answers 503 before Lambda ends it.
 */

import { answerHeaders, commonHeaders } from "@serverlesspresso/blueprint/edge/answer.ts";
import { deviceSecretOf } from "@serverlesspresso/blueprint/edge/device-secret.ts";
import type { Idempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { type BodyLimits, bodyLimits, checkEncoding, parseTypedBody, tooLarge } from "@serverlesspresso/blueprint/edge/json-body.ts";
import { queryOf } from "@serverlesspresso/blueprint/edge/query.ts";
import {
  internalError,
  notSignedIn,
  operatorsOnly,
  problemResponse,
  Refusal,
  staffOnly,
  tookTooLong,
} from "@serverlesspresso/blueprint/edge/refusal.ts";
import { parseRequest } from "@serverlesspresso/blueprint/parse-request.ts";
import type { Clock, FunctionContext, Identity, JsonValue, RouteRequest, RouteResponse } from "@serverlesspresso/ports";
import type { RouteBlueprint, RouteSchemas } from "@serverlesspresso/services/resources.ts";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type { LambdaHandler } from "../event-handler.ts";
import { contextOf, logger } from "../log.ts";
import { callerAddress, edgeKeyHeader } from "./caller-address.ts";
import { type Claims, identityOf } from "./identity.ts";

/** One route. */
export interface ApiRoute extends RouteSchemas {
  readonly method: string;
  /** OpenAPI style: `/orders/{id}`. */
  readonly path: string;
  readonly who: RouteBlueprint["who"];
  readonly bearer?: "deviceSecret";
  answer(request: RouteRequest, context: FunctionContext): Promise<RouteResponse>;
}
/** The ports of a route's handler. */
export interface ApiOptions {
  readonly clock: Clock;
  /** What CloudFront adds to each call. */
  readonly edgeKey: string;
  /** For routes that change something. */
  readonly idempotency?: Idempotency;
}
/**
 * A Lambda function behind API Gateway's HTTP API, payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export type ApiHandler = LambdaHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

/** What is left of a function's time when it gives up (G4); API Gateway waits for 29 s and no longer, whatever a function may take. */
const spareMs = 500;
const longestMs = 28_000;
const strictTransport = { "strict-transport-security": "max-age=31536000" };

/** Returns the Lambda function that serves one route of the API. */
export function apiHandler(route: ApiRoute, options: ApiOptions): ApiHandler {
  return async (event, context) => {
    const functionContext = contextOf(context);
    try {
      return respond(await inTime(perform(route, event, context, functionContext, options), context, options.clock));
    } catch (error) {
      if (error instanceof Refusal) return respond(problemResponse(error.problem, error.headers));
      logger.error("failed", error as Error);
      const { problem, headers } = internalError();
      return respond(problemResponse(problem, headers));
    }
  };
}

async function perform(
  route: ApiRoute,
  event: APIGatewayProxyEventV2,
  context: Context,
  functionContext: FunctionContext,
  { idempotency, clock, edgeKey }: ApiOptions,
): Promise<RouteResponse> {
  const headers = lowerCased(event.headers);
  const identity = identify(route, event, headers.authorization);
  const body = route.method === "GET" ? undefined : readBody(event, headers, bodyLimits(route));
  const query = queryOf(new URLSearchParams(event.rawQueryString));
  const parsed = parseRequest(route, { pathParameters: textsOf(event.pathParameters), query, body });
  if ("problem" in parsed) return problemResponse(parsed.problem);
  const { authorization, cookie: _, [edgeKeyHeader]: __, ...others } = headers;
  const request: RouteRequest = {
    method: route.method,
    path: event.rawPath,
    ...parsed.request,
    headers: others,
    identity: identity ?? null,
    address: callerAddress(headers, event.requestContext.http.sourceIp, edgeKey),
    ...deviceSecretOf(route, authorization),
  };
  const answer = (): Promise<RouteResponse> => route.answer(request, functionContext);
  const key = others["idempotency-key"];
  if (key === undefined || idempotency === undefined || identity === undefined) return answer();
  const call = {
    key,
    userId: identity.sub,
    route: `${route.method} ${route.path}`,
    request: [event.rawPath, event.rawQueryString, request.body],
  };
  return idempotency.once(call, answer, clock.nowMs() + context.getRemainingTimeInMillis());
}

/** G2. Anyone may call a public route. */
function identify(route: ApiRoute, event: APIGatewayProxyEventV2, authorization: string | undefined): Identity | undefined {
  const { authorizer } = event.requestContext as { readonly authorizer?: { readonly jwt?: { readonly claims: Claims } } };
  const identity = identityOf(authorizer?.jwt?.claims);
  if (route.who === "public") return identity;
  if (identity === undefined) throw notSignedIn(authorization !== undefined);
  if (route.who === "admin" && !identity.groups.includes("admin")) throw staffOnly();
  if (route.who === "operator" && !identity.groups.includes("operator")) throw operatorsOnly();
  return identity;
}

function readBody(event: APIGatewayProxyEventV2, headers: Readonly<Record<string, string>>, limits: BodyLimits): JsonValue | undefined {
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > limits.bytes) throw tooLarge(limits);
  checkEncoding(headers["content-encoding"]);
  return parseTypedBody(bytes, headers["content-type"], limits);
}

/** G4. */
async function inTime(answer: Promise<RouteResponse>, context: Context, clock: Clock): Promise<RouteResponse> {
  let cancel = (): void => {};
  const tooLate = new Promise<never>((_, reject) => {
    const leftMs = Math.min(longestMs, Math.max(0, context.getRemainingTimeInMillis() - spareMs));
    cancel = clock.at(clock.nowMs() + leftMs, () => reject(tookTooLong()));
  });
  // One that loses the race may still fail; by then no caller waits for it.
  answer.catch(() => {});
  return Promise.race([answer, tooLate]).finally(() => cancel());
}

function respond({ statusCode, body, headers }: RouteResponse): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { ...commonHeaders, ...strictTransport, ...answerHeaders({ statusCode, ...(headers !== undefined && { headers }) }) },
    body: JSON.stringify(body),
  };
}

function lowerCased(headers: APIGatewayProxyEventV2["headers"]): Record<string, string> {
  return textsOf(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])));
}

function textsOf(values: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
