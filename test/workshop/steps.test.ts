/**
 * The workshop's eight steps and its rules through the SDK, on a clock that stands still: an empty workflow grows by
 * UpdateStateMachine, and each step does what the workshop says it does. The definitions are those of `docs/workshop`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DisableRuleCommand, EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { validateDefinition } from "@serverlesspresso/states-language";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, account, openAwsBar, region } from "../aws/support.ts";

const steps = [
  "1-create",
  "2-shop-open",
  "3-capacity",
  "4-order-number",
  "5-first-callback",
  "6-second-callback",
  "7-timeouts",
  "8-events",
];
const definitionOf = (step: string): string => readFileSync(join(import.meta.dirname, `../../docs/workshop/${step}.asl.json`), "utf8");

const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:MyOrderProcessor`;
const input = '{"detail":{"orderId":"1","userId":"testuser"}}';
const EventBusName = "Serverlesspresso";
const source = "awsserverlessda.serverlesspresso";
const logGroupName = "/aws/events/myOrders";
const minutes = 60_000;

let bar: AwsBar;
let states: SFNClient;
let tables: DynamoDBClient;
let events: EventBridgeClient;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient({ ...bar.client, disableHostPrefix: true });
  tables = new DynamoDBClient(bar.client);
  events = new EventBridgeClient(bar.client);
  logs = new CloudWatchLogsClient(bar.client);
});
afterAll(() => bar.close());

const update = (step: string) => states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: definitionOf(step) }));

async function start(): Promise<string> {
  const { executionArn = "" } = await states.send(new StartExecutionCommand({ stateMachineArn, input }));
  await bar.quiet();
  return executionArn;
}

/** Status, output and the names of the states that an execution entered. */
async function look(executionArn: string) {
  const { status, output = "null" } = await states.send(new DescribeExecutionCommand({ executionArn }));
  const { events: history = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }));
  const path = history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  const [waiting] = history.filter(({ type }) => type === "TaskScheduled").slice(-1);
  const parameters = JSON.parse(waiting?.taskScheduledEventDetails?.parameters ?? "{}") as {
    Entries?: { Detail: { TaskToken: string } }[];
  };
  return { status, output: JSON.parse(output), path, taskToken: parameters.Entries?.[0]?.Detail.TaskToken };
}

async function resume(executionArn: string, output: string): Promise<void> {
  const { taskToken } = await look(executionArn);
  await states.send(new SendTaskSuccessCommand({ taskToken, output }));
  await bar.quiet();
}

const setOpen = (open: boolean) =>
  tables.send(
    new UpdateItemCommand({
      TableName: "serverlesspresso-config-table",
      Key: { PK: { S: "config" } },
      UpdateExpression: "SET storeOpen = :open",
      ExpressionAttributeValues: { ":open": { BOOL: open } },
    }),
  );

async function running(): Promise<number> {
  return (await states.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }))).executions?.length ?? 0;
}

async function order(orderId: string) {
  const Key = { PK: { S: "orders" }, SK: { S: orderId } };
  return (await tables.send(new GetItemCommand({ TableName: "serverlesspresso-order-table", Key }))).Item ?? {};
}

async function manage(action: object): Promise<{ statusCode: number }> {
  const machine = `arn:aws:states:${region}:${account}:stateMachine:OrderManagerStateMachine`;
  const ended = await states.send(new StartSyncExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(action) }));
  await bar.quiet();
  return JSON.parse(ended.output ?? "null") as { statusCode: number };
}

/** What the learner's log group holds, oldest first. */
async function logged(): Promise<{ "detail-type": string; detail: Record<string, unknown> }[]> {
  await bar.quiet();
  const { events: lines = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
  return lines.map(({ message = "" }) => JSON.parse(message));
}

const opening = ["DynamoDB Get Shop Status", "Shop Open?"];
const admitted = [...opening, "ListExecutions", "Is capacity available?"];

test.each(steps)("the definition of %s has no diagnostics", (step) => {
  expect(validateDefinition(JSON.parse(definitionOf(step)))).toEqual([]);
});

test("1: a workflow with nothing in it passes its input on", async () => {
  const created = await states.send(
    new CreateStateMachineCommand({
      name: "MyOrderProcessor",
      definition: definitionOf("1-create"),
      roleArn: `arn:aws:iam::${account}:role/any`,
    }),
  );
  expect(created.stateMachineArn).toBe(stateMachineArn);
  expect(await look(await start())).toMatchObject({ status: "SUCCEEDED", path: ["Pass"], output: JSON.parse(input) });
});

test("2: open or closed by an item of the config table", async () => {
  await update("2-shop-open");
  expect(await look(await start())).toMatchObject({
    status: "SUCCEEDED",
    path: [...opening, "Pass"],
    output: { detail: { orderId: "1" }, GetStore: { Item: { storeOpen: { BOOL: true } } } },
  });
  await setOpen(false);
  expect(await look(await start())).toMatchObject({ status: "SUCCEEDED", path: [...opening, "Shop not ready"] });
  await setOpen(true);
});

test("3: its own running executions are listed, itself among them", async () => {
  await update("3-capacity");
  const executionArn = await start();
  const { path, output } = await look(executionArn);
  expect(path).toEqual([...admitted, "Pass"]);
  expect(output.isCapacityAvailable.Executions.map(({ ExecutionArn }: { ExecutionArn: string }) => ExecutionArn)).toEqual([executionArn]);
});

test("4: each order draws the next number from the counting table", async () => {
  await update("4-order-number");
  const numbers = [
    (await look(await start())).output.Order.Payload.orderNumber,
    (await look(await start())).output.Order.Payload.orderNumber,
  ];
  expect(numbers).toEqual([1, 2]);
  const { Item } = await tables.send(new GetItemCommand({ TableName: "serverlesspresso-counting-table", Key: { PK: { S: "orderID" } } }));
  expect(Item?.IDvalue).toEqual({ N: "2" });
});

test("5: it waits until the guest's token is brought back", async () => {
  await update("5-first-callback");
  const executionArn = await start();
  expect(await look(executionArn)).toMatchObject({ status: "RUNNING", path: [...admitted, "Emit - Workflow Started TT"] });
  await resume(executionArn, '{"orderId":1}');
  const ended = await look(executionArn);
  expect(ended).toMatchObject({ status: "SUCCEEDED", path: [...admitted, "Emit - Workflow Started TT", "Generate Order Number", "Pass"] });
  expect(ended.output).not.toHaveProperty("order");
});

test("6: it waits again, for the bar; the twenty-first that waits finds no place", async () => {
  await update("6-second-callback");
  const executionArn = await start();
  await resume(executionArn, '{"orderId":1}');
  expect(await look(executionArn)).toMatchObject({ status: "RUNNING", path: expect.arrayContaining(["Emit - Awaiting Completion TT"]) });
  await resume(executionArn, '{"made":true}');
  expect(await look(executionArn)).toMatchObject({
    status: "SUCCEEDED",
    output: { order: { made: true }, Order: { Payload: { orderNumber: 4 } } },
  });

  const waiting: string[] = [];
  for (let i = 0; i < 20; i++) waiting.push(await start());
  expect(await look(await start())).toMatchObject({ status: "SUCCEEDED", path: [...admitted, "Shop not ready"] });
  expect(await running()).toBe(20);
  for (const one of waiting) {
    await resume(one, "{}");
    await resume(one, "{}");
  }
  expect(await running()).toBe(0);
});

test("7: after 5 and 15 minutes without anybody, the order ends in order", async () => {
  await update("7-timeouts");
  const [guest, barista] = [await start(), await start()];
  await resume(barista, '{"orderId":1}');
  await bar.clock.advance(5 * minutes - 1);
  expect((await look(guest)).status).toBe("RUNNING");
  await bar.clock.advance(1);
  expect(await look(guest)).toMatchObject({
    status: "SUCCEEDED",
    path: [...admitted, "Emit - Workflow Started TT", "Customer timedout"],
    output: { cause: "Customer timedout", comment: { Error: "States.Timeout" } },
  });
  await bar.clock.advance(10 * minutes - 1);
  expect((await look(barista)).status).toBe("RUNNING");
  await bar.clock.advance(1);
  expect(await look(barista)).toMatchObject({ status: "SUCCEEDED", output: { cause: "Barista timedout" } });
});

test("8: every end is an event on the bus, which a rule takes to a log group", async () => {
  await update("8-events");
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const EventPattern = JSON.stringify({ source: [source], "detail-type": [{ prefix: "OrderProcessor." }] });
  await events.send(new PutRuleCommand({ Name: "MyOrders", EventBusName, EventPattern }));
  const Targets = [{ Id: "log", Arn: `arn:aws:logs:${region}:${account}:log-group:${logGroupName}` }];
  expect((await events.send(new PutTargetsCommand({ Rule: "MyOrders", EventBusName, Targets }))).FailedEntryCount).toBe(0);

  const made = await start();
  await resume(made, "{}");
  await resume(made, "{}");
  await setOpen(false);
  expect((await look(await start())).path.at(-1)).toBe("Emit - Shop not ready");
  await setOpen(true);
  const gone = await start();
  await bar.clock.advance(5 * minutes);
  expect((await look(gone)).path.slice(-2)).toEqual(["Customer timedout", "Emit - error timeout"]);

  const seen = await logged();
  expect(seen.map((event) => event["detail-type"].slice("OrderProcessor.".length))).toEqual([
    "WorkflowStarted",
    "WaitingCompletion",
    "orderFinished",
    "ShopUnavailable",
    "WorkflowStarted",
    "OrderTimeOut",
  ]);
  expect(seen.at(-1)?.detail).toMatchObject({ orderId: "1", userId: "testuser", cause: "Customer timedout" });
  expect(seen[1]?.detail).toMatchObject({ orderNumber: expect.any(Number), TaskToken: expect.any(String) });
});

test("rules: an order of the validator starts the learner's workflow, and the order manager brings it to its end", async () => {
  await events.send(new DisableRuleCommand({ Name: "NewOrder", EventBusName }));
  const EventPattern = JSON.stringify({ source: [source], "detail-type": ["Validator.NewOrder"] });
  await events.send(new PutRuleCommand({ Name: "MyNewOrder", EventBusName, EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: "MyNewOrder", EventBusName, Targets: [{ Id: "workflow", Arn: stateMachineArn }] }));
  const entry = { Source: source, DetailType: "Validator.NewOrder", EventBusName, Detail: '{"userId":"1","orderId":"2"}' };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  await bar.quiet();
  const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }));
  const executionArn = executions[0]?.executionArn ?? "";
  expect([executions.length, bar.running()]).toEqual([1, 0]);
  expect((await order("2")).TaskToken?.S).toBe((await look(executionArn)).taskToken);

  const chosen = (drink: string) => ({ action: "", orderId: "2", userId: "1", body: { drink, modifiers: [] } });
  expect((await manage(chosen("milkshake"))).statusCode).toBe(422);
  expect((await order("2")).ORDERSTATE?.S).toBe("CREATED");
  expect((await manage(chosen("Cappuccino"))).statusCode).toBe(200);
  expect(await order("2")).toMatchObject({ ORDERSTATE: { S: "SUBMITTED" }, orderNumber: { N: expect.any(String) } });
  const barista = { orderId: "2", userId: "3", isAdmin: true };
  expect((await manage({ action: "make", ...barista })).statusCode).toBe(200);
  expect((await manage({ action: "complete", ...barista })).statusCode).toBe(200);
  expect((await look(executionArn)).status).toBe("SUCCEEDED");
  expect((await order("2")).ORDERSTATE?.S).toBe("COMPLETED");
  expect((await logged()).at(-1)).toMatchObject({ "detail-type": "OrderProcessor.orderFinished", detail: { orderId: "2" } });
});
