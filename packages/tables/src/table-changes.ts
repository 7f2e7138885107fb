/**
 * Making tables, and bringing them to another definition.
 *
 * A1. A table is usable, and an index complete, with the transaction that made it: there is no `CREATING`.
 * A2. `ensureTable` with an unchanged description changes nothing, not even what was changed by other calls since.
 */
import { requestParser } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Key, Transaction } from "@serverlesspresso/store";
import type { AttributeMap } from "./attribute-value.ts";
import type { TablesCore } from "./engine.ts";
import { refusal, TablesError } from "./errors.ts";
import { checkIndexes, type IndexDefinition } from "./index-definition.ts";
import { indexGroup, indexKeyOf, itemGroup } from "./item-key.ts";
import { kinds } from "./record-kinds.ts";
import { readDefinition, type TableDefinition, TableDescription } from "./table-definition.ts";
import { readOptions } from "./table-options.ts";

const parse = requestParser(refusal);

/** Makes the table, or brings it to this description (A2). @throws {TablesError} where something of it cannot be changed */
export function ensureTable(core: TablesCore, tx: Transaction, description: JsonObject): void {
  const parsed = parse(TableDescription, description);
  const existing = core.catalog.find(tx, parsed.TableName);
  if (existing === undefined) makeTable(core, tx, parsed, description);
  else if (JSON.stringify(existing.request) !== JSON.stringify(description)) reconcile(core, tx, existing, parsed, description);
}

/** Makes a table. @param request as it came, to tell an unchanged repetition */
export function makeTable(
  { catalog, ids }: TablesCore,
  tx: Transaction,
  description: TableDescription,
  request: JsonValue,
): TableDefinition {
  const draft = readDefinition(description, { id: 0, tableId: ids.uuid(), createdMs: catalog.nowMs(), request });
  const made = { ...draft, id: catalog.nextId(tx) };
  catalog.put(tx, made);
  return made;
}

/** Stores the new definition and brings index entries and timers to it. */
export function changeTable({ catalog, expiry }: TablesCore, tx: Transaction, before: TableDefinition, after: TableDefinition): void {
  checkIndexes(after, after.indexes);
  const kept = new Set(after.indexes.map(({ id }) => id));
  const old = new Set(before.indexes.map(({ id }) => id));
  for (const index of before.indexes) if (!kept.has(index.id)) clearGroup(tx, indexGroup(before, index));
  for (const index of after.indexes) if (!old.has(index.id)) fill(tx, after, index);
  if (before.timeToLiveAttribute !== after.timeToLiveAttribute) expiry.followAll(tx, before, after);
  catalog.put(tx, after);
}

function reconcile(core: TablesCore, tx: Transaction, before: TableDefinition, description: TableDescription, request: JsonValue): void {
  const { id, tableId, createdMs } = before;
  const wanted = readDefinition(description, { id, tableId, createdMs, request });
  if (JSON.stringify([wanted.hash, wanted.sort]) !== JSON.stringify([before.hash, before.sort])) {
    throw new TablesError("ResourceInUseException", `Table already exists: ${before.name}, with another key schema`);
  }
  const indexes = wanted.indexes.map((index, at): IndexDefinition => {
    const existing = before.indexes.find((one) => sameIndex(one, index));
    return { ...index, id: existing?.id ?? before.nextIndexId + at };
  });
  const options = readOptions(description, before);
  changeTable(core, tx, before, { ...wanted, ...options, indexes, nextIndexId: before.nextIndexId + indexes.length });
}

function sameIndex({ id: _a, ...a }: IndexDefinition, { id: _b, ...b }: IndexDefinition): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Deletes all items of a table, or all entries of an index. */
export function clearGroup(tx: Transaction, group: string): void {
  for (const [key] of tx.scan(kinds.items.range(group))) tx.delete(key);
}

/** Gives every item that has the index's attributes its entry; an item whose attributes do not fit is left out, as on AWS. */
function fill(tx: Transaction, table: TableDefinition, index: IndexDefinition): void {
  for (const [key, item] of tx.scan<AttributeMap>(kinds.items.range(itemGroup(table)))) {
    const entry = entryOf(table, index, item, key);
    if (entry !== undefined) tx.put(entry, key);
  }
}

function entryOf(table: TableDefinition, index: IndexDefinition, item: AttributeMap, key: Key): Key | undefined {
  try {
    return indexKeyOf(table, index, item, key);
  } catch (error) {
    if (error instanceof TablesError) return undefined;
    throw error;
  }
}
