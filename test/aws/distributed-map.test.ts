import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  writeFileSync(inBucket("beans/many.json"), JSON.stringify(Array.from({ length: 5_000 }, (_, i) => ({ i }))));
  const ResultWriter = { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "results" } };
  const { status, output } = await run({ ...reading("JSON", "many.json"), ResultWriter }, { bucket: "beans" });
  expect(status).toBe("SUCCEEDED");
  const [id] = output.ResultWriterDetails.Key.split("/");
  const written = JSON.parse(readFileSync(inBucket(`results/${id}/SUCCEEDED_0.json`), "utf8")) as { Output: string }[];
  expect(written.map(({ Output }) => JSON.parse(Output).i)).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
}, 60_000);
