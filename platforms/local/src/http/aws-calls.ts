/**
 * `POST /`: calls of AWS's JSON protocols, named by `X-Amz-Target`.
 *
 * W1. The user pool's public operations carry their own proof; every other call needs the right of an operator.
 * W2. Errors have AWS's shape, `{__type, message}`, and say nothing of the inside.
 */
import { IdentityError } from "@serverlesspresso/identity";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { StoreError } from "@serverlesspresso/store";
import type { RateLimits } from "./rate-limits.ts";
import { parseBody, readBytes } from "./read-body.ts";
import { Refusal } from "./refusal.ts";

/** One service: its operations, by name. */
export interface AwsService {
  /** Anybody may call these. */
  readonly publicOperations?: ReadonlySet<string>;
  call(operation: string, request: JsonObject, caller: { readonly address: string }): Promise<JsonValue>;
}

export interface AwsCallsOptions {
  /** By the part of `X-Amz-Target` before the dot. */
  readonly services: Readonly<Record<string, AwsService>>;
  /** Whether the request carries the right of an operator. */
  readonly isOperator: (request: Request, body: Uint8Array) => Promise<boolean>;
  readonly rateLimits: RateLimits;
  readonly onError: (error: unknown, what: string) => void;
}

/** A failure as a caller of AWS sees it. */
class AwsFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly more: JsonObject;
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}, more: JsonObject = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.more = more;
  }
}

/** Calls without any proof, from one address: a conference signs in within minutes. */
const perAddress = { burst: 1_000, perMinute: 1_000 };

export function createAwsCalls(options: AwsCallsOptions): (request: Request, address: string) => Promise<Response> {
  async function answer(request: Request, address: string): Promise<JsonValue> {
    const [prefix = "", operation = ""] = (request.headers.get("x-amz-target") ?? "").split(".");
    const service = Object.hasOwn(options.services, prefix) ? options.services[prefix] : undefined;
    if (service === undefined || operation === "") throw new AwsFailure(400, "UnknownOperationException", "");
    if (!/^application\/(x-amz-json-1\.[01]|json)\b/i.test(request.headers.get("content-type") ?? "")) {
      throw new AwsFailure(415, "UnsupportedMediaType", "Expected application/x-amz-json-1.1");
    }
    const bytes = await readBytes(request);
    if (service.publicOperations?.has(operation)) {
      const waitSeconds = options.rateLimits.take(`aws address ${address}`, perAddress);
      if (waitSeconds > 0) throw new AwsFailure(400, "TooManyRequestsException", "Rate exceeded", { "retry-after": String(waitSeconds) });
    } else if (!(await options.isOperator(request, bytes))) {
      throw new AwsFailure(403, "AccessDeniedException", `User is not authorized to perform: ${operation.slice(0, 64)}`);
    }
    return service.call(operation, objectOf(bytes), { address });
  }

  return async (request, address) => {
    try {
      return respond(200, await answer(request, address));
    } catch (error) {
      const failure = failureOf(error, options.onError);
      return respond(failure.status, { __type: failure.code, message: failure.message, ...failure.more }, failure.headers);
    }
  };
}

function objectOf(bytes: Uint8Array): JsonObject {
  const body = bytes.length === 0 ? {} : parseBody(bytes);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as JsonObject;
  throw new AwsFailure(400, "SerializationException", "The body must be a JSON object");
}

function failureOf(error: unknown, onError: AwsCallsOptions["onError"]): AwsFailure {
  if (error instanceof AwsFailure) return error;
  if (error instanceof Refusal) return new AwsFailure(error.problem.status, "SerializationException", error.message);
  if (error instanceof StoreError) {
    onError(error, "aws call");
    return new AwsFailure(503, "ServiceUnavailableException", "The service is unavailable", { "retry-after": "5" });
  }
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (error instanceof Error && typeof code === "string" && error.name === code) {
    const retryAfter =
      error instanceof IdentityError && error.retryAfterSeconds !== undefined ? { "retry-after": String(error.retryAfterSeconds) } : {};
    const { data } = error as { readonly data?: JsonObject };
    return new AwsFailure(400, code, error.message, retryAfter, data);
  }
  onError(error, "aws call");
  return new AwsFailure(500, "InternalFailure", "The request could not be processed");
}

function respond(status: number, body: JsonValue, headers: Readonly<Record<string, string>> = {}): Response {
  const common = { "content-type": "application/x-amz-json-1.1", "cache-control": "no-store" };
  return new Response(JSON.stringify(body), { status, headers: { ...common, ...headers } });
}
