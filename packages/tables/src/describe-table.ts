import type { JsonObject } from "@serverlesspresso/ports";
import type { IndexDefinition } from "./index-definition.ts";
import type { KeySchema } from "./key-schema.ts";
import type { TableDefinition } from "./table-definition.ts";
import { describeOptions } from "./table-options.ts";

/** A table as `DescribeTable` shows it. Times are in seconds, as on DynamoDB's wire. */
export function describeTable(table: TableDefinition, arn: string, counts: { readonly items: number; readonly bytes: number }): JsonObject {
  const shown = (index: IndexDefinition): JsonObject => describeIndex(index, arn, table);
  const locals = table.indexes.filter(({ kind }) => kind === "local").map(shown);
  const globals = table.indexes.filter(({ kind }) => kind === "global").map(shown);
  return {
    TableName: table.name,
    TableArn: arn,
    TableId: table.tableId,
    TableStatus: "ACTIVE",
    CreationDateTime: table.createdMs / 1000,
    AttributeDefinitions: attributeDefinitions(table),
    KeySchema: describeKeys(table),
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...table.throughput },
    BillingModeSummary: { BillingMode: table.billingMode },
    ItemCount: counts.items,
    TableSizeBytes: counts.bytes,
    DeletionProtectionEnabled: table.deletionProtection,
    ...(locals.length === 0 ? {} : { LocalSecondaryIndexes: locals }),
    ...(globals.length === 0 ? {} : { GlobalSecondaryIndexes: globals }),
    ...describeStream(table, arn),
    ...describeOptions(table, arn),
  };
}

function attributeDefinitions(table: TableDefinition): JsonObject[] {
  const types = new Map<string, string>();
  for (const { hash, sort } of [table, ...table.indexes]) {
    types.set(hash.name, hash.type);
    if (sort !== undefined) types.set(sort.name, sort.type);
  }
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

/** A key schema on the wire. */
export function describeKeys({ hash, sort }: KeySchema): JsonObject[] {
  const first = { AttributeName: hash.name, KeyType: "HASH" };
  return sort === undefined ? [first] : [first, { AttributeName: sort.name, KeyType: "RANGE" }];
}

function describeIndex(index: IndexDefinition, tableArn: string, table: TableDefinition): JsonObject {
  return {
    IndexName: index.name,
    IndexArn: `${tableArn}/index/${index.name}`,
    KeySchema: describeKeys(index),
    Projection: {
      ProjectionType: index.projection,
      ...(index.projection === "INCLUDE" ? { NonKeyAttributes: index.included } : {}),
    },
    ...(index.kind === "global"
      ? { IndexStatus: "ACTIVE", ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...table.throughput } }
      : {}),
  };
}

function describeStream({ stream, streamLabel = "" }: TableDefinition, arn: string): JsonObject {
  if (stream === undefined) return {};
  return {
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream },
    LatestStreamLabel: streamLabel,
    LatestStreamArn: `${arn}/stream/${streamLabel}`,
  };
}
