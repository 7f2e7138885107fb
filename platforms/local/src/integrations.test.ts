/** What Task states call, through the platform's own engines: effects commit with the transition, errors have Step Functions' names. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arns } from "./place.ts";
import { openTestShop, type TestShop } from "./test-support.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await openTestShop();
});
afterAll(() => shop.close());

let count = 0;
/** Runs one Task state as an Express workflow. */
async function run(resource: string, Parameters: JsonObject): Promise<JsonObject> {
  const { store, workflows } = shop.platform;
  const name = `integration-${++count}`;
  const definition = {
    StartAt: "T",
    States: {
      T: { Type: "Task", Resource: resource.startsWith("arn:") ? resource : `arn:aws:states:::${resource}`, Parameters, End: true },
    },
  };
  await store.transact((tx) => workflows.putStateMachine(tx, { name, type: "EXPRESS", definition }));
  const { status, output, error, cause } = await workflows.startSyncExecution({ stateMachineArn: arns.workflow(name) });
  return { status, ...(output === undefined ? { error, cause } : { output: JSON.parse(output as string) as JsonValue }) } as JsonObject;
}

const table = "serverlesspresso-counting-table";
const key = { PK: { S: "orderID" } };
const onlyIfNew = { TableName: table, Item: key, ConditionExpression: "attribute_not_exists(PK)" };
const twice = { TransactItems: [{ Put: onlyIfNew }] };

const noFunction = `Function not found: ${arns.function("None")}:$LATEST (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: <id>; Proxy: null)`;

test.each<{ resource: string; parameters: object; error: string; told?: string }>([
  { resource: "dynamodb:putItem", parameters: onlyIfNew, error: "DynamoDB.ConditionalCheckFailedException" },
  { resource: "aws-sdk:dynamodb:putItem", parameters: onlyIfNew, error: "DynamoDb.ConditionalCheckFailedException" },
  { resource: "aws-sdk:dynamodb:transactWriteItems", parameters: twice, error: "DynamoDb.TransactionCanceledException" },
  { resource: "dynamodb:getItem", parameters: { TableName: "none", Key: key }, error: "DynamoDB.ResourceNotFoundException" },
  { resource: "dynamodb:getItem", parameters: { TableName: table, Key: { X: { S: "x" } } }, error: "DynamoDB.AmazonDynamoDBException" },
  { resource: "aws-sdk:sfn:sendTaskSuccess", parameters: { TaskToken: "nonsense", Output: {} }, error: "Sfn.InvalidTokenException" },
  {
    resource: "events:putEvents",
    parameters: { Entries: [{ Source: "s", DetailType: "d", Detail: {}, EventBusName: "none" }] },
    error: "EventBridge.FailedEntry",
  },
  { resource: "aws-sdk:eventbridge:describeRule", parameters: { Name: "none" }, error: "EventBridge.ResourceNotFoundException" },
  {
    resource: "aws-sdk:cloudwatchlogs:filterLogEvents",
    parameters: { LogGroupName: "/none" },
    error: "CloudWatchLogs.ResourceNotFoundException",
  },
  {
    resource: "aws-sdk:cognitoidentityprovider:adminGetUser",
    parameters: { UserPoolId: "none", Username: "none" },
    error: "CognitoIdentityProvider.ResourceNotFoundException",
  },
  { resource: "aws-sdk:iotdataplane:publish", parameters: { Topic: "all/#" }, error: "IotDataPlane.InvalidRequestException" },
  {
    resource: "aws-sdk:lambda:invoke",
    parameters: { FunctionName: "None" },
    error: "Lambda.ResourceNotFoundException",
    told: `Function not found: ${arns.function("None")} (Service: Lambda, Status Code: 404, Request ID: <id>) (SDK Attempt Count: 1)`,
  },
  {
    resource: "sqs:sendMessage",
    parameters: { QueueUrl: "https://sqs/123456789012/none", MessageBody: "x" },
    error: "SQS.QueueDoesNotExistException",
    told: "(Service: AmazonSQS; Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: <id>; Proxy: null)",
  },
  {
    resource: "aws-sdk:sqs:getQueueUrl",
    parameters: { QueueName: "none" },
    error: "Sqs.QueueDoesNotExistException",
    told: "The specified queue does not exist. (Service: Sqs, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)",
  },
  { resource: "aws-sdk:sqs:createQueue", parameters: { QueueName: "no/name" }, error: "Sqs.SqsException" },
  { resource: "lambda:invoke", parameters: { FunctionName: "None" }, error: "Lambda.ResourceNotFoundException", told: noFunction },
  { resource: arns.function("None"), parameters: {}, error: "Lambda.ResourceNotFoundException", told: noFunction },
  {
    resource: "states:startExecution",
    parameters: { StateMachineArn: arns.workflow("None") },
    error: "StepFunctions.StateMachineDoesNotExistException",
    told: `State Machine Does Not Exist: '${arns.workflow("None")}' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: <id>; Proxy: null)`,
  },
  {
    resource: "aws-sdk:sfn:startExecution",
    parameters: { StateMachineArn: arns.workflow("None") },
    error: "Sfn.StateMachineDoesNotExistException",
    told: "(Service: Sfn, Status Code: 400, Request ID: <id>) (SDK Attempt Count: 1)",
  },
  {
    resource: arns.workflow("x").replace("stateMachine:x", "activity:none"),
    parameters: {},
    error: "States.Runtime",
    told: "activity:none does not exist.",
  },
  {
    resource: "aws-sdk:s3:getObject",
    parameters: {},
    error: "States.Runtime",
    told: "The resource 'arn:aws:states:::aws-sdk:s3:getObject' is not available here: aws-sdk:s3 is not supported, expected one of aws-sdk:cloudwatch,",
  },
  { resource: "sns:publish", parameters: {}, error: "States.Runtime", told: "sns is not supported, expected one of aws-sdk:cloudwatch," },
  {
    resource: "aws-sdk:sfn:fooBar",
    parameters: {},
    error: "States.Runtime",
    told: 'aws-sdk:sfn has no "fooBar" here, expected one of createActivity,',
  },
  {
    resource: "aws-sdk:sqs:addPermission",
    parameters: {},
    error: "States.Runtime",
    told: 'aws-sdk:sqs has no "addPermission" here: there is one account, expected one of cancelMessageMoveTask,',
  },
])("$resource fails as $error", async ({ resource, parameters, error, told = "" }) => {
  const failed = await run(resource, parameters as unknown as JsonObject);
  expect(failed).toMatchObject({ status: "FAILED", error });
  expect(String(failed.cause).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "<id>")).toContain(told);
});

test("what succeeds answers in AWS's shapes; values stand for JSON texts", async () => {
  const { store, queues } = shop.platform;
  expect(await run("dynamodb:getItem", { TableName: table, Key: key })).toMatchObject({ output: { Item: { PK: { S: "orderID" } } } });
  const sent = await run("sqs:sendMessage", { QueueUrl: "https://sqs/123456789012/MetricsQueue-DLQ", MessageBody: { a: 1 } });
  expect(sent).toMatchObject({ status: "SUCCEEDED", output: { MessageId: expect.any(String) } });
  expect(await store.transact((tx) => queues.receiveMessages(tx, "MetricsQueue-DLQ"))).toMatchObject([{ body: '{"a":1}' }]);
  const listed = await run("aws-sdk:sfn:listExecutions", { StateMachineArn: arns.workflow("OrderProcessorWorkflow") });
  expect(listed).toMatchObject({ output: { Executions: [] } });
  const invoked = await run("lambda:invoke", { FunctionName: arns.function("GetOrderCount"), Payload: {} });
  expect(invoked).toMatchObject({ status: "SUCCEEDED", output: { StatusCode: 200 } });
});

test("one refused entry takes the others back", async () => {
  const { bus, store } = shop.platform;
  const entry = { Source: "test", DetailType: "Accepted", Detail: { n: 1 }, EventBusName: "Serverlesspresso" };
  await run("events:putEvents", { Entries: [entry, { ...entry, EventBusName: "none" }] });
  expect(bus.listEvents(store).events.filter(({ envelope }) => envelope["detail-type"] === "Accepted")).toEqual([]);
  expect(await run("events:putEvents", { Entries: [entry] })).toMatchObject({ output: { FailedEntryCount: 0 } });
  expect(bus.listEvents(store).events.filter(({ envelope }) => envelope["detail-type"] === "Accepted")).toHaveLength(1);
});

test("the services of the store answer under the SDK's names, with members in PascalCase", async () => {
  const logGroup = { LogGroupName: "/mine", LogStreamName: "one" };
  await run("aws-sdk:cloudwatchlogs:createLogGroup", { LogGroupName: "/mine" });
  await run("aws-sdk:cloudwatchlogs:createLogStream", logGroup);
  const LogEvents = [{ Timestamp: shop.platform.clock.nowMs(), Message: "hello" }];
  await run("aws-sdk:cloudwatchlogs:putLogEvents", { ...logGroup, LogEvents });
  expect(await run("aws-sdk:cloudwatchlogs:getLogEvents", logGroup)).toMatchObject({ output: { Events: [{ Message: "hello" }] } });

  expect(await run("aws-sdk:eventbridge:listRules", { EventBusName: "Serverlesspresso", NamePrefix: "New" })).toMatchObject({
    output: { Rules: [{ Name: "NewOrder", State: "ENABLED" }] },
  });
  const MetricData = [{ MetricName: "Cups", Value: 3 }];
  expect(await run("aws-sdk:cloudwatch:putMetricData", { Namespace: "Mine", MetricData })).toMatchObject({ status: "SUCCEEDED" });
  expect(await run("aws-sdk:cloudwatch:listMetrics", { Namespace: "Mine" })).toMatchObject({
    output: { Metrics: [{ MetricName: "Cups" }] },
  });
  const made = await run("aws-sdk:sqs:createQueue", { QueueName: "mine" });
  const { QueueUrl = "" } = made.output as { QueueUrl?: string };
  await run("aws-sdk:sqs:sendMessage", { QueueUrl, MessageBody: "a" });
  expect(await run("aws-sdk:sqs:receiveMessage", { QueueUrl })).toMatchObject({ output: { Messages: [{ Body: "a" }] } });
});

test("a function's answer is a text to the SDK, and its failure an answer", async () => {
  shop.platform.functions.register("Echo", async (event) => event);
  shop.platform.functions.register("Broken", async () => {
    throw new Error("no");
  });
  expect(await run("aws-sdk:lambda:invoke", { FunctionName: "Echo", Payload: { a: 1 } })).toEqual({
    status: "SUCCEEDED",
    output: { ExecutedVersion: "$LATEST", Payload: '{"a":1}', StatusCode: 200 },
  });
  expect(await run("aws-sdk:lambda:invoke", { FunctionName: "Broken" })).toMatchObject({
    output: { FunctionError: "Unhandled", StatusCode: 200 },
  });
});

test("the services outside of the store answer too", async () => {
  expect(await run("aws-sdk:sts:getCallerIdentity", {})).toMatchObject({ output: { Account: "123456789012" } });
  const { output } = await run("aws-sdk:cognitoidentityprovider:listUserPools", { MaxResults: 1 });
  expect(output).toMatchObject({ UserPools: [{ Name: "ServerlesspressoUserPool" }] });
  expect(await run("aws-sdk:iotdataplane:publish", { Topic: "serverlesspresso-config", Payload: "{}" })).toMatchObject({
    status: "SUCCEEDED",
  });
});
