import type { KeyAttribute, TableBlueprint } from "@serverlesspresso/blueprint";
import { RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { platformTable } from "../runtime/functions.ts";

const attribute = ({ name, type }: KeyAttribute): Attribute => ({ name, type: type === "S" ? AttributeType.STRING : AttributeType.NUMBER });

/**
 * The blueprint's tables and the platform's own, by name. All survive their stack, can be brought back to any second of the last 35 days, and
 * refuse deletion until that is switched off, but for the platform's own, which holds nothing older than a day.
 */
export function createTables(scope: Construct, blueprints: readonly TableBlueprint[]): ReadonlyMap<string, Table> {
  const tables = new Map(blueprints.map((blueprint) => [blueprint.name, createTable(scope, blueprint)]));
  const own: TableBlueprint = {
    name: platformTable,
    partitionKey: { name: "PK", type: "S" },
    indexes: [],
    timeToLiveAttribute: "expiresAt",
  };
  return tables.set(platformTable, createTable(scope, own, false));
}

function createTable(scope: Construct, blueprint: TableBlueprint, isLasting = true): Table {
  const { name, partitionKey, sortKey, indexes, stream, timeToLiveAttribute } = blueprint;
  const table = new Table(scope, name, {
    tableName: name,
    partitionKey: attribute(partitionKey),
    ...(sortKey !== undefined && { sortKey: attribute(sortKey) }),
    billingMode: BillingMode.PAY_PER_REQUEST,
    // With a key that AWS owns: encrypted all the same, and nothing to pay for each request.
    encryption: TableEncryption.DEFAULT,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: isLasting },
    deletionProtection: isLasting,
    removalPolicy: isLasting ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...(stream !== undefined && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    ...(timeToLiveAttribute !== undefined && { timeToLiveAttribute }),
  });
  for (const index of indexes) {
    table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: attribute(index.partitionKey),
      ...(index.sortKey !== undefined && { sortKey: attribute(index.sortKey) }),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...index.attributes],
    });
  }
  return table;
}
