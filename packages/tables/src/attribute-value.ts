/**
 * Attribute values in DynamoDB JSON, which is also how items lie in the store.
 *
 * V1. A normalised value has exactly one type; numbers are canonical, base64 is canonical, sets have no duplicates and are not empty.
 * V2. A value that is normal already is passed on, not copied.
 */

import { compareNumbers, normaliseNumber } from "./decimal.ts";
import { invalid, TablesError } from "./errors.ts";

/**
 * The type of a value, by its letters in DynamoDB JSON.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export type AttributeType = "S" | "N" | "B" | "SS" | "NS" | "BS" | "M" | "L" | "BOOL" | "NULL";
/** A value in DynamoDB JSON: `{"S": "Latte"}`. Binary is base64. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: AttributeMap }
  | { readonly L: readonly AttributeValue[] }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean };
/** An item, or a map within one. */
export type AttributeMap = { readonly [name: string]: AttributeValue };

/** An attribute counts as the first of 32 levels. */
const maxDepth = 31;
const types: ReadonlySet<string> = new Set(["S", "N", "B", "SS", "NS", "BS", "M", "L", "BOOL", "NULL"]);

/** The type of a normalised value. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

/** What a value holds, whatever its type. */
export function contentOf(value: AttributeValue): unknown {
  return (value as Record<string, unknown>)[typeOf(value)];
}

/** The attribute's own value: names such as `constructor` and `__proto__` mean attributes, never inherited members. */
export function attributeOf(map: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Sets an own member even where the name is `__proto__`. */
export function setAttribute(map: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name === "__proto__") Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  else map[name] = value;
}

/** @throws {TablesError} `ValidationException` or `SerializationException` where it is no item of attribute values */
export function normaliseMap(map: unknown, depth = 0): AttributeMap {
  if (!isObject(map)) throw serialization("Start of structure or map found where not expected.");
  let changed: Record<string, AttributeValue> | undefined;
  for (const name of Object.keys(map)) {
    if (name === "") throw invalid("One or more parameter values were invalid: Attribute name must not be empty");
    const value = normaliseValue(map[name], depth);
    if (value === map[name]) continue;
    changed ??= { ...(map as AttributeMap) };
    setAttribute(changed, name, value);
  }
  return changed ?? (map as AttributeMap);
}

/** @throws {TablesError} as `normaliseMap` */
export function normaliseValue(value: unknown, depth = 0): AttributeValue {
  if (!isObject(value)) throw serialization("Unexpected value type in payload");
  const names = Object.keys(value).filter((name) => value[name] !== undefined && value[name] !== null);
  const type = names[0];
  if (type === undefined || !types.has(type)) {
    throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (names.length > 1) {
    throw invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
  }
  if (depth > maxDepth)
    throw invalid("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit");
  const content = value[type];
  const normal = normalisers[type as AttributeType](content, depth);
  return normal === content && Object.keys(value).length === 1 ? (value as AttributeValue) : ({ [type]: normal } as AttributeValue);
}

const normalisers: Record<AttributeType, (content: unknown, depth: number) => unknown> = {
  S: (content) => text(content),
  N: (content) => normaliseNumber(text(content)),
  B: (content) => normaliseBinary(text(content)),
  SS: (content) => normaliseSet(content, "string", text),
  NS: (content) => normaliseSet(content, "number", (member) => normaliseNumber(text(member))),
  BS: (content) => normaliseSet(content, "binary", (member) => normaliseBinary(text(member))),
  M: (content, depth) => normaliseMap(content, depth + 1),
  L: (content, depth) => normaliseList(content, depth + 1),
  BOOL: (content) => {
    if (typeof content !== "boolean") throw serialization("Unexpected token received from parser");
    return content;
  },
  NULL: (content) => {
    if (content !== true)
      throw invalid("One or more parameter values were invalid: Null attribute value types must have the value of true");
    return content;
  },
};

function text(content: unknown): string {
  if (typeof content === "string") return content;
  const kind = typeof content === "number" ? "NUMBER_VALUE" : typeof content === "boolean" ? "TRUE_VALUE" : "Value";
  throw serialization(`${kind} cannot be converted to String`);
}

function normaliseBinary(base64: string): string {
  const canonical = Buffer.from(base64, "base64").toString("base64");
  if (withoutPadding(canonical) !== withoutPadding(base64))
    throw serialization("Base64 encoded length is unexpected or a character is not in the alphabet");
  return canonical;
}

function withoutPadding(base64: string): string {
  return base64.endsWith("==") ? base64.slice(0, -2) : base64.endsWith("=") ? base64.slice(0, -1) : base64;
}

const duplicates = {
  string: (members: string) => `One or more parameter values were invalid: Input collection [${members}] contains duplicates.`,
  number: () => "Input collection contains duplicates",
  binary: (members: string) => `One or more parameter values were invalid: Input collection [${members}]of type BS contains duplicates.`,
};

function normaliseSet(content: unknown, kind: keyof typeof duplicates, normalise: (member: unknown) => string): readonly string[] {
  if (!Array.isArray(content)) throw serialization("Unexpected value type in payload");
  if (content.length === 0) {
    const rule = kind === "binary" ? "Binary sets should not be empty" : `An ${kind} set  may not be empty`;
    throw invalid(`One or more parameter values were invalid: ${rule}`);
  }
  const members = content.map(normalise);
  if (new Set(members).size < members.length) throw invalid(duplicates[kind](members.join(", ")));
  return members.every((member, at) => member === content[at]) ? (content as string[]) : members;
}

function normaliseList(content: unknown, depth: number): readonly AttributeValue[] {
  if (!Array.isArray(content)) throw serialization("Unexpected value type in payload");
  const elements = content.map((element) => normaliseValue(element, depth));
  return elements.every((element, at) => element === content[at]) ? (content as AttributeValue[]) : elements;
}

/** Deep equality of normalised values; sets without regard to order. */
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  if (a === b) return true;
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  const [x, y] = [contentOf(a), contentOf(b)];
  if (type === "M") return sameMap(x as AttributeMap, y as AttributeMap);
  if (type === "L") return sameList(x as readonly AttributeValue[], y as readonly AttributeValue[]);
  if (Array.isArray(x)) return sameSet(x as string[], y as string[]);
  return x === y;
}

/** Returns whether two items have the same attributes with the same values. */
export function sameMap(a: AttributeMap, b: AttributeMap): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const other = attributeOf(b, name);
      return other !== undefined && sameValue(a[name] as AttributeValue, other);
    })
  );
}

function sameList(a: readonly AttributeValue[], b: readonly AttributeValue[]): boolean {
  return a.length === b.length && a.every((element, at) => sameValue(element, b[at] as AttributeValue));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const members = new Set(a);
  return a.length === b.length && b.every((member) => members.has(member));
}

/** The order of two S, N or B values of one type; undefined where they have no order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ("S" in a && "S" in b) return a.S === b.S ? 0 : Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if ("N" in a && "N" in b) return compareNumbers(a.N, b.N);
  if ("B" in a && "B" in b) return Buffer.compare(Buffer.from(a.B, "base64"), Buffer.from(b.B, "base64"));
  return undefined;
}

/** Returns whether the value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function serialization(message: string): TablesError {
  return new TablesError("SerializationException", message);
}
