import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { resume, start } from "./decide.ts";
import type { Decision, Stimulus } from "./decision.ts";
import { context, environment, lambda, play, single, startMs } from "./testing.ts";

const distributed = (more: JsonObject = {}): JsonObject =>
  single({
    Type: "Map",
    Label: "Cups",
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "I",
      States: { I: { Type: "Task", Resource: lambda, End: true } },
    },
    ...more,
  });

/** An execution that a test moves by hand. */
function begin(definition: JsonObject, input: JsonValue) {
  const machine = compile(definition);
  let decision = start(machine, { input, context }, environment(startMs));
  return {
    get decision() {
      return decision;
    },
    tell(stimulus: Stimulus): Decision {
      decision = resume(machine, decision.state, stimulus, environment(startMs + 1_000));
      return decision;
    },
  };
}

const counts = (total: number, told: JsonObject): JsonObject => ({
  total,
  pending: 0,
  pendingRedrive: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  aborted: 0,
  resultsWritten: 0,
  ...told,
});

test("a decision tells how the runs stand that it has moved", () => {
  const run = begin(distributed({ MaxConcurrency: 2, ToleratedFailureCount: 1 }), [1, 2, 3]);
  const [began] = run.decision.mapRuns ?? [];
  expect(began).toEqual({
    mapRunArn: "arn:aws:states:us-east-1:123456789012:mapRun:Machine/Cups:uuid-1",
    status: "RUNNING",
    maxConcurrency: 2,
    toleratedFailureCount: 1,
    toleratedFailurePercentage: 0,
    executionCounts: counts(3, { pending: 1, running: 2 }),
    itemCounts: counts(3, { pending: 1, running: 2 }),
  });
  expect(run.tell({ kind: "taskFailed", wait: 1, error: "Bad" }).mapRuns?.[0]?.executionCounts).toEqual(
    counts(3, { running: 2, failed: 1 }),
  );
  expect(run.tell({ kind: "heartbeat", wait: 2 }).mapRuns).toBeUndefined();
  run.tell({ kind: "taskSucceeded", wait: 2, output: 2 });
  expect(run.tell({ kind: "taskSucceeded", wait: 3, output: 3 }).mapRuns).toMatchObject([
    { status: "SUCCEEDED", executionCounts: counts(3, { succeeded: 2, failed: 1 }) },
  ]);
});

test("a batch counts as one execution and several items", () => {
  const run = begin(distributed({ MaxConcurrency: 1, ItemBatcher: { MaxItemsPerBatch: 2 } }), [1, 2, 3]);
  expect(run.tell({ kind: "taskSucceeded", wait: 1, output: 0 }).mapRuns).toMatchObject([
    { executionCounts: counts(2, { succeeded: 1, running: 1 }), itemCounts: counts(3, { succeeded: 2, running: 1 }) },
  ]);
});

test.each<{ name: string; stimulus: Stimulus; status: string; told: JsonObject; type: string }>([
  {
    name: "too many failures",
    stimulus: { kind: "taskFailed", wait: 1, error: "Bad" },
    status: "FAILED",
    told: { failed: 1, aborted: 1 },
    type: "MapRunFailed",
  },
  { name: "a stop", stimulus: { kind: "abort" }, status: "ABORTED", told: { aborted: 2 }, type: "MapRunAborted" },
])("$name ends the run", ({ stimulus, status, told, type }) => {
  const { mapRuns, events } = begin(distributed(), [1, 2]).tell(stimulus);
  expect(mapRuns).toMatchObject([{ status, executionCounts: counts(2, told) }]);
  expect(events.filter((event) => event.type.startsWith("MapRun")).map((event) => event.type)).toEqual([type]);
});

test("a run whose results cannot be written has failed", () => {
  const run = begin(distributed({ ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "out" } } }), [1]);
  run.tell({ kind: "taskSucceeded", wait: 1, output: 1 });
  const { mapRuns, events, outcome } = run.tell({ kind: "taskFailed", wait: 2, cause: "no bucket" });
  expect(mapRuns).toMatchObject([{ status: "FAILED", executionCounts: counts(1, { succeeded: 1 }) }]);
  expect(events.map(({ type }) => type)).toEqual(["MapRunFailed", "MapStateFailed", "ExecutionFailed"]);
  expect([events[0]?.details, outcome]).toMatchObject([{ error: "States.ResultWriterFailed", cause: "no bucket" }, { status: "FAILED" }]);
});

test("a run is given up with a Parallel around it", () => {
  const named = (StartAt: string, { States }: JsonObject): JsonObject => ({
    StartAt,
    States: { [StartAt]: (States as JsonObject).S ?? null },
  });
  const branches = [named("M", distributed()), named("T", single({ Type: "Task", Resource: lambda }))];
  const run = begin(single({ Type: "Parallel", Branches: branches }), [1]);
  const { mapRuns, events } = run.tell({ kind: "taskFailed", wait: 1, error: "Bad" });
  expect(mapRuns).toMatchObject([{ status: "ABORTED" }]);
  expect(events.map(({ type }) => type)).toContain("MapRunAborted");
});

test("a run under way is given other bounds", () => {
  const run = begin(distributed({ MaxConcurrency: 1 }), [1, 2, 3]);
  const mapRunArn = run.decision.mapRuns?.[0]?.mapRunArn ?? "";
  const changed = run.tell({ kind: "updateMapRun", mapRunArn, maxConcurrency: 3, toleratedFailurePercentage: 50 });
  expect(changed.mapRuns).toMatchObject([{ maxConcurrency: 3, toleratedFailurePercentage: 50 }]);
  expect([changed.actions.length, changed.continues]).toEqual([2, false]);
  expect(run.tell({ kind: "taskFailed", wait: 1 }).outcome).toBeUndefined();
  expect(run.tell({ kind: "updateMapRun", mapRunArn: "another", maxConcurrency: 1 }).mapRuns).toBeUndefined();
});

test("a redriven run counts what has its turn still to come as pending its redrive", () => {
  const run = begin(distributed(), [1, 2, 3]);
  const mapRunArn = run.decision.mapRuns?.[0]?.mapRunArn ?? "";
  run.tell({ kind: "updateMapRun", mapRunArn, maxConcurrency: 1 });
  expect(run.tell({ kind: "taskFailed", wait: 1 }).mapRuns).toMatchObject([{ executionCounts: counts(3, { failed: 1, aborted: 2 }) }]);
  let { mapRuns, continues } = run.tell({ kind: "redrive", redriveCount: 1 });
  while (continues) ({ mapRuns = mapRuns, continues } = run.tell({ kind: "continue" }));
  expect(mapRuns).toMatchObject([{ status: "RUNNING", executionCounts: counts(3, { running: 1, pendingRedrive: 2 }) }]);
});

test("a ResultWriter is told of each child: what it was given, when, and how it ended", () => {
  const more = {
    ToleratedFailureCount: 1,
    ItemSelector: { "n.$": "$$.Map.Item.Value" },
    ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "out" } },
  };
  const { actions } = play(distributed(more), [1, 2], {
    world: (action) => {
      if (action.kind !== "task") return [];
      const { n } = action.parameters as { n: number };
      const [stimulus]: [Stimulus] =
        n === 1 ? [{ kind: "taskSucceeded", wait: action.wait, output: "one" }] : [{ kind: "taskFailed", wait: action.wait, error: "Bad" }];
      return [{ afterMs: n * 1_000, stimulus }];
    },
  });
  expect(actions.at(-1)).toMatchObject({
    kind: "writeResults",
    mapRunArn: expect.stringContaining(":mapRun:Machine/Cups:"),
    children: [
      { status: "SUCCEEDED", input: { n: 1 }, startMs, stopMs: startMs + 1_000, output: "one" },
      { status: "FAILED", input: { n: 2 }, startMs, stopMs: startMs + 2_000, failure: { Error: "Bad" } },
    ],
  });
});

test("a child whose history is full fails by itself", () => {
  const definition = distributed({ ToleratedFailureCount: 1 });
  const map = (definition.States as JsonObject).S as JsonObject;
  const loop = { StartAt: "I", States: { I: { Type: "Pass", Next: "J" }, J: { Type: "Pass", Next: "I" } } };
  const looping = { StartAt: "S", States: { S: { ...map, ItemProcessor: { ...(map.ItemProcessor as JsonObject), ...loop } } } };
  const machine = compile(looping);
  let decision = start(machine, { input: [1], context }, environment(startMs));
  let told = 0;
  while (decision.continues) {
    told += decision.children?.[0]?.events.length ?? 0;
    decision = resume(machine, decision.state, { kind: "continue" }, environment(startMs));
  }
  const [child] = decision.children ?? [];
  expect(told + (child?.events.length ?? 0)).toBe(25_000);
  expect(child?.outcome).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  expect(decision.outcome?.status).toBe("SUCCEEDED");
  expect(decision.mapRuns).toMatchObject([{ status: "SUCCEEDED", executionCounts: { failed: 1 } }]);
});
