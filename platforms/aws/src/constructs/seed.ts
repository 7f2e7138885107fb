import type { Blueprint } from "@serverlesspresso/blueprint";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from "aws-cdk-lib/custom-resources";
import type { Construct } from "constructs";
import { createLogGroup } from "./log-groups.ts";

/** Writes the items that a new shop starts with; an existing item with the same key stays. */
export function seedTables(scope: Construct, { names, seed }: Pick<Blueprint, "names" | "seed">, tables: ReadonlyMap<string, Table>): void {
  const logGroup = createLogGroup(scope, "Seeding-logs", `/aws/lambda/${names.bar}-seeding`);
  for (const { tableName, item } of seed) {
    const id = `Seed-${tableName}-${(item.PK as { readonly S: string }).S}`;
    const table = tables.get(tableName) as Table;
    const seeding = new AwsCustomResource(scope, id, {
      onCreate: {
        service: "DynamoDB",
        action: "putItem",
        parameters: { TableName: tableName, Item: item, ConditionExpression: "attribute_not_exists(PK)" },
        physicalResourceId: PhysicalResourceId.of(id),
        ignoreErrorCodesMatching: "ConditionalCheckFailed",
      },
      installLatestAwsSdk: false,
      logGroup,
      policy: AwsCustomResourcePolicy.fromStatements([new PolicyStatement({ actions: ["dynamodb:PutItem"], resources: [table.tableArn] })]),
    });
    seeding.node.addDependency(table);
  }
}
