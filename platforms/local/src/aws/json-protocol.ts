/** AWS's JSON protocols 1.0 and 1.1: the operation in `X-Amz-Target`, everything else in the body. */
import { crc32 } from "node:zlib";
import { parseJsonObject } from "./body.ts";
import { AwsFailure } from "./failure.ts";
import { type AddressedCall, commonHeaders } from "./protocol.ts";
import { queryErrorHeader } from "./query-errors.ts";
import type { WireAnswer } from "./wire-request.ts";
import type { WireServices } from "./wire-service.ts";

/** @throws {AwsFailure} for another media type */
export function addressJsonCall(target: string, contentType: string, services: WireServices): AddressedCall {
  const dot = target.lastIndexOf(".");
  const [service, operation] = [target.slice(0, dot), target.slice(dot + 1)];
  const version = /^application\/x-amz-json-1\.([01])\b/i.exec(contentType)?.[1];
  const respond = (status: number, body: object, headers: Readonly<Record<string, string>>, requestId: string): WireAnswer => {
    const text = JSON.stringify(body);
    return {
      status,
      body: text,
      headers: {
        ...commonHeaders(`application/x-amz-json-1.${version ?? "1"}`, requestId),
        ...(service.startsWith("DynamoDB_") && { "x-amz-crc32": String(crc32(text)) }),
        ...headers,
      },
    };
  };
  return {
    service,
    operation,
    isForStrangers: true,
    decode(body, limits) {
      if (version === undefined && !/^application\/json\b/i.test(contentType)) {
        throw new AwsFailure(415, "UnsupportedMediaType", "Expected application/x-amz-json-1.0 or 1.1");
      }
      return { service, operation, request: parseJsonObject(body, limits) };
    },
    answer: (result, _call, requestId) => respond(200, result, {}, requestId),
    fail: (failure, requestId) =>
      respond(
        failure.status,
        { __type: failure.code, message: failure.message, ...failure.data },
        { "x-amzn-errortype": failure.code, ...queryErrorHeader(services.get(service)?.service.errors, failure), ...failure.headers },
        requestId,
      ),
  };
}
