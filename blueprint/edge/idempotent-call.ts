import type { JsonValue } from "@serverlesspresso/ports";
import { Refusal } from "./refusal.ts";

/** One mutating call with an `Idempotency-Key`. */
export interface IdempotentCall {
  readonly key: string;
  readonly userId: string;
  /** Method and path of the route. */
  readonly route: string;
  /** What must be the same in a repeat: the address and the body. */
  readonly request: JsonValue;
}

/** As the OpenAPI document says. */
const longestKey = 128;

/** @throws {Refusal} 400 for an invalid key */
export function checkIdempotencyKey(key: string): void {
  if (key.length <= longestKey && /^[\x21-\x7e]+$/.test(key)) return;
  throw new Refusal("invalid-request", `The Idempotency-Key must have 1 to ${longestKey} visible ASCII characters.`);
}

/** The refusal of a key that was used for something else. */
export function keyReused(): Refusal {
  return new Refusal("idempotency-key-reused", "This Idempotency-Key was used for another request.");
}
