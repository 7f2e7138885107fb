import type { Blueprint } from "@serverlesspresso/blueprint";
import { platformTableOf } from "@serverlesspresso/blueprint/edge/platform-table.ts";
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { UserPool, UserPoolClient } from "aws-cdk-lib/aws-cognito";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { seedTables } from "../constructs/seed.ts";
import { createTables } from "../constructs/tables.ts";
import { createUserPool } from "../constructs/user-pool.ts";

/** The stack of what must survive: tables and users. */
export class DataStack extends Stack {
  readonly tables: ReadonlyMap<string, Table>;
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, blueprint: Blueprint, props: StackProps) {
    super(scope, id, props);
    this.tables = createTables(this, blueprint.tables, platformTableOf(blueprint.names));
    seedTables(this, blueprint, this.tables);
    const { pool, client } = createUserPool(this, blueprint.names);
    this.pool = pool;
    this.client = client;
    new CfnOutput(this, "UserPoolId", { value: pool.userPoolId });
    new CfnOutput(this, "UserPoolClientId", { value: client.userPoolClientId });
  }
}
