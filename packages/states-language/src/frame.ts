import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Budget } from "./budget.ts";
import type { Environment } from "./decision.ts";

/** What an expression of a state may refer to while it is evaluated. */
export interface Frame {
  readonly env: Environment;
  /** What its expressions may still do. */
  readonly budget: Budget;
  /** `$` in JSONPath. */
  readonly input: JsonValue;
  /** `$states.input` in JSONata: the state's own input. */
  readonly stateInput: JsonValue;
  /** `$$` in JSONPath, `$states.context` in JSONata; made when asked for. */
  context(): JsonObject;
  /** The variable of this name, in this scope or one around it. */
  variable(name: string): JsonValue | undefined;
  /** `$states.result`. */
  readonly result?: JsonValue;
  /** `$states.errorOutput`. */
  readonly errorOutput?: JsonValue;
}

/** A compiled expression or template. */
export type Expression = (frame: Frame) => JsonValue;

/** True for an object that is no array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads an own member; never one of the prototype. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A copy of `object` with one member set, safe for any name. */
export function withMember(object: JsonObject, name: string, value: JsonValue): JsonObject {
  const copy: { [key: string]: JsonValue } = { ...object };
  setMember(copy, name, value);
  return copy;
}

/** Sets an own member, `__proto__` included. */
export function setMember(object: { [key: string]: JsonValue }, name: string, value: JsonValue): void {
  if (name === "__proto__") Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
