/** Items as DynamoDB JSON: bytes of the SDK become base64. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item as the SDK holds it. */
export type WireItem = Record<string, AttributeValue>;
type Json = { readonly [type: string]: unknown };

/** Returns an item as JSON text with its attributes sorted by name, so that equal items have equal texts. */
export function printItem(item: WireItem): string {
  return JSON.stringify(sorted(mapValues(item, toJson)));
}

/** Returns the item of a parsed line. @throws {SyntaxError} if the value is not an item in DynamoDB JSON */
export function readItem(value: unknown): WireItem {
  if (!isJson(value)) throw new SyntaxError("an item is an object of attributes");
  return mapValues(value, fromJson);
}

/** Returns true if both items have the same attributes and values. */
export function sameItem(one: WireItem, other: WireItem): boolean {
  return printItem(one) === printItem(other);
}

function toJson(value: AttributeValue): Json {
  const [type, content] = Object.entries(value)[0] as [string, unknown];
  return { [type]: contentToJson(type, content) };
}

function contentToJson(type: string, content: unknown): unknown {
  if (type === "B") return base64(content as Uint8Array);
  if (type === "BS") return (content as Uint8Array[]).map(base64).sort();
  if (type === "SS" || type === "NS") return [...(content as string[])].sort();
  if (type === "M") return sorted(mapValues(content as WireItem, toJson));
  if (type === "L") return (content as AttributeValue[]).map(toJson);
  return content;
}

function fromJson(value: unknown): AttributeValue {
  const [entry, second] = isJson(value) ? Object.entries(value) : [];
  if (entry === undefined || second !== undefined) throw new SyntaxError('a value has one type, such as {"S": "text"}');
  const [type, content] = entry;
  return { [type]: contentFromJson(type, content) } as unknown as AttributeValue;
}

function contentFromJson(type: string, content: unknown): unknown {
  if (type === "B") return Buffer.from(content as string, "base64");
  if (type === "BS") return (content as string[]).map((text) => Buffer.from(text, "base64"));
  if (type === "M") return mapValues(content as Json, fromJson);
  if (type === "L") return (content as unknown[]).map(fromJson);
  return content;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function mapValues<From, To>(record: Readonly<Record<string, From>>, of: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
}
function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
