/**
 * Where items and index entries lie in the store.
 *
 * I1. Items of one partition lie side by side in the order of their sort key: S by UTF-8 bytes, N by value, B by bytes.
 * I2. An index entry's key ends with the item's own key, so that equal index keys stay apart, in one order both ways.
 * I3. Every key DynamoDB allows fits the store's limit: where order does not matter, long parts are replaced by their hash.
 */
import { createHash } from "node:crypto";
import type { Key, KeyRange } from "@serverlesspresso/store";
import { type AttributeMap, attributeOf, contentOf, typeOf } from "./attribute-value.ts";
import { orderedNumber } from "./decimal.ts";
import { invalid, SchemaMismatchError } from "./errors.ts";
import type { IndexDefinition } from "./index-definition.ts";
import { binaryBytes } from "./item-size.ts";
import type { KeyAttribute, KeySchema } from "./key-schema.ts";
import { kinds } from "./record-kinds.ts";
import type { TableDefinition } from "./table-definition.ts";

const maxHashBytes = 2048;
const maxSortBytes = 1024;
const longPart = 480;
const hashed = "\u0003";

/** The group of a table's items among all items' keys. */
export function itemGroup(table: TableDefinition): string {
  return `${table.id}`;
}
/** The group of an index's entries among them. */
export function indexGroup(table: TableDefinition, index: IndexDefinition): string {
  return `${table.id}.${index.id}`;
}

/**
 * The key under which the item with this primary key lies.
 * @param key exactly the key's attributes
 * @throws {TablesError} `ValidationException`
 */
export function keyOfRequest(table: TableDefinition, key: AttributeMap): Key {
  const count = table.sort === undefined ? 1 : 2;
  const fits = (attribute: KeyAttribute | undefined): boolean => {
    const value = attribute === undefined ? undefined : attributeOf(key, attribute.name);
    return attribute === undefined || (value !== undefined && typeOf(value) === attribute.type);
  };
  if (Object.keys(key).length !== count || !fits(table.hash) || !fits(table.sort)) {
    throw new SchemaMismatchError("The provided key element does not match the schema");
  }
  return keyOfItem(table, key);
}

/**
 * The key under which an item lies.
 * @throws {TablesError} `ValidationException` where a key attribute is missing, empty, too long or of another type
 */
export function keyOfItem(table: TableDefinition, item: AttributeMap): Key {
  const hash = hashPart(keyContent(item, table.hash, maxHashBytes), table.hash);
  if (table.sort === undefined) return kinds.items.key(itemGroup(table), hash);
  return kinds.items.key(itemGroup(table), hash, sortPart(keyContent(item, table.sort, maxSortBytes), table.sort));
}

function keyContent(item: AttributeMap, attribute: KeyAttribute, maxBytes: number): string {
  const value = attributeOf(item, attribute.name);
  if (value === undefined)
    throw new SchemaMismatchError(`One or more parameter values were invalid: Missing the key ${attribute.name} in the item`);
  if (typeOf(value) !== attribute.type) {
    throw new SchemaMismatchError(
      `One or more parameter values were invalid: Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
    );
  }
  const content = contentOf(value) as string;
  // Told by the request alone, so it refuses a transaction as a whole.
  if (content === "") {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${attribute.type === "S" ? "string" : "binary"} value. Key: ${attribute.name}`,
    );
  }
  checkLength(content, attribute, maxBytes);
  return content;
}

function checkLength(content: string, { type, name }: KeyAttribute, maxBytes: number): void {
  if (!content.isWellFormed())
    throw new SchemaMismatchError(`One or more parameter values were invalid: key ${name} is not well-formed Unicode`);
  if (type === "N" || content.length * 3 <= maxBytes) return;
  const bytes = type === "B" ? binaryBytes(content) : Buffer.byteLength(content);
  if (bytes <= maxBytes) return;
  throw new SchemaMismatchError(
    maxBytes === maxHashBytes
      ? "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
      : "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
  );
}

/** A partition's order among others does not matter, so it may be a hash (I3). */
function hashPart(content: string, { type }: KeyAttribute): string {
  const text = type === "N" ? orderedNumber(content) : content;
  return text.length > longPart || text.startsWith(hashed) ? hashed + digest(text) : text;
}

/** A sort key's text in the order of its values (I1). */
function sortPart(content: string, { type }: KeyAttribute): string {
  return type === "S" ? content : type === "N" ? orderedNumber(content) : orderedBinary(content);
}

/** Bytes as text of the same order: six bits a character, the longer after its own beginning. */
function orderedBinary(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  let text = "";
  for (let bit = 0; bit < bytes.length * 8; bit += 6) {
    const at = bit >> 3;
    const pair = ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
    text += String.fromCharCode(48 + ((pair >> (10 - (bit & 7))) & 63));
  }
  return text;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Returns the key of an item's entry in an index, or undefined if the item lacks the index's attribute.
 * @throws {TablesError} `ValidationException` where an index key has another type or is empty
 */
export function indexKeyOf(table: TableDefinition, index: IndexDefinition, item: AttributeMap, itemKey: Key): Key | undefined {
  const hash = indexContent(item, index.hash, index, maxHashBytes);
  const sort = index.sort === undefined ? "" : indexContent(item, index.sort, index, maxSortBytes);
  if (hash === undefined || sort === undefined) return undefined;
  const tie = itemKey.length > longPart ? hashed + digest(itemKey) : itemKey;
  const parts = index.sort === undefined ? [] : [sortPart(sort, index.sort)];
  return kinds.items.key(indexGroup(table, index), hashPart(hash, index.hash), ...parts, tie);
}

function indexContent(item: AttributeMap, attribute: KeyAttribute, index: IndexDefinition, maxBytes: number): string | undefined {
  const value = attributeOf(item, attribute.name);
  if (value === undefined) return undefined;
  if (typeOf(value) !== attribute.type) {
    throw new SchemaMismatchError(
      `One or more parameter values were invalid: Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
    );
  }
  const content = contentOf(value) as string;
  if (content === "") {
    throw new SchemaMismatchError(
      `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${attribute.type === "S" ? "string" : "binary"} value. IndexName: ${index.name}, IndexKey: ${attribute.name}`,
    );
  }
  checkLength(content, attribute, maxBytes);
  return content;
}

/** A condition on a sort key; values are contents of the key's type. */
export type SortCondition =
  | { readonly operator: "=" | "<" | "<=" | ">" | ">="; readonly value: string }
  | { readonly operator: "between"; readonly low: string; readonly high: string }
  | { readonly operator: "begins_with"; readonly value: string };

/** The keys of one partition that meet a condition on the sort key. */
export function rangeOfPartition(group: string, keys: KeySchema, hash: string, condition?: SortCondition): KeyRange {
  const prefix = kinds.items.key(group, hashPart(hash, keys.hash));
  const whole = { start: prefix, end: `${prefix.slice(0, -1)}\u0001` };
  if (condition === undefined || keys.sort === undefined) return whole;
  const sort = keys.sort;
  const at = (value: string): Key => kinds.items.key(group, hashPart(hash, keys.hash), sortPart(value, sort));
  // A part ends with U+0000, so the same text with U+0001 comes right after all keys that begin with the part.
  const after = (value: string): Key => `${at(value).slice(0, -1)}\u0001`;
  switch (condition.operator) {
    case "=":
      return { start: at(condition.value), end: after(condition.value) };
    case "<":
      return { start: whole.start, end: at(condition.value) };
    case "<=":
      return { start: whole.start, end: after(condition.value) };
    case ">":
      return { start: after(condition.value), end: whole.end };
    case ">=":
      return { start: at(condition.value), end: whole.end };
    case "between":
      return { start: at(condition.low), end: after(condition.high) };
    case "begins_with":
      return sort.type === "B" ? binaryPrefixRange(at, whole, condition.value) : textPrefixRange(at, whole, condition.value);
  }
}

function textPrefixRange(at: (value: string) => Key, whole: KeyRange, prefix: string): KeyRange {
  const start = at(prefix).slice(0, -1);
  return { start, end: textSuccessor(start) ?? whole.end };
}

/** The smallest text greater than all that begin with `text`, by code point. */
function textSuccessor(text: string): string | undefined {
  const points = [...text];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) as number;
    if (point < 0x10ffff) return points.join("") + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}

function binaryPrefixRange(at: (value: string) => Key, whole: KeyRange, prefix: string): KeyRange {
  const bytes = Buffer.from(prefix, "base64");
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0xff) length--;
  if (length === 0) return { start: at(prefix).slice(0, -1), end: whole.end };
  bytes[length - 1] = (bytes[length - 1] as number) + 1;
  return { start: at(prefix).slice(0, -1), end: at(bytes.subarray(0, length).toString("base64")) };
}
