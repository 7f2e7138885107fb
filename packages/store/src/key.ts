/**
 * Keys are strings ordered by Unicode code point, which is the order of their UTF-8 bytes, LMDB's own.
 *
 * K1. `keyOf` keeps the order of its parts: tuples compare part by part; numbers before nothing else, ascending.
 * K2. No key made of parts is a prefix of a key with other parts: every part ends with U+0000.
 * K3. A key's UTF-8 bytes must fit LMDB's limit, `maxKeyBytes`.
 */

/** A key of the store. Make one with `keyOf`. */
export type Key = string;
/** One part of a key: text, or a whole number from 0 to 2^53 - 1. */
export type KeyPart = string | number;
/** A half-open range of keys: `start` ≤ key < `end`. */
export interface KeyRange {
  readonly start: Key;
  readonly end: Key;
}

/** The longest key in UTF-8 bytes, with the store's 8 KiB pages. */
export const maxKeyBytes = 4026;

/** The last five digits in base 36 and those before them: both are small whole numbers, whose digits cost a tenth of a large one's. */
const lowDigits = 5;
const low = 36 ** lowDigits;
const end = "\u0000";
const escapes = /[\u0000\u0001]/g;

/** Joins parts into one key that sorts as the tuple of its parts does. */
export function keyOf(...parts: readonly KeyPart[]): Key {
  let key = "";
  for (const part of parts) key += (typeof part === "number" ? numberPart(part) : textPart(part)) + end;
  return key;
}

/** All keys whose first parts are `parts`. */
export function rangeOf(...parts: readonly KeyPart[]): KeyRange {
  const start = keyOf(...parts);
  return { start, end: `${start.slice(0, -1)}\u0001` };
}

/** The parts of a key made by `keyOf`, numbers as numbers. */
export function partsOf(key: Key): KeyPart[] {
  const texts = key.split(end);
  texts.pop();
  return texts.map((text) => {
    if (text.charCodeAt(0) === 2) return Number.parseInt(text.slice(2), 36);
    return text.includes("\u0001") ? text.replace(/\u0001[\u0001\u0002\u0003]/g, unescapePair) : text;
  });
}

function unescapePair(pair: string): string {
  return pair === "\u0001\u0001" ? "\u0000" : pair === "\u0001\u0002" ? "\u0001" : "\u0002";
}

function textPart(text: string): string {
  // U+0002 opens a number, so a text that begins with it is escaped too.
  const escaped = mustEscape(text) ? text.replace(escapes, (c) => (c === "\u0000" ? "\u0001\u0001" : "\u0001\u0002")) : text;
  return escaped.charCodeAt(0) === 2 ? `\u0001\u0003${escaped.slice(1)}` : escaped;
}

function mustEscape(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 2) return true;
  return false;
}

function numberPart(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`key part is ${value}, expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  const digits = digitsOf(value);
  // The count of digits comes first, so that 9 sorts before 10.
  return `\u0002${digits.length.toString(36)}${digits}`;
}

function digitsOf(value: number): string {
  if (value < low) return value.toString(36);
  return Math.floor(value / low).toString(36) + (value % low).toString(36).padStart(lowDigits, "0");
}

/** Orders keys by code point; JavaScript's `<` orders surrogates before U+E000, UTF-8 after. */
export function compareKeys(a: Key, b: Key): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (x >= 0xd800 && y >= 0xd800) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
