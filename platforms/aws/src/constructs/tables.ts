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

const attribute = ({ name, type }: KeyAttribute): Attribute => ({ name, type: type === "S" ? AttributeType.STRING : AttributeType.NUMBER });

/**
 * Creates the blueprint's tables and the platform's own, and returns them by name. The blueprint's survive their stack, can be restored to any
 * second of the last 35 days, and are protected from deletion. The platform's own is not: it holds nothing older than a day.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
 */
export function createTables(scope: Construct, blueprints: readonly TableBlueprint[], own: TableBlueprint): ReadonlyMap<string, Table> {
  const tables = new Map(blueprints.map((blueprint) => [blueprint.name, createTable(scope, blueprint)]));
  return tables.set(own.name, createTable(scope, own, false));
}

function createTable(scope: Construct, blueprint: TableBlueprint, isLasting = true): Table {
  const { name, partitionKey, sortKey, indexes, stream, timeToLiveAttribute } = blueprint;
  const table = new Table(scope, name, {
    tableName: name,
    partitionKey: attribute(partitionKey),
    ...(sortKey !== undefined && { sortKey: attribute(sortKey) }),
    billingMode: BillingMode.PAY_PER_REQUEST,
    // Encrypted with a key that AWS owns, which costs nothing per request.
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
