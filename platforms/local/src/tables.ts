import type { KeyAttribute, TableBlueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { TablesEngine } from "@serverlesspresso/tables";
import { applyOnce } from "./applied.ts";

/** Makes the blueprint's tables. */
export function putTables(tx: Transaction, tables: TablesEngine, blueprints: readonly TableBlueprint[]): void {
  for (const table of blueprints) {
    const description = describe(table);
    applyOnce(tx, "table", table.name, description, () => tables.createTable(tx, description));
  }
}

/** A table as DynamoDB's CreateTable has it. */
function describe({ name, partitionKey, sortKey, indexes, stream, timeToLiveAttribute }: TableBlueprint): JsonObject {
  const attributes = new Map<string, string>();
  for (const { name, type } of [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])].filter(
    isThere,
  )) {
    attributes.set(name, type);
  }
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: keySchema(partitionKey, sortKey),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: index.attributes },
      })),
    }),
    ...(stream !== undefined && { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } }),
    ...(timeToLiveAttribute !== undefined && { TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLiveAttribute } }),
  };
}

function keySchema(partitionKey: KeyAttribute, sortKey: KeyAttribute | undefined): JsonObject[] {
  const hash = { AttributeName: partitionKey.name, KeyType: "HASH" };
  return sortKey === undefined ? [hash] : [hash, { AttributeName: sortKey.name, KeyType: "RANGE" }];
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
