import type { JsonLimits } from "@serverlesspresso/blueprint/edge/strict-json.ts";
import type { JsonObject } from "@serverlesspresso/ports";
import type { AwsFailure } from "./failure.ts";
import type { WireAnswer } from "./wire-request.ts";

/** A call as its protocol's body names it. */
export interface DecodedCall {
  readonly service: string;
  readonly operation: string;
  readonly request: JsonObject;
}

/** One request in one of AWS's protocols: what its address and headers say of it, and how its body and answer are written. */
export interface AddressedCall {
  /** Undefined where only the body says. */
  readonly service?: string;
  readonly operation?: string;
  /** Whether a caller without credentials may speak it: the one protocol that user pools have. */
  readonly isForStrangers?: boolean;
  /** Where no operation has the address. @throws {AwsFailure} */
  refuse?(): never;
  /** @param limits what JSON may hold, where that is less than usual @throws {AwsFailure} `SerializationException` */
  decode(body: Buffer, limits?: JsonLimits): DecodedCall;
  answer(result: JsonObject, call: DecodedCall, requestId: string): WireAnswer;
  fail(failure: AwsFailure, requestId: string): WireAnswer;
}

/** Headers of every answer. */
export function commonHeaders(contentType: string, requestId: string): Record<string, string> {
  return { "content-type": contentType, "cache-control": "no-store", "x-amzn-requestid": requestId };
}
