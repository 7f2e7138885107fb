/** One execution that cannot go on ends by itself: its neighbours' waits are over in time, also after a restart. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import * as statesLanguage from "@serverlesspresso/states-language";
import { keyOf, type Transaction } from "@serverlesspresso/store";
import { expect, test } from "vitest";
import type { Integration } from "./integration.ts";
import { type Harness, openHarness, stateMachineArn, task } from "./testing.ts";

const wait = (seconds: number, more: JsonObject): JsonObject => ({ Type: "Wait", Seconds: seconds, ...more });

/** A core that says an impossible deadline for the state `Broken`, and an impossible state after `Unwritable`. */
const broken: typeof statesLanguage = {
  ...statesLanguage,
  start: (...given) => spoilt(statesLanguage.start(...given)),
  resume: (...given) => spoilt(statesLanguage.resume(...given)),
};
function spoilt(decision: statesLanguage.Decision): statesLanguage.Decision {
  const enters = (state: string): boolean => decision.events.some(({ details }) => details?.name === state);
  if (enters("Broken")) return { ...decision, nextDueMs: 1.5 };
  return enters("Unwritable") ? { ...decision, state: { ...decision.state, newestWait: 1n as never } } : decision;
}

interface Case {
  readonly name: string;
  /** The state after a wait of ten seconds. */
  readonly second: JsonObject;
  readonly input?: JsonValue;
  readonly cause: RegExp;
}
const cases: readonly Case[] = [
  { name: "seconds beyond all bounds", second: { Type: "Wait", SecondsPath: "$.s", End: true }, input: { s: 1e308 }, cause: /1e\+308/ },
  { name: "a deadline that is no instant", second: wait(5, { Comment: "Broken", End: true }), cause: /is at 1.5, expected whole/ },
  { name: "a key that the store refuses", second: task("test:long-key", {}), cause: /key has 5\d\d\d bytes/ },
  { name: "a key that is no number", second: task("test:fraction", {}), cause: /key part is 1.5/ },
];

async function open(): Promise<Harness> {
  const h = await openHarness({}, broken);
  h.integrations["test:long-key"] = failing((tx) => tx.put(keyOf("k".repeat(5000)), 1));
  h.integrations["test:fraction"] = failing((tx) => tx.put(keyOf("k", 1.5), 1));
  return h;
}

/** Fails its transaction at the end, outside of the step that called it. */
function failing(hook: (tx: Transaction) => void): Integration {
  return {
    kind: "transactional",
    call(tx) {
      tx.beforeCommit(hook);
      return {};
    },
  };
}

test.each(cases)("$name", async ({ second, input = {}, cause }) => {
  const h = await open();
  await h.define("Good", { StartAt: "First", States: { First: wait(10, { Next: "Second" }), Second: wait(10, { End: true }) } });
  const name = second.Comment === "Broken" ? "Broken" : "Second";
  await h.define("Bad", { StartAt: "First", States: { First: wait(10, { Next: name }), [name]: second } });
  const good: string[] = [];
  for (let i = 0; i < 3; i++) good.push(await h.start("Good"));
  const bad = await h.start("Bad", input);
  for (let i = 0; i < 3; i++) good.push(await h.start("Good"));

  await h.clock.advance(10_000);
  expect(h.describe(bad)).toMatchObject({ status: "FAILED", error: "States.Runtime", cause: expect.stringMatching(cause) });
  expect(h.history(bad).at(-1)).toBe("ExecutionFailed");
  await h.restart();
  await h.clock.advance(10_000);
  expect(good.map((arn) => h.describe(arn).status)).toEqual(good.map(() => "SUCCEEDED"));
  await h.close();
});

test("W5: an execution that cannot be written ends alone; whoever started it in the same transaction goes on, or catches", async () => {
  const h = await open();
  await h.define("Bad", { StartAt: "Unwritable", States: { Unwritable: wait(5, { End: true }) } });
  const startBad = (pattern: string, more: JsonObject): JsonObject =>
    task(`states:startExecution${pattern}`, { StateMachineArn: stateMachineArn("Bad") }, more);
  await h.define("Good", { StartAt: "Start", States: { Start: startBad("", { Next: "Wait" }), Wait: wait(5, { End: true }) } });
  const catching = { Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Caught" }], End: true };
  await h.define("Parent", { StartAt: "Start", States: { Start: startBad(".sync", catching), Caught: wait(5, { End: true }) } });
  const [good, parent, bad] = [await h.start("Good"), await h.start("Parent"), await h.start("Bad")];
  expect(h.describe(bad)).toMatchObject({ status: "FAILED", error: "States.Runtime", cause: expect.stringContaining("BigInt") });
  await h.restart();
  await h.clock.advance(5_000);
  expect([h.describe(good).status, h.describe(parent).status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  expect(h.history(parent)).toContain("TaskFailed");
  await h.close();
});

test("a call's answer after which nothing can be written ends its execution", async () => {
  const h = await open();
  h.functions.set("arn:aws:lambda:us-east-1:123456789012:function:grind", async () => ({ payload: 1 }));
  const first = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:grind", Next: "Second" };
  await h.define("Bad", { StartAt: "First", States: { First: first, Second: task("test:long-key", {}) } });
  const bad = await h.start("Bad");
  await h.clock.advance(1);
  expect(h.describe(bad)).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  await h.close();
});
