/**
 * Request units of on-demand tables, as DynamoDB bills them.
 *
 * U1. A write takes a unit for each KB of the larger of the item before and after; within a transaction twice that. One that fails its
 *     condition is billed all the same.
 * U2. An index takes a write of its own where what it holds of the item comes, goes or changes, and two where its key changes.
 * U3. Task tokens are longer on AWS than here (they may have 2,048 characters; some 700 are seen), so items count as if theirs were.
 * U4. Items are read strongly consistent (the port says so): a unit for each 4 KB. Queries as they ask.
 */
import { blueprint, type IndexBlueprint, type KeyAttribute, type TableBlueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { type AttributeMap, itemBytes } from "@serverlesspresso/tables";

/** U3. */
const awsTokenBytes = 700;

export interface Write {
  readonly table: TableBlueprint;
  readonly key: JsonObject;
}
type Image = AttributeMap | undefined;

/** The writes of a request, `TransactWriteItems` or a single one. */
export function writesOf(operation: string, request: JsonObject, tables = blueprint.tables): Write[] {
  if (operation !== "TransactWriteItems") return [writeOf(request, tables)];
  return (request.TransactItems as readonly JsonObject[]).map((item) => writeOf(Object.values(item)[0] as JsonObject, tables));
}

function writeOf({ TableName, Key, Item }: JsonObject, tables: readonly TableBlueprint[]): Write {
  const table = tableOf(TableName as string, tables);
  if (Key !== undefined) return { table, key: Key as JsonObject };
  return {
    table,
    key: Object.fromEntries(namesOf(table.partitionKey, table.sortKey).map((name) => [name, (Item as JsonObject)[name] ?? null])),
  };
}

/** @throws {RangeError} if the blueprint has no table of that name */
export function tableOf(name: string, tables = blueprint.tables): TableBlueprint {
  const table = tables.find((table) => table.name === name);
  if (table === undefined) throw new RangeError(`table "${name}" is not the blueprint's: its requests are not counted`);
  return table;
}

/** U1, U2: units of the table itself, and of each of its indexes. */
export function writeUnits(
  table: TableBlueprint,
  before: Image,
  after: Image,
): { readonly own: number; readonly indexes: readonly number[] } {
  return {
    own: kilobytes(Math.max(sizeOf(before), sizeOf(after))),
    indexes: table.indexes.map((index) => indexUnits(index, heldBy(table, index, before), heldBy(table, index, after))),
  };
}

/** Which part of a table a write heats: its partition key, where that is the same for many items. */
export function heatOf({ table, key }: Write): string {
  const value = Object.values((key[table.partitionKey.name] ?? {}) as JsonObject)[0];
  return `${table.name} ${String(value)
    .replace(/#.*/, "#...")
    .replace(/^[\d-]+$/, "(number)")}`;
}

/** What an index holds of an item; nothing of one that lacks a key of its own. */
function heldBy({ partitionKey, sortKey }: TableBlueprint, index: IndexBlueprint, image: Image): Image {
  const own = namesOf(index.partitionKey, index.sortKey);
  if (image === undefined || own.some((name) => image[name] === undefined)) return undefined;
  const held = new Set([...own, ...namesOf(partitionKey, sortKey), ...index.attributes]);
  return Object.fromEntries(Object.entries(image).filter(([name]) => held.has(name)));
}

function indexUnits({ partitionKey, sortKey }: IndexBlueprint, before: Image, after: Image): number {
  const keyOf = (image: Image): string => JSON.stringify(namesOf(partitionKey, sortKey).map((name) => image?.[name]));
  if (JSON.stringify(before) === JSON.stringify(after)) return 0;
  if (before !== undefined && after !== undefined && keyOf(before) === keyOf(after))
    return kilobytes(Math.max(sizeOf(before), sizeOf(after)));
  return (before === undefined ? 0 : kilobytes(sizeOf(before))) + (after === undefined ? 0 : kilobytes(sizeOf(after)));
}

function namesOf(...keys: readonly (KeyAttribute | undefined)[]): string[] {
  return keys.flatMap((key) => (key === undefined ? [] : [key.name]));
}

function sizeOf(image: Image): number {
  if (image === undefined) return 0;
  const { TaskToken } = image;
  return itemBytes(image) + (TaskToken === undefined ? 0 : awsTokenBytes - itemBytes({ TaskToken }));
}

function kilobytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}
