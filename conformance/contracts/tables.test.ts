import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { test } from "vitest";
import { notRun } from "../../test/support/not-run.ts";
import { dynamoDbLocalMissing, openDynamoDbLocal } from "./dynamodb-local.ts";
import { dynamoDbLocalGaps } from "./dynamodb-local-gaps.ts";
import { localTablesGaps } from "./local-gaps.ts";
import { describeTablesContract } from "./tables/index.ts";
import { openAtWire } from "./wire.ts";

describeTablesContract({ name: "the local platform", open: () => openAtWire((bar) => new DynamoDB(bar.client)), gaps: localTablesGaps });

const missing = dynamoDbLocalMissing();
if (missing === undefined) {
  describeTablesContract({ name: "DynamoDB Local", open: openDynamoDbLocal, gaps: dynamoDbLocalGaps });
} else {
  test.skip(`tables at DynamoDB Local${notRun(missing)}`, () => {});
}
