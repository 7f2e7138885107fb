/** The tables' adapter against AWS's own DynamoDB Local, where Java is present: what services rely on holds there, too. */
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import type { Tables } from "@serverlesspresso/ports";
import { afterAll, beforeAll, describe, test } from "vitest";
import { dynamoDbLocalMissing, openDynamoDbLocal } from "../../conformance/contracts/dynamodb-local.ts";
import { createTables } from "../../platforms/aws/src/runtime/adapters/tables.ts";
import { notRun } from "../support/not-run.ts";
import { contractTable, tablesContract } from "./support/tables-contract.ts";

const missing = dynamoDbLocalMissing();
if (missing !== undefined) test.skip(`the tables' adapter at DynamoDB Local${notRun(missing)}`, () => {});
else {
  describe("the tables' adapter at DynamoDB Local", () => {
    let tables: Tables;
    let close = async (): Promise<void> => {};
    beforeAll(async () => {
      const opened = await openDynamoDbLocal();
      close = opened.close;
      await opened.client.createTable(contractTable("contract"));
      const clock = createSystemClock();
      tables = createTables({ dynamodb: opened.client, clock, ids: createIds(clock) });
    });
    afterAll(() => close());
    tablesContract(() => tables, "contract");
  });
}
