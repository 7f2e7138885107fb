import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Budget } from "./budget.ts";
import type { Environment } from "./decision.ts";

/** What an expression of a state may refer to. */
export interface Frame {
  readonly env: Environment;
  /** The steps that its expressions may still take. */
  readonly budget: Budget;
  /** `$` in JSONPath. */
  readonly input: JsonValue;
  /** `$states.input` in JSONata: the state's own input. */
  readonly stateInput: JsonValue;
  /** `$$` in JSONPath, `$states.context` in JSONata; made on first use. */
  context(): JsonObject;
  /** Returns the variable of this name in this scope or one around it; undefined if it is not assigned. */
  variable(name: string): JsonValue | undefined;
  /** `$states.result`. */
  readonly result?: JsonValue;
  /** `$states.errorOutput`. */
  readonly errorOutput?: JsonValue;
}

/** A compiled expression or template. */
export type Expression = (frame: Frame) => JsonValue;

/** Returns true for an object that is not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns an own member, never one of the prototype. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns a copy of `object` with one member set, safe for any name. */
export function withMember(object: JsonObject, name: string, value: JsonValue): JsonObject {
  const copy: { [key: string]: JsonValue } = { ...object };
  setMember(copy, name, value);
  return copy;
}

/** Sets an own member, `__proto__` included. */
export function setMember<T>(object: { [key: string]: T }, name: string, value: T): void {
  if (name === "__proto__") Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
