/** Restart in every kind of wait: after no time, after the deadline, after a day. What follows is as if nothing had stopped. */
import type { JsonObject } from "@serverlesspresso/ports";
import { keyOf } from "@serverlesspresso/store";
import { expect, test } from "vitest";
import { TaskError } from "./errors.ts";
import { ask, type Harness, openHarness, stateMachineArn, task } from "./testing.ts";
import { insider } from "./workflows.ts";

const day = 86_400_000;
const fn = "arn:aws:lambda:us-east-1:123456789012:function:slow";
const caught = { Catch: [{ ErrorEquals: ["States.Timeout"], ResultPath: "$.late", Next: "Late" }], ResultPath: "$.result", Next: "Count" };
const retry = { Retry: [{ ErrorEquals: ["Test.Once"], IntervalSeconds: 100, MaxAttempts: 3, BackoffRate: 1 }] };

interface Case {
  readonly name: string;
  readonly state: JsonObject;
  /** When the wait is over by itself. */
  readonly dueMs: number;
  /** Where it ends then. */
  readonly end: "Count" | "Late";
  /** Ends it from outside, in time. */
  readonly finish?: (h: Harness) => Promise<unknown>;
}

const answer = (h: Harness): Promise<unknown> => h.execute("SendTaskSuccess", { taskToken: h.tokens.get("e")!, output: "1" });

const cases: readonly Case[] = [
  { name: "a callback", state: ask("", { TimeoutSeconds: 300, ...caught }), dueMs: 300_000, end: "Late", finish: answer },
  {
    name: "a heartbeat",
    state: ask("", { HeartbeatSeconds: 60, TimeoutSeconds: 600, ...caught }),
    dueMs: 60_000,
    end: "Late",
    finish: answer,
  },
  { name: "a Wait state", state: { Type: "Wait", Seconds: 120, Next: "Count" }, dueMs: 120_000, end: "Count" },
  {
    name: "a retry's back-off",
    state: task("test:once", {}, { ...retry, ResultPath: "$.result", Next: "Count" }),
    dueMs: 100_000,
    end: "Count",
  },
  { name: "a function's call", state: { Type: "Task", Resource: fn, TimeoutSeconds: 50, ...caught }, dueMs: 50_000, end: "Late" },
  {
    name: "a nested execution",
    state: task("states:startExecution.sync:2", { StateMachineArn: stateMachineArn("Child") }, { ResultPath: "$.result", Next: "Count" }),
    dueMs: 30_000,
    end: "Count",
  },
  {
    name: "an activity",
    state: {
      Type: "Task",
      Resource: "arn:aws:states:us-east-1:123456789012:activity:a",
      HeartbeatSeconds: 40,
      TimeoutSeconds: 400,
      Next: "Count",
    },
    dueMs: Number.POSITIVE_INFINITY,
    end: "Count",
    async finish(h) {
      const { taskToken } = await h.workflows.wait(
        "GetActivityTask",
        { activityArn: "arn:aws:states:us-east-1:123456789012:activity:a" },
        insider,
      );
      await h.execute("SendTaskSuccess", { taskToken: taskToken as string, output: "{}" });
    },
  },
];

async function open(state: JsonObject, machine: JsonObject = {}): Promise<{ h: Harness; arn: string }> {
  const h = await openHarness();
  h.functions.set(fn, () => new Promise(() => {}));
  let tried = false;
  h.integrations["test:once"] = {
    kind: "transactional",
    call() {
      if (tried) return {};
      tried = true;
      throw new TaskError("Test.Once", "not yet");
    },
  };
  await h.execute("CreateActivity", { name: "a" });
  await h.define("Child", { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 30, End: true } } });
  await h.define("Wait", {
    ...machine,
    StartAt: "State",
    States: {
      State: state,
      Count: task("test:count", { name: "count" }),
      ...(state.Catch !== undefined && { Late: task("test:count", { name: "late" }) }),
    },
  });
  const arn = await h.start("Wait", {}, "e");
  await h.clock.advance(0);
  return { h, arn };
}

const counted = (h: Harness): (number | undefined)[] => ["count", "late"].map((name) => h.store.get<number>(keyOf("test", name)));

test.each(cases.filter(({ finish }) => finish))("$name is ended from outside after a restart", async ({ state, finish }) => {
  const { h, arn } = await open(state);
  await h.restart();
  await finish?.(h);
  await h.clock.advance(2 * day);
  expect(h.describe(arn).status).toBe("SUCCEEDED");
  expect(counted(h)).toEqual([1, undefined]);
  expect(h.errors).toEqual([]);
  await h.close();
});

test.each(
  cases.filter(({ dueMs }) => Number.isFinite(dueMs)).flatMap((each) => [0, each.dueMs, day].map((downMs) => ({ ...each, downMs }))),
)("$name: down for $downMs ms, then its time is over once", async ({ state, dueMs, end, downMs }) => {
  const { h, arn } = await open(state);
  await h.restart(() => h.clock.advance(downMs));
  if (downMs < dueMs) {
    await h.clock.advance(dueMs - downMs - 1);
    expect(h.describe(arn).status).toBe("RUNNING");
    await h.clock.advance(1);
  }
  await h.clock.advance(2 * day);
  expect(h.describe(arn).status).toBe("SUCCEEDED");
  expect(counted(h)).toEqual(end === "Count" ? [1, undefined] : [undefined, 1]);
  expect(h.errors).toEqual([]);
  await h.close();
});

test("the machine's own time ends the execution, whatever its states catch", async () => {
  const { h, arn } = await open(ask("", caught), { TimeoutSeconds: 1_000 });
  await h.restart(() => h.clock.advance(999_000));
  expect(h.describe(arn).status).toBe("RUNNING");
  await h.clock.advance(1_000);
  expect(h.describe(arn)).toMatchObject({ status: "TIMED_OUT", error: "States.Timeout" });
  await expect(answer(h)).rejects.toMatchObject({ code: "TaskTimedOut" });
  expect(h.store.scan({ start: "t", end: "u" }).filter(([key]) => key.startsWith("timer"))).toEqual([]);
  await h.close();
});
