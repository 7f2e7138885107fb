/** Standard executions tell of themselves on the account's own bus, as on AWS. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateStateMachineCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, account, openAwsBar, region } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
let queues: SQSClient;
let QueueUrl: string | undefined;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient({ ...bar.client, disableHostPrefix: true });
  queues = new SQSClient(bar.client);
  const events = new EventBridgeClient(bar.client);
  ({ QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: "Heard" })));
  const EventPattern = JSON.stringify({ source: ["aws.states"], "detail-type": ["Step Functions Execution Status Change"] });
  await events.send(new PutRuleCommand({ Name: "Hear", EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: "Hear", Targets: [{ Id: "1", Arn: `arn:aws:sqs:${region}:${account}:Heard` }] }));
});
afterAll(() => bar.close());

const roleArn = `arn:aws:iam::${account}:role/any`;
const pass = { StartAt: "S", States: { S: { Type: "Pass", Result: "out", End: true } } };
const wait = { StartAt: "S", States: { S: { Type: "Wait", Seconds: 1_000, End: true } } };
const fail = { StartAt: "S", States: { S: { Type: "Fail", Error: "No.Milk", Cause: "none left" } } };
const late = { ...wait, TimeoutSeconds: 60 };

const arnOf = (machine: string, name: string): string => `arn:aws:states:${region}:${account}:execution:${machine}:${name}`;

async function start(machine: string, definition: object, input = "{}"): Promise<string> {
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({ name: machine, definition: JSON.stringify(definition), roleArn }),
  );
  await states.send(new StartExecutionCommand({ stateMachineArn, name: "one", input }));
  return arnOf(machine, "one");
}

/** What was published since, in order. */
async function heard(): Promise<{ resources: string[]; detail: Record<string, unknown> }[]> {
  await bar.quiet();
  const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 }));
  return Messages.map(({ Body }) => JSON.parse(Body as string) as { resources: string[]; detail: Record<string, unknown> });
}

test("one that succeeds tells of its beginning and its end, in AWS's shape", async () => {
  const executionArn = await start("Passes", pass, '{"a":1}');
  const startDate = bar.clock.nowMs();
  const common = {
    executionArn,
    stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:Passes`,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    name: "one",
    startDate,
    input: '{"a":1}',
    inputDetails: { included: true },
    redriveCount: 0,
    redriveDate: null,
    redriveStatus: "NOT_REDRIVABLE",
    error: null,
    cause: null,
  };
  const messages = await heard();
  expect(messages.map(({ detail }) => detail)).toEqual([
    {
      ...common,
      status: "RUNNING",
      stopDate: null,
      output: null,
      outputDetails: null,
      redriveStatusReason: "Execution is RUNNING and cannot be redriven",
    },
    {
      ...common,
      status: "SUCCEEDED",
      stopDate: startDate,
      output: '"out"',
      outputDetails: { included: true },
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    },
  ]);
  expect(messages[0]).toMatchObject({
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    resources: [executionArn],
    account,
    region,
  });
});

test("a distributed Map's children tell of themselves", async () => {
  const ItemProcessor = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...fail };
  const map = { Type: "Map", Label: "Cups", ItemProcessor, ToleratedFailureCount: 1, End: true };
  const executionArn = await start("Maps", { StartAt: "M", States: { M: map } }, "[7]");
  const told = (await heard()).filter(({ resources }) => resources[0] !== executionArn);
  const child = { stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:Maps/Cups`, input: "7" };
  expect(told.map(({ detail }) => detail)).toMatchObject([
    { ...child, status: "RUNNING", redriveStatus: "NOT_REDRIVABLE" },
    { ...child, status: "FAILED", error: "No.Milk", redriveStatus: "REDRIVABLE_BY_MAP_RUN", redriveStatusReason: null },
  ]);
  expect(told[0]?.detail.executionArn).toMatch(/:execution:Maps\/Cups:/);
});

test("failure, timeout, stop and redrive", async () => {
  await start("Fails", fail);
  expect((await heard()).map(({ detail }) => detail)).toMatchObject([
    { status: "RUNNING" },
    { status: "FAILED", error: "No.Milk", cause: "none left", output: null, redriveStatus: "REDRIVABLE", redriveStatusReason: null },
  ]);
  await start("Late", late);
  await bar.clock.advance(60_000);
  expect((await heard()).map(({ detail }) => detail.status)).toEqual(["RUNNING", "TIMED_OUT"]);
  const executionArn = await start("Stopped", wait);
  await states.send(new StopExecutionCommand({ executionArn, error: "Enough", cause: "closing" }));
  await states.send(new RedriveExecutionCommand({ executionArn }));
  await states.send(new StopExecutionCommand({ executionArn }));
  expect((await heard()).map(({ detail }) => detail)).toMatchObject([
    { status: "RUNNING", redriveCount: 0 },
    { status: "ABORTED", error: "Enough", cause: "closing" },
    { status: "RUNNING", redriveCount: 1, redriveDate: bar.clock.nowMs(), stopDate: null },
    { status: "ABORTED", redriveCount: 1 },
  ]);
});

test("what has no room in an event is left out, the input first", async () => {
  const long = "x".repeat(130_000);
  const echo = { StartAt: "S", States: { S: { Type: "Pass", End: true } } };
  await start("Echoes", echo, JSON.stringify(long));
  expect((await heard()).map(({ detail }) => detail)).toMatchObject([
    { status: "RUNNING", input: JSON.stringify(long), inputDetails: { included: true } },
    {
      status: "SUCCEEDED",
      input: null,
      inputDetails: { included: false },
      output: JSON.stringify(long),
      outputDetails: { included: true },
    },
  ]);
});

test("Express workflows tell nothing, and nothing is kept of what no rule is about", async () => {
  const definition = JSON.stringify(pass);
  const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: "Quick", type: "EXPRESS", definition, roleArn }));
  await states.send(new StartSyncExecutionCommand({ stateMachineArn }));
  expect(await heard()).toEqual([]);
  await new EventBridgeClient(bar.client).send(
    new PutRuleCommand({ Name: "Hear", EventPattern: JSON.stringify({ source: ["aws.other"] }) }),
  );
  const before = bar.events().length;
  await start("Unheard", pass);
  await bar.quiet();
  expect(bar.events()).toHaveLength(before);
});
