/** O1 to O3: an execution under way, whose record and parts are read back as they were written, however much of it there is. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keys } from "./keys.ts";
import { type Harness, openHarness, task } from "./testing.ts";

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
});
afterEach(async () => {
  expect(h.errors).toEqual([]);
  await h.close();
});

/** Every item asks, and waits for its answer. */
function mapOf(mode: "DISTRIBUTED" | "INLINE", more: JsonObject = {}): JsonObject {
  const States = {
    Ask: task("test:ask.waitForTaskToken", { "id.$": "States.Format('{}', $$.Map.Item.Index)", "token.$": "$$.Task.Token" }),
  };
  const processor = mode === "DISTRIBUTED" ? { Mode: mode, ExecutionType: "STANDARD" } : { Mode: mode };
  const ItemProcessor = { ProcessorConfig: processor, StartAt: "Ask", States };
  return { StartAt: "Map", States: { Map: { Type: "Map", MaxConcurrency: 1_000, ...more, ItemProcessor, End: true } } };
}

const items = (count: number): string[] => Array.from({ length: count }, (_, index) => `a cup of coffee, the ${index}th`);

/** Ends a child's task, and returns the bytes that this puts into the store. */
async function answer(id: number): Promise<number> {
  let bytes = 0;
  await h.store.transact((tx) => {
    const counting: Transaction = {
      ...tx,
      put(key, value) {
        bytes += key.length + JSON.stringify(value).length;
        tx.put(key, value);
      },
    };
    h.workflows.execute(counting, "SendTaskSuccess", { taskToken: h.tokens.get(String(id))!, output: JSON.stringify({ cup: id }) });
  });
  return bytes;
}

async function begin(count: number, definition = mapOf("DISTRIBUTED")): Promise<string> {
  await h.define("Map", definition);
  const executionArn = await h.start("Map", items(count));
  await h.clock.advance(0);
  await h.clock.advance(0);
  expect(h.tokens.size).toBe(count);
  return executionArn;
}

const answered = 60;

async function bytesPerChild(count: number): Promise<number> {
  await begin(count);
  let bytes = 0;
  for (let id = 0; id < answered; id++) bytes += await answer(id);
  h.tokens.clear();
  return bytes / answered;
}

test("O2: what a child's end writes does not grow with the number of the others", async () => {
  const few = await bytesPerChild(100);
  await h.close();
  h = await openHarness();
  const many = await bytesPerChild(1_000);
  expect(few).toBeLessThan(3_000);
  expect(many).toBeLessThan(1.1 * few);
});

test.each(["DISTRIBUTED", "INLINE"] as const)(
  "O1: a %s Map goes on from its parts after a restart, and leaves none behind",
  async (mode) => {
    const executionArn = await begin(40, mapOf(mode));
    for (let id = 0; id < 40; id += 2) await answer(id);
    await h.restart();
    for (let id = 39; id > 1; id -= 2) await answer(id);
    await h.restart();
    expect(h.describe(executionArn).status).toBe("RUNNING");
    await answer(1);
    expect(JSON.parse(h.describe(executionArn).output as string)).toEqual(items(40).map((_, cup) => ({ cup })));
    expect(h.store.scan(keys.partsOf(`Map:${Date.parse("2026-01-01T09:00:00Z")}`))).toEqual([]);
  },
);

test("O2: an execution's large input is written once", async () => {
  await h.define("Asks", {
    StartAt: "Map",
    States: {
      Map: {
        Type: "Map",
        ItemsPath: "$.items",
        ItemProcessor: {
          StartAt: "Ask",
          States: (mapOf("INLINE").States as { Map: { ItemProcessor: { States: JsonObject } } }).Map.ItemProcessor.States,
        },
        End: true,
      },
    },
  });
  await h.start("Asks", { items: [1, 2, 3], recipe: "x".repeat(100_000) });
  await h.clock.advance(0);
  expect(await answer(0)).toBeLessThan(5_000);
  await h.restart();
  expect(await answer(2)).toBeLessThan(5_000);
});
