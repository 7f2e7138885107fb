import type { JsonObject } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { resume, start } from "./decide.ts";
import type { ExecutionState } from "./execution-state.ts";
import { joinState, splitState } from "./state-parts.ts";
import { encodeState } from "./stored-state/encode.ts";
import { context, environment, lambda, single, startMs } from "./testing.ts";

const onDisk = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const again = (state: ExecutionState): ExecutionState => {
  const { head, parts } = splitState(state);
  return joinState(onDisk(head), onDisk([...parts].map(([place, { value }]) => [place, value] as const)).reverse());
};

const task = { Type: "Task", Resource: lambda, End: true };
const processor = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, StartAt: "I", States: { I: task } };
const map = (more: JsonObject = {}): JsonObject => ({
  Type: "Map",
  ToleratedFailureCount: 99,
  ItemProcessor: processor,
  End: true,
  ...more,
});
const inner = { StartAt: "M", States: { M: map({ ItemsPath: "$.cups" }) } };
const items = Array.from({ length: 50 }, (_, index) => ({ index, note: "n".repeat(60) }));
const cases: { readonly name: string; readonly definition: JsonObject; readonly input: object }[] = [
  { name: "a Map over its input", definition: single(map()), input: items },
  { name: "a Map whose items are kept", definition: single(map({ ItemBatcher: { MaxItemsPerBatch: 1 } })), input: items },
  {
    name: "a Map that notes what it did",
    definition: single(map({ ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b", Prefix: "p" } } })),
    input: items,
  },
  {
    name: "Maps within a Parallel",
    definition: single({
      Type: "Parallel",
      Branches: [inner, JSON.parse(JSON.stringify(inner).replaceAll(/"([MI])"/g, '"$12"')) as JsonObject],
      End: true,
    }),
    input: { cups: items },
  },
  {
    name: "Maps within a Map",
    definition: single(map({ ItemProcessor: { ...processor, StartAt: "M", States: inner.States } })),
    input: Array.from({ length: 35 }, (_, index) => ({ cups: items.slice(0, index === 1 ? 34 : 1) })),
  },
];

describe.each(cases)("$name", ({ definition, input }) => {
  test("P1: is put together as it was, after every step", () => {
    const machine = compile(definition);
    let { state, actions, outcome } = start(machine, { input: onDisk(input) as never, context }, environment(startMs));
    const waits = actions.flatMap((action) => (action.kind === "task" ? [action.wait] : []));
    expect(waits.length).toBeGreaterThan(32);
    for (let step = 0; step < 40 && outcome === undefined; step++) {
      const copy = again(state);
      expect(copy).toEqual(onDisk(state));
      const wait = waits[step % 3 === 2 ? waits.length - step : step] as number;
      const stimulus =
        step % 4 === 3
          ? ({ kind: "taskFailed", wait, error: "Bad" } as const)
          : ({ kind: "taskSucceeded", wait, output: [null, step][step % 2] as never } as const);
      const told = resume(machine, copy, stimulus, environment(startMs + step));
      ({ state, outcome } = resume(machine, state, stimulus, environment(startMs + step)));
      expect(onDisk(told.state)).toEqual(onDisk(state));
    }
  });
});

test("P3, P4: of two splits those parts differ that the step changed, and the head stays as long", () => {
  const machine = compile(single(map()));
  const began = start(machine, { input: onDisk(items) as never, context }, environment(startMs));
  const first = splitState(began.state);
  const second = splitState(
    resume(machine, began.state, { kind: "taskSucceeded", wait: 8, output: { cup: 1 } }, environment(startMs)).state,
  );
  const changed = [...second.parts].filter(([place, { of }]) => first.parts.get(place)?.of !== of).map(([place]) => place);
  const gone = [...first.parts.keys()].filter((place) => !second.parts.has(place));
  expect([changed, gone]).toEqual([["q.c.o.7"], ["q.c.l.7"]]);
  expect(JSON.stringify(second.head).length - JSON.stringify(first.head).length).toBeLessThan(5);
});

test("P2: a state without many children and large inputs is its own head", () => {
  const { state } = start(compile(single(task)), { input: { cup: 1 }, context }, environment(startMs));
  expect(splitState(state)).toEqual({ head: encodeState(state), parts: new Map() });
});
