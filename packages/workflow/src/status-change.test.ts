import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, expect, test, vi } from "vitest";
import { histories } from "./history.ts";
import { kinds } from "./record-kinds.ts";
import { ask, type Harness, openHarness } from "./testing.ts";

let h: Harness;
afterEach(() => h.close());
afterEach(() => vi.restoreAllMocks());

test.each([
  { name: "at hand, without a look at the history", restarts: false, reads: 0 },
  { name: "in the history after a restart", restarts: true, reads: 1 },
])("S3: the input of an execution that ends is $name", async ({ restarts, reads }) => {
  const told: JsonObject[] = [];
  h = await openHarness({ onStatusChange: (_, { detail }) => void told.push(detail) });
  await h.define("Order", { StartAt: "Ask", States: { Ask: ask("a", { End: true }) } });
  await h.start("Order", { drink: "latte" });
  if (restarts) await h.restart();
  const [taskToken] = h.tokens.values();
  const scan = vi.spyOn(histories, "scan");
  await h.execute("SendTaskSuccess", { taskToken: taskToken as string, output: "1" });
  expect(scan).toHaveBeenCalledTimes(reads);
  expect(told.map(({ status, input }) => [status, input])).toEqual([
    ["RUNNING", '{"drink":"latte"}'],
    ["SUCCEEDED", '{"drink":"latte"}'],
  ]);
});

test("O1: an input at hand is not written into the record that changes with every step", async () => {
  h = await openHarness();
  await h.define("Order", { StartAt: "Ask", States: { Ask: ask("a", { ResultPath: null, InputPath: null, End: true }) } });
  await h.start("Order", { drink: "latte" });
  const [[, record] = []] = h.store.scan(kinds.running.range());
  expect(record).not.toHaveProperty("input");
});
