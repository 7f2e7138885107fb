/** DynamoDB's operations on tables themselves. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import type { AttributeMap } from "./attribute-value.ts";
import type { Catalog } from "./catalog.ts";
import { describeTable } from "./describe-table.ts";
import { read, type TablesCore, write } from "./engine.ts";
import { invalid, TablesError } from "./errors.ts";
import { type IndexDefinition, IndexDescription, readIndex } from "./index-definition.ts";
import { indexGroup, itemGroup } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { type KeyType, readAttributes } from "./key-schema.ts";
import { TableName, Text, Whole } from "./members.ts";
import { kinds } from "./record-kinds.ts";
import { changeTable, clearGroup, makeTable } from "./table-changes.ts";
import { readBilling, readStream, type TableDefinition, TableDescription } from "./table-definition.ts";
import { readOptions } from "./table-options.ts";

const OneTable = z.object({ TableName });
const ListTables = z.object({ Limit: Whole, ExclusiveStartTableName: Text });
const IndexUpdate = z.object({ Create: IndexDescription.nullish(), Delete: z.object({ IndexName: Text }).nullish() });
const UpdateTable = TableDescription.omit({ KeySchema: true, LocalSecondaryIndexes: true, GlobalSecondaryIndexes: true }).extend({
  GlobalSecondaryIndexUpdates: z.array(IndexUpdate).nullish(),
});

/** Those that make, show, change and delete tables. */
export const tableOperations = {
  CreateTable: write(TableDescription, (core, tx, request) => {
    if (core.catalog.find(tx, request.TableName) !== undefined) {
      throw new TablesError("ResourceInUseException", `Table already exists: ${request.TableName}`);
    }
    // What the shop describes for itself may say nothing of capacity; a caller of DynamoDB may not.
    readBilling(request, "PROVISIONED");
    const made = makeTable(core, tx, request, JSON.parse(JSON.stringify(request)) as JsonObject);
    if (made.stream !== undefined) core.log.touch(tx, made);
    return { TableDescription: describe(core, made) };
  }),
  DescribeTable: read(OneTable, (core, view, request) => {
    const table = named(core.catalog, view, request.TableName);
    const items = view.scan<AttributeMap>(kinds.items.range(itemGroup(table)));
    const counts = { items: items.length, bytes: items.reduce((bytes, [, item]) => bytes + itemBytes(item), 0) };
    return { Table: describe(core, table, counts) };
  }),
  ListTables: read(ListTables, ({ catalog }, view, { Limit, ExclusiveStartTableName }) => {
    const limit = Math.min(Limit ?? 100, 100);
    const names = catalog.names(view, ExclusiveStartTableName ?? undefined, limit + 1);
    const page = names.slice(0, limit);
    return names.length > limit ? { TableNames: page, LastEvaluatedTableName: page.at(-1) as string } : { TableNames: page };
  }),
  UpdateTable: write(UpdateTable, (core, tx, request) => {
    const { catalog, log } = core;
    const before = named(catalog, tx, request.TableName);
    if (!changes.some((member) => request[member] !== undefined && request[member] !== null)) {
      throw invalid(`At least one of ${changes.join(", ")} is required`);
    }
    const after = updated(before, request, catalog.nowMs());
    changeTable(core, tx, before, after);
    if (before.streamLabel !== after.streamLabel) log.clear(tx, before);
    if (before.streamLabel !== after.streamLabel && after.stream !== undefined) log.touch(tx, after);
    return { TableDescription: describe(core, after) };
  }),
  DeleteTable: write(OneTable, (core, tx, request) => {
    const table = named(core.catalog, tx, request.TableName);
    if (table.deletionProtection) {
      throw invalid(`Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`);
    }
    for (const group of [itemGroup(table), ...table.indexes.map((index) => indexGroup(table, index))]) clearGroup(tx, group);
    core.log.clear(tx, table);
    core.catalog.remove(tx, table);
    return { TableDescription: { ...describe(core, table), TableStatus: "DELETING" } };
  }),
  DescribeContinuousBackups: read(OneTable, ({ catalog }, view, { TableName: name }) => {
    if (catalog.find(view, name) === undefined) throw new TablesError("TableNotFoundException", `Table not found: ${name}`);
    // No table here has point-in-time recovery; tools that read a table ask for it all the same.
    const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: "DISABLED" };
    return { ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED", PointInTimeRecoveryDescription } };
  }),
};

function describe({ tableArn }: TablesCore, table: TableDefinition, counts = { items: 0, bytes: 0 }): JsonObject {
  return describeTable(table, tableArn(table.name), counts);
}

function named(catalog: Catalog, view: ReadView, name: string): TableDefinition {
  const table = catalog.find(view, name);
  if (table === undefined) throw new TablesError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  return table;
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
] as const;

/** What `UpdateTable` makes of a definition. */
function updated(before: TableDefinition, request: z.output<typeof UpdateTable>, nowMs: number): TableDefinition {
  const attributes = withKeys(before, readAttributes(request.AttributeDefinitions));
  let { indexes, nextIndexId } = before;
  for (const { Create, Delete } of request.GlobalSecondaryIndexUpdates ?? []) {
    if (Create) indexes = [...indexes, readIndex(Create, nextIndexId++, "global", attributes)];
    if (Delete) indexes = withoutIndex(indexes, Delete.IndexName ?? undefined);
  }
  const { BillingMode, DeletionProtectionEnabled, ProvisionedThroughput } = request;
  return {
    ...withoutStream(before),
    indexes,
    nextIndexId,
    ...streamAfter(before, request, nowMs),
    ...((BillingMode ?? ProvisionedThroughput)
      ? readBilling({ BillingMode: BillingMode ?? before.billingMode, ProvisionedThroughput })
      : {}),
    ...readOptions({ ...request, Tags: null }, before, nowMs),
    deletionProtection: DeletionProtectionEnabled ?? before.deletionProtection,
  };
}

function withoutStream({ stream: _stream, streamLabel: _label, kmsKey: _kmsKey, ...rest }: TableDefinition) {
  return rest;
}

function streamAfter(
  { stream, streamLabel }: TableDefinition,
  { StreamSpecification }: z.output<typeof UpdateTable>,
  nowMs: number,
): Pick<TableDefinition, "stream" | "streamLabel"> {
  if (!StreamSpecification) return stream === undefined ? {} : { stream, streamLabel: streamLabel as string };
  const next = readStream(StreamSpecification);
  if (next === undefined) return {};
  if (stream !== undefined) throw invalid("Table already has an enabled stream");
  return { stream: next, streamLabel: new Date(nowMs).toISOString().slice(0, -1) };
}

function withKeys(table: TableDefinition, attributes: ReadonlyMap<string, KeyType>): Map<string, KeyType> {
  const known = [table, ...table.indexes].flatMap(({ hash, sort }) => (sort === undefined ? [hash] : [hash, sort]));
  return new Map([...known.map(({ name, type }) => [name, type] as const), ...attributes]);
}

function withoutIndex(indexes: readonly IndexDefinition[], name: string | undefined): IndexDefinition[] {
  if (!indexes.some((index) => index.name === name && index.kind === "global")) {
    throw new TablesError("ResourceNotFoundException", `Requested resource not found: Index: ${name} not found`);
  }
  return indexes.filter((index) => index.name !== name);
}
