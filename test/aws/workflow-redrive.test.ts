import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
let tables: DynamoDBClient;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient(bar.client);
  tables = new DynamoDBClient(bar.client);
});
afterAll(() => bar.close());

const roleArn = `arn:aws:iam::${account}:role/any`;
const TableName = "serverlesspresso-counting-table";
/** Counts a cup, then asks for the beans, which there may not be. */
const brew = {
  StartAt: "Count",
  States: {
    Count: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:updateItem",
      Parameters: {
        TableName,
        Key: { PK: { S: "cups" } },
        UpdateExpression: "ADD IDvalue :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      },
      ResultPath: "$.cups",
      Next: "Beans",
    },
    Beans: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:updateItem",
      Parameters: {
        TableName,
        Key: { PK: { S: "beans" } },
        ConditionExpression: "attribute_exists(PK)",
        UpdateExpression: "ADD IDvalue :one",
        ExpressionAttributeValues: { ":one": { N: "-1" } },
      },
      ResultPath: null,
      End: true,
    },
  },
};

test("a failed execution is redriven once what it lacked is there; what had succeeded is not done again", async () => {
  const { stateMachineArn = "" } = await states.send(
    new CreateStateMachineCommand({ name: "Brew", definition: JSON.stringify(brew), roleArn }),
  );
  const { executionArn = "" } = await states.send(
    new StartExecutionCommand({ stateMachineArn, name: "first", input: '{"drink":"Latte"}' }),
  );
  const describe = () => states.send(new DescribeExecutionCommand({ executionArn }));
  expect(await describe()).toMatchObject({
    status: "FAILED",
    error: "DynamoDB.ConditionalCheckFailedException",
    redriveCount: 0,
    redriveStatus: "REDRIVABLE",
  });

  await states.send(new RedriveExecutionCommand({ executionArn }));
  expect(await describe()).toMatchObject({ status: "FAILED", redriveCount: 1, redriveStatus: "REDRIVABLE" });

  await tables.send(new PutItemCommand({ TableName, Item: { PK: { S: "beans" }, IDvalue: { N: "9" } } }));
  const clientToken = "one-more";
  const { redriveDate } = await states.send(new RedriveExecutionCommand({ executionArn, clientToken }));
  expect(redriveDate).toEqual(new Date(bar.clock.nowMs()));
  expect(await describe()).toMatchObject({
    status: "SUCCEEDED",
    redriveCount: 2,
    redriveDate,
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
  });
  expect(JSON.parse((await describe()).output ?? "")).toMatchObject({ cups: { Attributes: { IDvalue: { N: "1" } } } });
  expect(await states.send(new RedriveExecutionCommand({ executionArn, clientToken }))).toMatchObject({ redriveDate });

  const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  const redriven = events.filter(({ type }) => type === "ExecutionRedriven");
  expect(redriven.map(({ executionRedrivenEventDetails }) => executionRedrivenEventDetails?.redriveCount)).toEqual([1, 2]);
  expect(events.filter(({ type }) => type === "TaskSucceeded")).toHaveLength(2);

  await states.send(new StartExecutionCommand({ stateMachineArn, name: "second" }));
  const names = async (redriveFilter: "REDRIVEN" | "NOT_REDRIVEN") =>
    (await states.send(new ListExecutionsCommand({ stateMachineArn, redriveFilter }))).executions?.map(({ name }) => name);
  expect([await names("REDRIVEN"), await names("NOT_REDRIVEN")]).toEqual([["first"], ["second"]]);
});

test("what cannot be redriven is refused under AWS's names", async () => {
  const definition = JSON.stringify({ StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 9, End: true } } });
  const { stateMachineArn = "" } = await states.send(new CreateStateMachineCommand({ name: "Waits", definition, roleArn }));
  const { executionArn = "" } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  const redrive = (arn: string) => states.send(new RedriveExecutionCommand({ executionArn: arn }));
  await expect(redrive(executionArn)).rejects.toMatchObject({
    name: "ExecutionNotRedrivable",
    message: "Execution is RUNNING and cannot be redriven",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(redrive(`${executionArn}-none`)).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
  await expect(redrive(stateMachineArn)).rejects.toMatchObject({ name: "InvalidArn" });
  await states.send(new StopExecutionCommand({ executionArn }));
  const results = await Promise.allSettled([redrive(executionArn), redrive(executionArn)]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});
