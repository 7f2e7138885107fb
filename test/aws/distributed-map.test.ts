import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetActivityTaskCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateMapRunCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/api.ts";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient(bar.client);
  for (const name of ["beans", "results"]) mkdirSync(join(bar.dataFolder, "buckets", name), { recursive: true });
});
afterAll(() => bar.close());

const inBucket = (path: string): string => join(bar.dataFolder, "buckets", path);
let machines = 0;

/** Runs a distributed Map until it ends. `state` is what each item goes through. */
async function run(more: object, input: object, state: object = { Type: "Pass", End: true }) {
  const definition = JSON.stringify({
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, StartAt: "One", States: { One: state } },
        End: true,
        ...more,
      },
    },
  });
  const roleArn = `arn:aws:iam::${account}:role/any`;
  const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: `Map${++machines}`, definition, roleArn }));
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  const ended = await eventually("the map's end", async () => {
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status !== "RUNNING" && execution;
  });
  return { ...ended, executionArn, output: ended.output === undefined ? undefined : JSON.parse(ended.output) };
}

const reading = (InputType: string, Key: string, config: object = {}) => ({
  ItemReader: {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: { InputType, ...config },
    Parameters: { "Bucket.$": "$.bucket", Key },
  },
});

test("items come from the file that the state names, as many as it says", async () => {
  writeFileSync(inBucket("beans/list.csv"), "origin,kg\nPeru,1\nKenya,2\nBrazil,3\n");
  const { status, output } = await run(
    { ...reading("CSV", "list.csv", { CSVHeaderLocation: "FIRST_ROW", MaxItemsPath: "$.most" }), MaxConcurrency: 1 },
    { bucket: "beans", most: 2 },
  );
  expect([status, output]).toEqual([
    "SUCCEEDED",
    [
      { origin: "Peru", kg: "1" },
      { origin: "Kenya", kg: "2" },
    ],
  ]);
});

test("the objects of a bucket are items too", async () => {
  mkdirSync(inBucket("beans/2026"));
  for (const day of [1, 2]) writeFileSync(inBucket(`beans/2026/${day}.json`), "[]");
  const ItemReader = { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "beans", Prefix: "2026/" } };
  const { output } = await run({ ItemReader, ItemSelector: { "key.$": "$$.Map.Item.Value.Key", "size.$": "$$.Map.Item.Value.Size" } }, {});
  expect(output).toEqual([
    { key: "2026/1.json", size: 2 },
    { key: "2026/2.json", size: 2 },
  ]);
});

test("results are written with a manifest: batches, tolerated failures, and who they came from", async () => {
  writeFileSync(inBucket("beans/sizes.jsonl"), "1\n2\n3\n");
  const fails = { Type: "Choice", Choices: [{ Variable: "$.Items[0]", NumericEquals: 3, Next: "Bad" }], Default: "Good" };
  const processor = {
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "One",
      States: { One: fails, Good: { Type: "Pass", End: true }, Bad: { Type: "Fail", Error: "TooLarge", Cause: "no cup for it" } },
    },
  };
  const { status, output } = await run(
    {
      ...reading("JSONL", "sizes.jsonl"),
      ...processor,
      Label: "Sizes",
      ItemBatcher: { MaxItemsPerBatch: 2 },
      ToleratedFailurePercentage: 50,
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "results", Prefix: "today" } },
    },
    { bucket: "beans" },
  );
  expect(status).toBe("SUCCEEDED");
  const { MapRunArn, ResultWriterDetails } = output;
  const machine = `arn:aws:states:us-east-1:${account}`;
  expect(MapRunArn).toMatch(new RegExp(`^${machine}:mapRun:Map3/Sizes:[0-9a-f-]{36}$`));
  const folder = `today/${MapRunArn.split(":").at(-1)}`;
  expect(ResultWriterDetails).toEqual({ Bucket: "results", Key: `${folder}/manifest.json` });

  const read = (key: string) => JSON.parse(readFileSync(inBucket(`results/${key}`), "utf8"));
  const size = (key: string) => readFileSync(inBucket(`results/${key}`)).length;
  const [good, bad] = [`${folder}/SUCCEEDED_0.json`, `${folder}/FAILED_0.json`];
  expect(read(ResultWriterDetails.Key)).toEqual({
    DestinationBucket: "results",
    MapRunArn,
    ResultFiles: { FAILED: [{ Key: bad, Size: size(bad) }], PENDING: [], SUCCEEDED: [{ Key: good, Size: size(good) }] },
  });
  const about = {
    ExecutionArn: expect.stringMatching(new RegExp(`^${machine}:execution:Map3/Sizes:[0-9a-f-]{36}$`)),
    InputDetails: { Included: true },
    Name: expect.stringMatching(/^[0-9a-f-]{36}$/),
    StartDate: new Date(bar.clock.nowMs()).toISOString(),
    StateMachineArn: `${machine}:stateMachine:Map3/Sizes`,
    StopDate: new Date(bar.clock.nowMs()).toISOString(),
  };
  const Input = '{"Items":[1,2]}';
  expect(read(good)).toEqual([{ ...about, Input, Output: Input, OutputDetails: { Included: true }, Status: "SUCCEEDED" }]);
  expect(read(bad)).toEqual([{ ...about, Input: '{"Items":[3]}', Error: "TooLarge", Cause: "no cup for it", Status: "FAILED" }]);
});

test.each([
  { name: "COMPACT", Transformation: "COMPACT", gives: [[1], [2]] },
  { name: "FLATTEN", Transformation: "FLATTEN", gives: [1, 2] },
])("without a place to write, results are shaped alone: $name", async ({ Transformation, gives }) => {
  const { output } = await run(
    { ItemsPath: "$.items", ResultWriter: { WriterConfig: { Transformation, OutputType: "JSON" } } },
    { items: [[1], [2]] },
  );
  expect(output).toEqual(gives);
});

test("lines of JSON are written where they are asked for", async () => {
  const WriterConfig = { Transformation: "COMPACT", OutputType: "JSONL" };
  const ResultWriter = { Resource: "arn:aws:states:::s3:putObject", WriterConfig, Parameters: { Bucket: "results" } };
  const { output } = await run({ ItemsPath: "$.items", ResultWriter }, { items: [{ a: 1 }, 2] });
  const [id] = output.ResultWriterDetails.Key.split("/");
  expect(readFileSync(inBucket(`results/${id}/SUCCEEDED_0.jsonl`), "utf8")).toBe('{"a":1}\n2');
});

test.each([
  { name: "a bucket that is not there", more: reading("JSON", "x.json"), input: { bucket: "none" }, error: "States.ItemReaderFailed" },
  {
    name: "a key that leads out of it",
    more: reading("JSON", "../../aws-credentials"),
    input: { bucket: "beans" },
    error: "States.ItemReaderFailed",
  },
  {
    name: "no bucket for results",
    more: { ItemsPath: "$.items", ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "none" } } },
    input: { items: [1] },
    error: "States.ResultWriterFailed",
  },
])("$name fails the state", async ({ more, input, error }) => {
  expect(await run(more, input)).toMatchObject({ status: "FAILED", error });
  expect(bar.errors).toEqual([]);
});

test("thousands of items", async () => {
  writeFileSync(inBucket("beans/many.json"), JSON.stringify(Array.from({ length: 2_500 }, (_, i) => ({ i }))));
  const ResultWriter = { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "results" } };
  const { status, output } = await run({ ...reading("JSON", "many.json"), ResultWriter }, { bucket: "beans" });
  expect(status).toBe("SUCCEEDED");
  const [id] = output.ResultWriterDetails.Key.split("/");
  const written = JSON.parse(readFileSync(inBucket(`results/${id}/SUCCEEDED_0.json`), "utf8")) as { Output: string }[];
  expect(written.map(({ Output }) => JSON.parse(Output).i)).toEqual(Array.from({ length: 2_500 }, (_, i) => i));
}, 60_000);

test("a Map goes on after a restart, its results written once", async () => {
  const { activityArn } = await states.send(new CreateActivityCommand({ name: "Roast" }));
  const definition = JSON.stringify({
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ...reading("JSON", "three.json"),
        MaxConcurrency: 2,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "One",
          States: { One: { Type: "Task", Resource: activityArn, End: true } },
        },
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "results", Prefix: "roasted" } },
        End: true,
      },
    },
  });
  writeFileSync(inBucket("beans/three.json"), "[1,2,3]");
  const roleArn = `arn:aws:iam::${account}:role/any`;
  const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: "Roasting", definition, roleArn }));
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input: '{"bucket":"beans"}' }));
  for (let i = 0; i < 3; i++) {
    const { taskToken, input = "" } = await states.send(new GetActivityTaskCommand({ activityArn }));
    await states.send(new SendTaskSuccessCommand({ taskToken, output: String(Number(input) * 10) }));
    await bar.restart();
  }
  const { output = "" } = await eventually("its end", async () => {
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === "SUCCEEDED" && execution;
  });
  const { Key } = (JSON.parse(output) as { ResultWriterDetails: { Key: string } }).ResultWriterDetails;
  const folder = Key.slice(0, Key.lastIndexOf("/"));
  expect(readdirSync(inBucket("results/roasted"))).toEqual([folder.slice("roasted/".length)]);
  const written = JSON.parse(readFileSync(inBucket(`results/${folder}/SUCCEEDED_0.json`), "utf8")) as { Output: string }[];
  expect(written.map(({ Output }) => Output)).toEqual(["10", "20", "30"]);
});

describe("map runs", () => {
  let activityArn = "";
  let stateMachineArn = "";
  beforeAll(async () => {
    activityArn = (await states.send(new CreateActivityCommand({ name: "Grind" }))).activityArn ?? "";
    const definition = JSON.stringify({
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          Label: "Grinding",
          MaxConcurrency: 1,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "One",
            States: { One: { Type: "Task", Resource: activityArn, End: true } },
          },
          End: true,
        },
      },
    });
    const roleArn = `arn:aws:iam::${account}:role/any`;
    stateMachineArn = (await states.send(new CreateStateMachineCommand({ name: "Grinding", definition, roleArn }))).stateMachineArn ?? "";
  });

  async function begin() {
    const { executionArn = "" } = await states.send(new StartExecutionCommand({ stateMachineArn, input: "[1,2,3]" }));
    const { mapRuns = [] } = await states.send(new ListMapRunsCommand({ executionArn }));
    expect(mapRuns).toEqual([{ executionArn, mapRunArn: expect.any(String), stateMachineArn, startDate: new Date(bar.clock.nowMs()) }]);
    const mapRunArn = mapRuns[0]?.mapRunArn ?? "";
    return { executionArn, mapRunArn, look: () => states.send(new DescribeMapRunCommand({ mapRunArn })) };
  }

  const take = async () => (await states.send(new GetActivityTaskCommand({ activityArn }))).taskToken ?? "";
  const succeed = async () => states.send(new SendTaskSuccessCommand({ taskToken: await take(), output: "0" }));
  const fail = async () => states.send(new SendTaskFailureCommand({ taskToken: await take(), error: "Jammed" }));

  test("a run is listed, described, given other bounds, and ends", async () => {
    const { executionArn, mapRunArn, look } = await begin();
    expect(await look()).toMatchObject({
      executionArn,
      status: "RUNNING",
      maxConcurrency: 1,
      toleratedFailureCount: 0,
      itemCounts: { total: 3, running: 1, pending: 2 },
      redriveCount: 0,
    });
    await states.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 0, toleratedFailureCount: 1 }));
    expect(await look()).toMatchObject({ toleratedFailureCount: 1, executionCounts: { running: 3, pending: 0 } });
    await fail();
    await succeed();
    await succeed();
    expect(await look()).toMatchObject({
      status: "SUCCEEDED",
      stopDate: new Date(bar.clock.nowMs()),
      executionCounts: { total: 3, succeeded: 2, failed: 1, running: 0, timedOut: 0, resultsWritten: 0 },
    });
    await expect(states.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 1 }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("a run ends with its execution", async () => {
    const { executionArn, look } = await begin();
    await states.send(new StopExecutionCommand({ executionArn }));
    expect(await look()).toMatchObject({ status: "ABORTED", executionCounts: { aborted: 1, pending: 2 } });
  });

  test("a run that failed goes on when its execution is redriven", async () => {
    const { executionArn, look } = await begin();
    await succeed();
    await fail();
    expect(await look()).toMatchObject({ status: "FAILED", executionCounts: { succeeded: 1, failed: 1, pending: 1 } });
    await states.send(new RedriveExecutionCommand({ executionArn }));
    expect(await look()).toMatchObject({ status: "RUNNING", redriveCount: 1, redriveDate: new Date(bar.clock.nowMs()) });
    await succeed();
    await succeed();
    expect(await look()).toMatchObject({ status: "SUCCEEDED", executionCounts: { succeeded: 3, failed: 0 } });
  });

  test.each([
    { name: "ResourceNotFound", mapRunArn: `arn:aws:states:us-east-1:${account}:mapRun:Grinding/Grinding:none` },
    { name: "InvalidArn", mapRunArn: `arn:aws:states:us-east-1:${account}:stateMachine:Grinding` },
  ])("what is no run is refused: $name", async ({ name, mapRunArn }) => {
    await expect(states.send(new DescribeMapRunCommand({ mapRunArn }))).rejects.toMatchObject({ name });
  });
});
