import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineForExecutionCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type ListExecutionsCommandInput,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
/** Of the children of the test that runs. */
let activityArn: string;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient(bar.client);
});
afterAll(() => bar.close());

const base = `arn:aws:states:us-east-1:${account}`;
const roleArn = `arn:aws:iam::${account}:role/any`;
let machines = 0;

/** Starts a distributed Map; each child is a task of the activity, unless `processor` says otherwise. */
async function begin(input: unknown, more: object = {}, { type = "STANDARD", processor = {} } = {}) {
  const name = `Children${++machines}`;
  activityArn = (await states.send(new CreateActivityCommand({ name }))).activityArn ?? "";
  const ItemProcessor = {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: type },
    StartAt: "One",
    States: { One: { Type: "Task", Resource: activityArn, End: true } },
    ...processor,
  };
  const definition = JSON.stringify({
    StartAt: "Each",
    States: { Each: { Type: "Map", Label: "Cups", ItemProcessor, End: true, ...more } },
  });
  const { stateMachineArn = "" } = await states.send(new CreateStateMachineCommand({ name, definition, roleArn }));
  const { executionArn = "" } = await states.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  const { mapRuns = [] } = await states.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn ?? "";
  const list = async (filter: Partial<ListExecutionsCommandInput> = {}) =>
    (await states.send(new ListExecutionsCommand({ mapRunArn, ...filter }))).executions ?? [];
  return { name, stateMachineArn, executionArn, mapRunArn, ItemProcessor, list };
}

const take = async () => states.send(new GetActivityTaskCommand({ activityArn }));
const succeed = async (output = "0") => states.send(new SendTaskSuccessCommand({ taskToken: (await take()).taskToken, output }));
const fail = async () => states.send(new SendTaskFailureCommand({ taskToken: (await take()).taskToken, error: "Burnt", cause: "too hot" }));
const describeExecution = (executionArn: string | undefined) => states.send(new DescribeExecutionCommand({ executionArn }));
const historyOf = async (executionArn: string | undefined) =>
  (await states.send(new GetExecutionHistoryCommand({ executionArn }))).events ?? [];
const typesOf = async (executionArn: string | undefined) => (await historyOf(executionArn)).map(({ type }) => type);

test("the children of a run are listed as executions, page by page, by status", async () => {
  const { name, executionArn, stateMachineArn, mapRunArn, list } = await begin([1, 2, 3], { MaxConcurrency: 2 });
  const running = await list();
  expect(running).toEqual(
    Array.from({ length: 2 }, () => ({
      executionArn: expect.stringMatching(new RegExp(`^${base}:execution:${name}/Cups:[0-9a-f-]{36}$`)),
      stateMachineArn: `${base}:stateMachine:${name}/Cups`,
      name: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "RUNNING",
      startDate: new Date(bar.clock.nowMs()),
      mapRunArn,
      itemCount: 1,
      redriveCount: 0,
    })),
  );
  await succeed();
  expect((await list({ statusFilter: "RUNNING" })).length).toBe(2);
  expect((await list({ statusFilter: "SUCCEEDED" })).length).toBe(1);
  const first = await states.send(new ListExecutionsCommand({ mapRunArn, maxResults: 2 }));
  const second = await states.send(new ListExecutionsCommand({ mapRunArn, maxResults: 2, nextToken: first.nextToken }));
  const paged = [...(first.executions ?? []), ...(second.executions ?? [])];
  expect(paged).toEqual(await list());
  expect(second.nextToken).toBeUndefined();
  const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
  expect(executions.map((one) => one.executionArn)).toEqual([executionArn]);
  expect(Object.keys(executions[0] ?? {})).not.toContain("itemCount");
});

test("a child is described with what it was given and what came of it, in its own history", async () => {
  const { name, executionArn, mapRunArn, ItemProcessor, list } = await begin([{ g: 7 }, { g: 8 }], {
    MaxConcurrency: 1,
    ToleratedFailureCount: 1,
  });
  const [{ executionArn: childArn } = {}] = await list();
  expect(await typesOf(childArn)).toEqual(["ExecutionStarted", "TaskStateEntered", "ActivityScheduled"]);
  expect(await describeExecution(childArn)).toMatchObject({ status: "RUNNING", input: '{"g":7}', mapRunArn });
  await fail();
  expect(await describeExecution(childArn)).toMatchObject({
    stateMachineArn: `${base}:stateMachine:${name}/Cups`,
    status: "FAILED",
    input: '{"g":7}',
    error: "Burnt",
    cause: "too hot",
    mapRunArn,
    stopDate: new Date(bar.clock.nowMs()),
    redriveStatus: "REDRIVABLE_BY_MAP_RUN",
  });
  const events = await historyOf(childArn);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
  expect(events.map(({ type }) => type)).toEqual([
    "ExecutionStarted",
    "TaskStateEntered",
    "ActivityScheduled",
    "ActivityStarted",
    "ActivityFailed",
    "ExecutionFailed",
  ]);
  expect(events[0]?.executionStartedEventDetails).toMatchObject({ input: '{"g":7}', roleArn });
  expect(events.map(({ previousEventId }) => previousEventId)).toEqual([0, 0, 2, 3, 4, 5]);

  await succeed('"roasted"');
  const [{ executionArn: other } = {}] = await list({ statusFilter: "SUCCEEDED" });
  expect(await describeExecution(other)).toMatchObject({ output: '"roasted"', redriveStatus: "NOT_REDRIVABLE" });
  expect(await typesOf(executionArn)).toEqual([
    "ExecutionStarted",
    "MapStateEntered",
    "MapStateStarted",
    "MapRunStarted",
    "MapRunSucceeded",
    "MapStateSucceeded",
    "MapStateExited",
    "ExecutionSucceeded",
  ]);
  const machine = await states.send(new DescribeStateMachineForExecutionCommand({ executionArn: other }));
  expect(machine).toMatchObject({
    stateMachineArn: `${base}:stateMachine:${name}/Cups`,
    name: `${name}/Cups`,
    label: "Cups",
    mapRunArn,
    roleArn,
  });
  expect(JSON.parse(machine.definition ?? "")).toEqual(ItemProcessor);
});

test("a child sees itself in its context object", async () => {
  const Seen = {
    Type: "Pass",
    Parameters: { "id.$": "$$.Execution.Id", "in.$": "$$.Execution.Input", "machine.$": "$$.StateMachine.Name" },
    End: true,
  };
  const { name, list } = await begin([1], {}, { processor: { StartAt: "Seen", States: { Seen } } });
  const [{ executionArn: childArn = "" } = {}] = await list();
  const { output = "" } = await describeExecution(childArn);
  expect(JSON.parse(output)).toEqual({ id: childArn, in: 1, machine: `${name}/Cups` });
});

test("a child is stopped by itself; its run counts it as aborted and goes on", async () => {
  const { mapRunArn, list } = await begin([1, 2], { MaxConcurrency: 1, ToleratedFailureCount: 1 });
  const [{ executionArn: childArn } = {}] = await list();
  await states.send(new StopExecutionCommand({ executionArn: childArn, error: "Cold", cause: "no gas" }));
  expect(await describeExecution(childArn)).toMatchObject({ status: "ABORTED", error: "Cold", cause: "no gas" });
  expect((await typesOf(childArn)).slice(-2)).toEqual(["TaskStateAborted", "ExecutionAborted"]);
  await succeed();
  expect(await states.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
    status: "SUCCEEDED",
    executionCounts: { total: 2, aborted: 1, succeeded: 1, failed: 0, running: 0 },
  });
  await states.send(new StopExecutionCommand({ executionArn: childArn }));
  expect((await typesOf(childArn)).filter((type) => type === "ExecutionAborted")).toHaveLength(1);
});

test("children end with the execution around them", async () => {
  const { executionArn, list } = await begin([1, 2]);
  await states.send(new StopExecutionCommand({ executionArn }));
  expect((await list()).map(({ status }) => status)).toEqual(["ABORTED", "ABORTED"]);
  const [{ executionArn: childArn } = {}] = await list();
  expect((await typesOf(childArn)).at(-1)).toBe("ExecutionAborted");
});

test("a redrive of the parent redrives failed children, which keep their names and their histories", async () => {
  const { executionArn, mapRunArn, list } = await begin([1, 2, 3], { MaxConcurrency: 3 });
  await succeed();
  await fail();
  const before = await list();
  expect(before.map(({ status }) => status).sort()).toEqual(["ABORTED", "FAILED", "SUCCEEDED"]);
  const failed = before.find(({ status }) => status === "FAILED")?.executionArn;
  await expect(states.send(new RedriveExecutionCommand({ executionArn: failed }))).rejects.toMatchObject({
    name: "ExecutionNotRedrivable",
  });
  await states.send(new RedriveExecutionCommand({ executionArn }));
  expect(await list({ redriveFilter: "REDRIVEN" })).toHaveLength(2);
  expect(await describeExecution(failed)).toMatchObject({ status: "RUNNING", redriveCount: 1, redriveDate: new Date(bar.clock.nowMs()) });
  await succeed();
  await succeed();
  expect((await list()).map(({ status, executionArn: arn }) => [arn, status])).toEqual(
    before.map((one) => [one.executionArn, "SUCCEEDED"]),
  );
  const events = await historyOf(failed);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
  expect(events.map(({ type }) => type).filter((type) => type?.startsWith("Execution"))).toEqual([
    "ExecutionStarted",
    "ExecutionFailed",
    "ExecutionRedriven",
    "ExecutionSucceeded",
  ]);
  expect((await states.send(new DescribeMapRunCommand({ mapRunArn }))).status).toBe("SUCCEEDED");
});

test("what waits for its redrive says so", async () => {
  const { executionArn, mapRunArn, list } = await begin([1, 2], { MaxConcurrency: 1, ToleratedFailureCount: 1 });
  await fail();
  await fail();
  await states.send(new RedriveExecutionCommand({ executionArn }));
  expect((await list()).map(({ status }) => status).sort()).toEqual(["PENDING_REDRIVE", "RUNNING"]);
  expect(await list({ statusFilter: "PENDING_REDRIVE" })).toHaveLength(1);
  expect(await states.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
    executionCounts: { running: 1, pending: 0, pendingRedrive: 1 },
  });
  await succeed();
  await succeed();
  expect((await list()).map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
});

test("children are found again after a restart", async () => {
  const { list } = await begin([1, 2], { MaxConcurrency: 1 });
  const [{ executionArn: childArn } = {}] = await list();
  await bar.restart();
  await succeed("5");
  await bar.restart();
  expect(await describeExecution(childArn)).toMatchObject({ status: "SUCCEEDED", output: "5" });
  await succeed();
});

test("an Express child is described and listed, and has no history", async () => {
  const { list } = await begin(
    [1],
    { ToleratedFailureCount: 1 },
    { type: "EXPRESS", processor: { StartAt: "P", States: { P: { Type: "Pass", Result: 9, End: true } } } },
  );
  const [{ executionArn: childArn } = {}] = await list();
  expect(await describeExecution(childArn)).toMatchObject({ status: "SUCCEEDED", input: "1", output: "9" });
  const refused = { name: "StateMachineTypeNotSupported" };
  await expect(historyOf(childArn)).rejects.toMatchObject(refused);
  await expect(states.send(new StopExecutionCommand({ executionArn: childArn }))).rejects.toMatchObject(refused);
});

test("a batch tells how many items it has; a Map within a child has runs of its own", async () => {
  const processor = {
    StartAt: "Inner",
    States: {
      Inner: {
        Type: "Map",
        Label: "Inner",
        ItemsPath: "$.Items",
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "P",
          States: { P: { Type: "Pass", End: true } },
        },
        End: true,
      },
    },
  };
  const { executionArn, list } = await begin([1, 2, 3], { ItemBatcher: { MaxItemsPerBatch: 2 } }, { processor });
  const children = await list();
  expect(children.map(({ itemCount }) => itemCount).sort()).toEqual([1, 2]);
  const [{ executionArn: childArn } = {}] = children;
  const { mapRuns: [inner] = [] } = await states.send(new ListMapRunsCommand({ executionArn: childArn }));
  expect(inner).toMatchObject({ executionArn: childArn });
  expect(await states.send(new DescribeMapRunCommand({ mapRunArn: inner?.mapRunArn }))).toMatchObject({ executionArn: childArn });
  expect((await states.send(new ListMapRunsCommand({ executionArn }))).mapRuns).toHaveLength(1);
});

test.each([
  { name: "neither", request: {} },
  { name: "both", request: { stateMachineArn: `${base}:stateMachine:X`, mapRunArn: `${base}:mapRun:X/Y:z` } },
])("a list is of a machine or of a run: $name", async ({ request }) => {
  await expect(states.send(new ListExecutionsCommand(request))).rejects.toMatchObject({ name: "ValidationException" });
});

test.each([
  { name: "ResourceNotFound", mapRunArn: `${base}:mapRun:X/Y:z` },
  { name: "InvalidArn", mapRunArn: `${base}:stateMachine:X` },
])("a run that is none: $name", async ({ name, mapRunArn }) => {
  await expect(states.send(new ListExecutionsCommand({ mapRunArn }))).rejects.toMatchObject({ name });
});
