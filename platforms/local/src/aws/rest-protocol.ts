/** The REST-JSON protocol of Lambda and IoT's data plane: the operation in method and path. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { parseJson } from "./body.ts";
import { AwsFailure } from "./failure.ts";
import { type AddressedCall, commonHeaders, type DecodedCall } from "./protocol.ts";

interface RestOperation {
  readonly service: string;
  readonly operation: string;
  readonly method: string;
  /** Its groups are the path parameters. */
  readonly path: RegExp;
  decode(parameter: string, headers: Headers, query: URLSearchParams, body: Buffer): JsonObject;
  answer?(
    result: JsonObject,
    call: DecodedCall,
  ): { readonly status: number; readonly headers?: Record<string, string>; readonly body: string };
}

const functions = "/2015-03-31/functions";
const named = (name: string): JsonObject => ({ FunctionName: name });

const operations: readonly RestOperation[] = [
  {
    service: "AWSLambda",
    operation: "Invoke",
    method: "POST",
    path: new RegExp(`^${functions}/([^/]+)/invocations$`),
    decode: (name, headers, query, body) => ({
      FunctionName: name,
      InvocationType: headers.get("x-amz-invocation-type") ?? "RequestResponse",
      LogType: headers.get("x-amz-log-type") ?? "None",
      ...(query.has("Qualifier") && { Qualifier: query.get("Qualifier") }),
      Payload: payloadOf(body),
    }),
    answer({ StatusCode, FunctionError, LogResult, Payload }) {
      const isEmpty = StatusCode !== 200;
      return {
        status: StatusCode as number,
        headers: {
          "x-amz-executed-version": "$LATEST",
          ...(typeof FunctionError === "string" && { "x-amz-function-error": FunctionError }),
          ...(typeof LogResult === "string" && { "x-amz-log-result": LogResult }),
        },
        body: isEmpty ? "" : JSON.stringify(Payload),
      };
    },
  },
  {
    service: "AWSLambda",
    operation: "ListFunctions",
    method: "GET",
    path: new RegExp(`^${functions}/?$`),
    decode: (_name, _headers, query) => ({
      ...(query.has("Marker") && { Marker: query.get("Marker") }),
      ...(query.has("MaxItems") && { MaxItems: Number(query.get("MaxItems")) }),
    }),
  },
  { service: "AWSLambda", operation: "GetFunction", method: "GET", path: new RegExp(`^${functions}/([^/]+)$`), decode: named },
  {
    service: "AWSLambda",
    operation: "GetFunctionConfiguration",
    method: "GET",
    path: new RegExp(`^${functions}/([^/]+)/configuration$`),
    decode: named,
  },
  {
    service: "IotData",
    operation: "Publish",
    method: "POST",
    path: /^\/topics\/(.+)$/,
    decode: (topic, _headers, _query, body) => ({ topic, payload: messageOf(body) }),
    answer: () => ({ status: 200, body: JSON.stringify({ message: "OK" }) }),
  },
];

/** Undefined where no operation has such an address. */
export function addressRestCall(request: Request): AddressedCall | undefined {
  const { pathname, searchParams } = new URL(request.url);
  for (const one of operations) {
    const match = one.method === request.method ? one.path.exec(pathname) : null;
    if (match !== null) return addressed(one, decodePath(match[1] ?? ""), request.headers, searchParams);
  }
  return undefined;
}

function addressed(
  { service, operation, decode, answer }: RestOperation,
  parameter: string,
  headers: Headers,
  query: URLSearchParams,
): AddressedCall {
  return {
    service,
    operation,
    decode: (body) => ({ service, operation, request: decode(parameter, headers, query, body) }),
    answer(result, call, requestId) {
      const { status, headers: more, body } = answer?.(result, call) ?? { status: 200, body: JSON.stringify(result) };
      return new Response(status === 204 ? null : body, { status, headers: { ...commonHeaders("application/json", requestId), ...more } });
    },
    fail: failRest,
  };
}

/** A failure in the words of REST services, also where no operation was found. */
export function failRest({ status, code, message, headers }: AwsFailure, requestId: string): Response {
  const isMissing = code === "ResourceNotFoundException";
  return new Response(JSON.stringify({ Type: status < 500 ? "User" : "Service", message, Message: message }), {
    status: isMissing ? 404 : status,
    headers: { ...commonHeaders("application/json", requestId), "x-amzn-errortype": code, ...headers },
  });
}

/** An event for a function. @throws {AwsFailure} as Lambda where it is no JSON */
function payloadOf(body: Buffer): JsonValue {
  try {
    return body.length === 0 ? {} : parseJson(body);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    throw new AwsFailure(400, "InvalidRequestContentException", `Could not parse request body into json: ${error.message}`);
  }
}

/** A message for a topic. @throws {AwsFailure} where it is no JSON: the shop's topics carry nothing else */
function messageOf(body: Buffer): JsonValue {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    throw new AwsFailure(400, "InvalidRequestException", `The payload must be JSON: ${error.message}`);
  }
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsFailure(400, "InvalidRequestException", "The path is not encoded as UTF-8");
  }
}
