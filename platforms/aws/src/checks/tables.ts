/** Tables: the keys, indexes and streams of the blueprint, and protection against loss. */

import type { Blueprint, IndexBlueprint, KeyAttribute, TableBlueprint } from "@serverlesspresso/blueprint";
import type { JsonObject } from "@serverlesspresso/ports";
import { stackNamesOf } from "../stack-names.ts";
import { compare, compareSets, type Deployment, type Finding, listOf, objectAt } from "./deployment.ts";

const keySchema = (partitionKey: KeyAttribute, sortKey: KeyAttribute | undefined): JsonObject[] => [
  { AttributeName: partitionKey.name, KeyType: "HASH" },
  ...(sortKey === undefined ? [] : [{ AttributeName: sortKey.name, KeyType: "RANGE" }]),
];

/** Every table is the blueprint's. */
export function checkTables(deployment: Deployment, { tables, names: { platformTable } }: Blueprint): Finding[] {
  const found = deployment.all("AWS::DynamoDB::Table");
  const names = [...tables.map(({ name }) => name), platformTable];
  return [
    ...compareSets(
      "tables",
      "table",
      names,
      found.map(({ properties }) => String(properties.TableName)),
    ),
    ...tables.flatMap((table) => {
      const resource = found.find(({ properties }) => properties.TableName === table.name);
      return resource === undefined ? [] : ofTable(table, resource.properties);
    }),
  ];
}

function ofTable(table: TableBlueprint, properties: JsonObject): Finding[] {
  const { name, partitionKey, sortKey, indexes, stream, timeToLiveAttribute } = table;
  const where = `table ${name}`;
  const types = Object.fromEntries(
    listOf<JsonObject>(properties.AttributeDefinitions).map(({ AttributeName, AttributeType }) => [
      String(AttributeName),
      AttributeType ?? "",
    ]),
  );
  const attributes = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  const wantedTypes = Object.fromEntries(attributes.flatMap((one) => (one === undefined ? [] : [[one.name, one.type]])));
  return [
    ...compare(where, "key", keySchema(partitionKey, sortKey), properties.KeySchema),
    ...compare(where, "attributes", wantedTypes, types),
    ...compare(where, "indexes", indexes.map(indexOf), properties.GlobalSecondaryIndexes ?? []),
    ...compare(
      where,
      "stream",
      stream === undefined ? undefined : "NEW_AND_OLD_IMAGES",
      objectAt(properties.StreamSpecification).StreamViewType,
    ),
    ...compare(where, "time to live", timeToLiveAttribute, objectAt(properties.TimeToLiveSpecification).AttributeName),
    ...compare(where, "billing", "PAY_PER_REQUEST", properties.BillingMode),
  ];
}

function indexOf({ name, partitionKey, sortKey, attributes }: IndexBlueprint): JsonObject {
  const projection = { NonKeyAttributes: [...attributes], ProjectionType: "INCLUDE" };
  return { IndexName: name, KeySchema: keySchema(partitionKey, sortKey), Projection: projection };
}

/** The blueprint's tables and the user pool survive mistakes: both are retained and protected from deletion, and tables have point-in-time recovery. */
export function checkSurvivors(deployment: Deployment, { names, tables }: Blueprint): Finding[] {
  const dataStack = stackNamesOf(names).data;
  const lasting = new Set<unknown>(tables.map(({ name }) => name));
  const ofTables = deployment
    .all("AWS::DynamoDB::Table")
    .filter(({ properties }) => lasting.has(properties.TableName))
    .flatMap(({ properties, deletionPolicy, stack }) => {
      const where = `table ${properties.TableName}`;
      return [
        ...compare(where, "stack", dataStack, stack),
        ...compare(where, "deletion policy", "Retain", deletionPolicy),
        ...compare(where, "deletion protection", true, properties.DeletionProtectionEnabled),
        ...compare(where, "recovery", true, objectAt(properties.PointInTimeRecoverySpecification).PointInTimeRecoveryEnabled),
      ];
    });
  const ofPools = deployment
    .all("AWS::Cognito::UserPool")
    .flatMap(({ id, properties, deletionPolicy, stack }) => [
      ...compare(id, "stack", dataStack, stack),
      ...compare(id, "deletion policy", "Retain", deletionPolicy),
      ...compare(id, "deletion protection", "ACTIVE", properties.DeletionProtection),
    ]);
  return [...ofTables, ...ofPools];
}
