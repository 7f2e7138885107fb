/**
 * CreateTable, DescribeTable, UpdateTable, DeleteTable, and the two calls of time to live.
 *
 * A1. A table is usable, and an index complete, with the transaction that made it: there is no `CREATING`.
 * A2. `ensure` with an unchanged description changes nothing, not even what was changed by other calls since.
 */
import type { Ids, JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import type { AttributeMap } from "./attribute-value.ts";
import type { Catalog } from "./catalog.ts";
import { describeTable } from "./describe-table.ts";
import { invalid, TablesError } from "./errors.ts";
import type { Expiry } from "./expiry.ts";
import { indexGroup, indexKeyOf, itemGroup } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { kinds } from "./record-kinds.ts";
import { list, optionalText, structure, tableNameOf } from "./request.ts";
import type { StreamLog } from "./stream-log.ts";
import {
  checkIndexes,
  type IndexDefinition,
  type KeyType,
  readBilling,
  readDefinition,
  readIndex,
  readStream,
  type TableDefinition,
} from "./table-definition.ts";
import { readOptions } from "./table-options.ts";

export interface AdminDeps {
  readonly catalog: Catalog;
  readonly expiry: Expiry;
  readonly log: StreamLog;
  readonly ids: Ids;
  readonly tableArn: (name: string) => string;
}

type Update = (tx: Transaction, request: JsonObject) => JsonObject;
type Look = (view: ReadView, request: JsonObject) => JsonObject;

export interface TableAdmin {
  /** Makes the table, or brings it to this description; what cannot be changed is refused. */
  ensure(tx: Transaction, description: JsonObject): void;
  readonly create: Update;
  readonly update: Update;
  readonly remove: Update;
  readonly updateTimeToLive: Update;
  readonly describe: Look;
  readonly describeTimeToLive: Look;
  readonly describeContinuousBackups: Look;
}

export function createTableAdmin({ catalog, expiry, log, ids, tableArn }: AdminDeps): TableAdmin {
  const describe = (table: TableDefinition, counts = { items: 0, bytes: 0 }): JsonObject =>
    describeTable(table, tableArn(table.name), counts);

  function make(tx: Transaction, request: JsonObject): TableDefinition {
    const draft = readDefinition(request, { id: 0, tableId: ids.uuid(), createdMs: catalog.nowMs() });
    const made = { ...draft, id: catalog.nextId(tx) };
    catalog.put(tx, made);
    return made;
  }

  /** Stores the new definition and brings index entries and timers to it. */
  function change(tx: Transaction, before: TableDefinition, after: TableDefinition): void {
    checkIndexes(after, after.indexes);
    const kept = new Set(after.indexes.map(({ id }) => id));
    const old = new Set(before.indexes.map(({ id }) => id));
    for (const index of before.indexes) if (!kept.has(index.id)) clear(tx, indexGroup(before, index));
    for (const index of after.indexes) if (!old.has(index.id)) fill(tx, after, index);
    if (before.timeToLiveAttribute !== after.timeToLiveAttribute) expiry.followAll(tx, before, after);
    catalog.put(tx, after);
  }

  function reconcile(tx: Transaction, before: TableDefinition, description: JsonObject): void {
    const { id, tableId, createdMs } = before;
    const wanted = readDefinition(description, { id, tableId, createdMs });
    if (JSON.stringify([wanted.hash, wanted.sort]) !== JSON.stringify([before.hash, before.sort])) {
      throw new TablesError("ResourceInUseException", `Table already exists: ${before.name}, with another key schema`);
    }
    const indexes = wanted.indexes.map((index, at): IndexDefinition => {
      const existing = before.indexes.find((one) => sameIndex(one, index));
      return { ...index, id: existing?.id ?? before.nextIndexId + at };
    });
    const options = readOptions(description, before);
    change(tx, before, { ...wanted, ...options, indexes, nextIndexId: before.nextIndexId + indexes.length });
  }

  return {
    ensure(tx, description) {
      const existing = catalog.find(tx, tableNameOf(description));
      if (existing === undefined) make(tx, description);
      else if (JSON.stringify(existing.request) !== JSON.stringify(description)) reconcile(tx, existing, description);
    },
    create(tx, request) {
      const name = tableNameOf(request);
      if (catalog.find(tx, name) !== undefined) throw new TablesError("ResourceInUseException", `Table already exists: ${name}`);
      // What the shop describes for itself may say nothing of capacity; a caller of DynamoDB may not.
      readBilling(request, "PROVISIONED");
      const made = make(tx, request);
      if (made.stream !== undefined) log.touch(tx, made);
      return { TableDescription: describe(made) };
    },
    update(tx, request) {
      const before = named(catalog, tx, request);
      if (!changes.some((member) => request[member] !== undefined && request[member] !== null)) {
        throw invalid(`At least one of ${changes.join(", ")} is required`);
      }
      const after = updated(before, request, catalog.nowMs());
      change(tx, before, after);
      if (before.streamLabel !== after.streamLabel) log.clear(tx, before);
      if (before.streamLabel !== after.streamLabel && after.stream !== undefined) log.touch(tx, after);
      return { TableDescription: describe(after) };
    },
    remove(tx, request) {
      const table = named(catalog, tx, request);
      if (table.deletionProtection) {
        throw invalid(`Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`);
      }
      for (const group of [itemGroup(table), ...table.indexes.map((index) => indexGroup(table, index))]) clear(tx, group);
      log.clear(tx, table);
      catalog.remove(tx, table);
      return { TableDescription: { ...describe(table), TableStatus: "DELETING" } };
    },
    describe(view, request) {
      const table = named(catalog, view, request);
      const items = view.scan<AttributeMap>(kinds.items.range(itemGroup(table)));
      return { Table: describe(table, { items: items.length, bytes: items.reduce((bytes, [, item]) => bytes + itemBytes(item), 0) }) };
    },
    describeContinuousBackups(view, request) {
      const name = tableNameOf(request);
      if (catalog.find(view, name) === undefined) throw new TablesError("TableNotFoundException", `Table not found: ${name}`);
      // There is none here; tools that read a table ask for it all the same.
      const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: "DISABLED" };
      return { ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED", PointInTimeRecoveryDescription } };
    },
    updateTimeToLive(tx, request) {
      const before = catalog.get(tx, tableNameOf(request));
      const specification = structure(request.TimeToLiveSpecification, "timeToLiveSpecification");
      const attribute = optionalText(specification, "AttributeName");
      if (attribute === undefined || attribute === "") throw invalid("TimeToLiveSpecification.AttributeName must not be empty");
      const enabled = specification.Enabled === true;
      if (enabled === (before.timeToLiveAttribute !== undefined)) {
        throw invalid(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
      }
      const { timeToLiveAttribute: _, ...rest } = before;
      change(tx, before, enabled ? { ...rest, timeToLiveAttribute: attribute } : rest);
      return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
    },
    describeTimeToLive(view, request) {
      const { timeToLiveAttribute } = catalog.get(view, tableNameOf(request));
      const description =
        timeToLiveAttribute === undefined
          ? { TimeToLiveStatus: "DISABLED" }
          : { TimeToLiveStatus: "ENABLED", AttributeName: timeToLiveAttribute };
      return { TimeToLiveDescription: description };
    },
  };
}

function named(catalog: Catalog, view: ReadView, request: JsonObject): TableDefinition {
  const name = tableNameOf(request);
  const table = catalog.find(view, name);
  if (table === undefined) throw new TablesError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  return table;
}

function sameIndex({ id: _a, ...a }: IndexDefinition, { id: _b, ...b }: IndexDefinition): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function clear(tx: Transaction, group: string): void {
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

/** The members of `UpdateTable` that change something here. */
const changes = [
  "ProvisionedThroughput",
  "BillingMode",
  "StreamSpecification",
  "GlobalSecondaryIndexUpdates",
  "SSESpecification",
  "TableClass",
  "DeletionProtectionEnabled",
];

/** What `UpdateTable` makes of a definition. */
function updated(before: TableDefinition, request: JsonObject, nowMs: number): TableDefinition {
  const attributes = new Map<string, KeyType>(list(request, "AttributeDefinitions").map((entry) => attributeDefinition(entry)));
  let { indexes, nextIndexId } = before;
  for (const entry of list(request, "GlobalSecondaryIndexUpdates")) {
    const change = structure(entry, "globalSecondaryIndexUpdates");
    if (change.Create !== undefined)
      indexes = [...indexes, readIndex(change.Create, nextIndexId++, "global", withKeys(before, attributes))];
    if (change.Delete !== undefined) indexes = withoutIndex(indexes, structure(change.Delete, "delete"));
  }
  const { stream, streamLabel, kmsKey: _kmsKey, ...rest } = before;
  const { BillingMode, DeletionProtectionEnabled, ProvisionedThroughput, StreamSpecification } = request;
  const nextStream = StreamSpecification === undefined ? stream : readStream(StreamSpecification);
  if (stream !== undefined && nextStream !== undefined && StreamSpecification !== undefined)
    throw invalid("Table already has an enabled stream");
  const label = StreamSpecification === undefined ? streamLabel : new Date(nowMs).toISOString().slice(0, -1);
  return {
    ...rest,
    indexes,
    nextIndexId,
    ...(nextStream === undefined ? {} : { stream: nextStream, streamLabel: label as string }),
    ...(BillingMode === undefined && ProvisionedThroughput === undefined
      ? {}
      : readBilling({ BillingMode: BillingMode ?? before.billingMode, ProvisionedThroughput: ProvisionedThroughput ?? null })),
    ...readOptions({ ...request, Tags: null }, before, nowMs),
    deletionProtection: DeletionProtectionEnabled === undefined ? before.deletionProtection : DeletionProtectionEnabled === true,
  };
}

function attributeDefinition(entry: JsonValue): [string, KeyType] {
  const { AttributeName, AttributeType } = structure(entry, "attributeDefinitions");
  return [String(AttributeName), AttributeType as KeyType];
}

function withKeys(table: TableDefinition, attributes: ReadonlyMap<string, KeyType>): Map<string, KeyType> {
  const known = [table, ...table.indexes].flatMap(({ hash, sort }) => (sort === undefined ? [hash] : [hash, sort]));
  return new Map([...known.map(({ name, type }) => [name, type] as const), ...attributes]);
}

function withoutIndex(indexes: readonly IndexDefinition[], request: JsonObject): IndexDefinition[] {
  const name = optionalText(request, "IndexName");
  if (!indexes.some((index) => index.name === name && index.kind === "global")) {
    throw new TablesError("ResourceNotFoundException", `Requested resource not found: Index: ${name} not found`);
  }
  return indexes.filter((index) => index.name !== name);
}
