/** Smithy's RPC v2 with CBOR: `POST /service/SERVICE/operation/OPERATION`. @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { CborRefused, decodeCbor, encodeCbor } from "./cbor.ts";
import { AwsFailure } from "./failure.ts";
import { type AddressedCall, commonHeaders } from "./protocol.ts";
import { queryErrorHeader } from "./query-errors.ts";
import type { WireAnswer, WireHeaders } from "./wire-request.ts";
import type { WireServices } from "./wire-service.ts";

/** Undefined where the path is another. */
export function addressCborCall(path: string, headers: WireHeaders, services: WireServices): AddressedCall | undefined {
  const [, service, operation] = /^\/service\/([\w.]+)\/operation\/(\w+)$/.exec(path) ?? [];
  if (service === undefined || operation === undefined) return undefined;
  const { instants = [], errors } = services.get(service)?.service ?? {};
  const respond = (status: number, body: JsonObject, more: Readonly<Record<string, string>>, requestId: string): WireAnswer => ({
    status,
    body: new Uint8Array(encodeCbor(body, (member) => instants.includes(member))),
    headers: { ...commonHeaders("application/cbor", requestId), "smithy-protocol": "rpc-v2-cbor", ...more },
  });
  return {
    service,
    operation,
    decode(body) {
      if (headers.get("smithy-protocol") !== "rpc-v2-cbor") {
        throw new AwsFailure(400, "SerializationException", "Expected the header smithy-protocol: rpc-v2-cbor");
      }
      return { service, operation, request: objectOf(body) };
    },
    answer: (result, _call, requestId) => respond(200, result, {}, requestId),
    fail: (failure, requestId) =>
      respond(
        failure.status,
        { __type: failure.code, message: failure.message, ...failure.data },
        { ...queryErrorHeader(errors, failure), ...failure.headers },
        requestId,
      ),
  };
}

function objectOf(body: Buffer): JsonObject {
  const value = body.length === 0 ? {} : decode(body);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new AwsFailure(400, "SerializationException", "The body must be a map");
}

function decode(body: Buffer): JsonValue {
  try {
    return decodeCbor(body);
  } catch (error) {
    if (error instanceof CborRefused) throw new AwsFailure(400, "SerializationException", `The body is not CBOR: ${error.message}`);
    throw error;
  }
}
