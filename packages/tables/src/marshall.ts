/** Plain values to attribute values and back: numbers, sets and binary as JavaScript has them. */
import type { Item, PlainValue } from "@serverlesspresso/ports";
import { type AttributeMap, type AttributeValue, setAttribute } from "./attribute-value.ts";
import { invalid } from "./errors.ts";

/** An item in DynamoDB JSON. Members that are `undefined` are left out. @throws {TablesError} `ValidationException` for what DynamoDB has no type for */
export function marshall(item: Item): AttributeMap {
  const map: Record<string, AttributeValue> = {};
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) setAttribute(map, name, marshallValue(value));
  }
  return map;
}

/** A plain value as an attribute value. */
export function marshallValue(value: PlainValue): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: numberText(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(marshallValue) };
  if (value instanceof Set) return marshallSet([...value]);
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (isPlainObject(value)) return { M: marshall(value) };
  throw invalid(`no attribute value for a ${typeof value}, expected JSON, a Set or a Uint8Array`);
}

function isPlainObject(value: unknown): value is Item {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw invalid(`The parameter cannot be converted to a numeric value: ${value}`);
  return String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function marshallSet(members: readonly (string | number)[]): AttributeValue {
  if (members.length === 0) throw invalid("One or more parameter values were invalid: An string set  may not be empty");
  if (members.every((member) => typeof member === "string")) return { SS: members };
  if (members.every((member) => typeof member === "number")) return { NS: members.map(numberText) };
  throw invalid("a set has members of different types, expected strings alone or numbers alone");
}

/** A plain item. A number beyond 2^53 loses digits, as every JavaScript number does. */
export function unmarshall(item: AttributeMap): Item {
  const plain: Record<string, PlainValue> = {};
  for (const name of Object.keys(item)) {
    const value = unmarshallValue(item[name] as AttributeValue);
    if (name === "__proto__") Object.defineProperty(plain, name, { value, enumerable: true, configurable: true, writable: true });
    else plain[name] = value;
  }
  return plain;
}

/** An attribute value as a plain value. */
export function unmarshallValue(value: AttributeValue): PlainValue {
  if ("S" in value) return value.S;
  if ("N" in value) return Number(value.N);
  if ("BOOL" in value) return value.BOOL;
  if ("NULL" in value) return null;
  if ("M" in value) return unmarshall(value.M);
  if ("L" in value) return value.L.map(unmarshallValue);
  if ("SS" in value) return new Set(value.SS);
  if ("NS" in value) return new Set(value.NS.map(Number));
  if ("B" in value) return new Uint8Array(Buffer.from(value.B, "base64"));
  return value.BS.map((member) => new Uint8Array(Buffer.from(member, "base64")));
}
