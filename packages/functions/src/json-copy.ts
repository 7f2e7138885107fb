/** Copies of JSON values, as text both ways would make them, and at most so many bytes of it. */
import type { JsonValue } from "@serverlesspresso/ports";

/** Nesting deeper than this, as that of a value in a circle, is left to the text. */
const deepest = 100;

/** Returns what `JSON.parse(JSON.stringify(value))` would, null for undefined; undefined where the text has more than `mostBytes`. */
export function jsonCopy(value: unknown, mostBytes: number): JsonValue | undefined {
  if (value === undefined || value === null) return null;
  const room: Room = { bytes: mostBytes };
  const copy = copyPlain(value, room, deepest);
  if (copy !== undefined && room.bytes >= 0) return copy;
  const text = JSON.stringify(value) ?? "null";
  return Buffer.byteLength(text) <= mostBytes ? (JSON.parse(text) as JsonValue) : undefined;
}

/** The bytes that are left if every value so far took the most that its text may. */
interface Room {
  bytes: number;
}

/** Returns undefined where only the text can tell: an object of a class, a `toJSON`, a function, a value that may be too large. */
function copyPlain(value: unknown, room: Room, depth: number): JsonValue | undefined {
  switch (typeof value) {
    case "string":
      // A unit takes six bytes where it is escaped.
      room.bytes -= value.length * 6 + 3;
      return value;
    case "number":
      room.bytes -= 26;
      // The text has no -0.
      return Number.isFinite(value) ? value + 0 : null;
    case "boolean":
      room.bytes -= 6;
      return value;
    case "object":
      room.bytes -= 5;
      if (value === null) return null;
      if (depth === 0 || room.bytes < 0 || "toJSON" in value) return undefined;
      return Array.isArray(value) ? copyArray(value, room, depth - 1) : copyObject(value, room, depth - 1);
    default:
      return undefined;
  }
}

function copyArray(values: readonly unknown[], room: Room, depth: number): JsonValue | undefined {
  const copy: JsonValue[] = [];
  for (const value of values) {
    const item = copyPlain(value ?? null, room, depth);
    if (item === undefined || room.bytes < 0) return undefined;
    copy.push(item);
  }
  return copy;
}

function copyObject(value: object, room: Room, depth: number): JsonValue | undefined {
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const copy: Record<string, JsonValue> = {};
  for (const name of Object.keys(value)) {
    const member: unknown = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    // Assigned, it would be the copy's prototype.
    if (name === "__proto__") return undefined;
    room.bytes -= name.length * 6 + 4;
    const item = copyPlain(member, room, depth);
    if (item === undefined) return undefined;
    copy[name] = item;
  }
  return copy;
}
