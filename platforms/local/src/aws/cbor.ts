/** CBOR (RFC 8949), as far as Smithy's RPC protocol uses it. Instants have tag 1; they are numbers of seconds to us. Bytes are base64 text to us. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** Why bytes are not CBOR that we take. */
export class CborRefused extends Error {
  override readonly name = "CborRefused";
}

const deepest = 100;
const stop = Symbol("stop");
const instantTag = 0xc1;

/** @throws {CborRefused} */
export function decodeCbor(bytes: Uint8Array): JsonValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function list(length: number | undefined, depth: number): JsonValue[] {
    const values: JsonValue[] = [];
    while (length === undefined || values.length < length) {
      const value = item(depth + 1);
      if (value === stop && length === undefined) return values;
      values.push(present(value));
    }
    return values;
  }

  function map(length: number | undefined, depth: number): JsonObject {
    const entries: [string, JsonValue][] = [];
    while (length === undefined || entries.length < length) {
      const name = item(depth + 1);
      if (name === stop && length === undefined) break;
      if (typeof name !== "string") throw new CborRefused("a member's name is not text");
      entries.push([name, present(item(depth + 1))]);
    }
    return Object.fromEntries(entries);
  }

  function item(depth: number): JsonValue | typeof stop {
    if (depth > deepest) throw new CborRefused(`the body is nested deeper than ${deepest} levels`);
    const head = view.getUint8(take(1));
    const [major, info] = [head >> 5, head & 31];
    switch (major) {
      case 0:
        return definite(info);
      case 1:
        return -1 - definite(info);
      case 2:
        return chunksOf(major, info).toString("base64");
      case 3:
        return chunksOf(major, info).toString("utf8");
      case 4:
        return list(argument(info), depth);
      case 5:
        return map(argument(info), depth);
      case 6:
        definite(info);
        return present(item(depth + 1));
      default:
        return simple(info);
    }
  }

  function take(count: number): number {
    if (count > bytes.length - at) throw new CborRefused("the body ends in the middle of a value");
    at += count;
    return at - count;
  }

  function simple(info: number): JsonValue | typeof stop {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return null;
    if (info === 25) return half(view.getUint16(take(2)));
    if (info === 26) return view.getFloat32(take(4));
    if (info === 27) return view.getFloat64(take(8));
    if (info === 31) return stop;
    throw new CborRefused("a simple value is not known");
  }

  /** The number that follows a head; undefined for an open length. */
  function argument(info: number): number | undefined {
    if (info < 24) return info;
    if (info === 24) return view.getUint8(take(1));
    if (info === 25) return view.getUint16(take(2));
    if (info === 26) return view.getUint32(take(4));
    if (info === 27) return Number(view.getBigUint64(take(8)));
    if (info === 31) return undefined;
    throw new CborRefused("a head is not well-formed");
  }

  function definite(info: number): number {
    const value = argument(info);
    if (value === undefined) throw new CborRefused("an open length stands where none may");
    return value;
  }

  function chunksOf(major: number, info: number): Buffer {
    const length = argument(info);
    if (length !== undefined) {
      const from = take(length);
      return Buffer.from(bytes.subarray(from, from + length));
    }
    const chunks: Buffer[] = [];
    for (;;) {
      const head = view.getUint8(take(1));
      if (head === 0xff) return Buffer.concat(chunks);
      if (head >> 5 !== major) throw new CborRefused("a chunk has another kind than its text");
      const part = definite(head & 31);
      const from = take(part);
      chunks.push(Buffer.from(bytes.subarray(from, from + part)));
    }
  }

  const value = present(item(0));
  if (at < bytes.length) throw new CborRefused("the body goes on after its value");
  return value;
}

function present(value: JsonValue | typeof stop): JsonValue {
  if (value === stop) throw new CborRefused("a stop stands where a value is expected");
  return value;
}

function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** @param isInstant whether the numbers of a member are instants */
export function encodeCbor(value: JsonValue, isInstant: (member: string) => boolean = () => false): Buffer {
  const parts: Buffer[] = [];

  function head(major: number, value: number): void {
    const size = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x1_0000_0000 ? 4 : 8;
    const part = Buffer.alloc(1 + size);
    part[0] = (major << 5) | (size === 0 ? value : 24 + Math.log2(size));
    if (size === 8) part.writeBigUInt64BE(BigInt(value), 1);
    else if (size > 0) part.writeUIntBE(value, 1, size);
    parts.push(part);
  }

  function number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) head(value < 0 ? 1 : 0, value < 0 ? -1 - value : value);
    else {
      const part = Buffer.alloc(9);
      part[0] = 0xfb;
      part.writeDoubleBE(value, 1);
      parts.push(part);
    }
  }

  function put(value: JsonValue, member: string): void {
    if (value === null) parts.push(Buffer.of(0xf6));
    else if (typeof value === "boolean") parts.push(Buffer.of(value ? 0xf5 : 0xf4));
    else if (typeof value === "number") {
      if (isInstant(member)) parts.push(Buffer.of(instantTag));
      number(value);
    } else if (typeof value === "string") {
      const text = Buffer.from(value);
      head(3, text.length);
      parts.push(text);
    } else if (Array.isArray(value)) {
      head(4, value.length);
      for (const one of value as readonly JsonValue[]) put(one, member);
    } else {
      const members = Object.entries(value);
      head(5, members.length);
      for (const [name, one] of members) {
        put(name, "");
        put(one, name);
      }
    }
  }

  put(value, "");
  return Buffer.concat(parts);
}
