/**
 * Over generated workflows whose tasks fail a few times, redriven until they succeed, across restarts: they end as if nothing had
 * failed, and each task succeeds once. One that was aborted on the way, because another beside it failed, is done again.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import { keyOf, rangeOf } from "@serverlesspresso/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TaskError } from "./errors.ts";
import { readHistory } from "./history.ts";
import { openHarness, task } from "./testing.ts";

/** What a workflow does in order: a task, several things side by side, or one thing for each of some items. */
type Step =
  | { readonly do: "task" }
  | { readonly do: "branches"; readonly of: readonly Step[][] }
  | { readonly do: "items"; readonly count: number; readonly atOnce: number; readonly of: readonly Step[] };

const { steps } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constant<Step>({ do: "task" }),
    fc.array(tie("steps"), { minLength: 1, maxLength: 3 }).map((of): Step => ({ do: "branches", of })),
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 2 }), tie("steps"))
      .map(([count, atOnce, of]): Step => ({ do: "items", count, atOnce, of })),
  ),
  steps: fc.array(tie("step"), { minLength: 1, maxLength: 3 }),
}));

/** Each task counts under its state's name and the items it is for: `path`. */
function definitionOf(all: readonly Step[], prefix = "S"): JsonObject {
  const nameOf = (i: number): string => `${prefix}${i}`;
  const states = all.map((step, i): [string, JsonObject] => {
    const goOn = { ResultPath: null, ...(i + 1 < all.length ? { Next: nameOf(i + 1) } : { End: true }) };
    return [nameOf(i), { ...stateOf(step, nameOf(i)), ...goOn }];
  });
  return { StartAt: nameOf(0), States: Object.fromEntries(states) };
}

function stateOf(step: Step, name: string): JsonObject {
  switch (step.do) {
    case "task":
      return task("test:brew", { "name.$": `States.Format('${name}{}', $.path)` }, {});
    case "branches":
      return { Type: "Parallel", Branches: step.of.map((branch, i) => definitionOf(branch, `${name}.${i}.`)) };
    case "items":
      return {
        Type: "Map",
        ItemsPath: `$.items.c${step.count}`,
        ItemSelector: { "path.$": "States.Format('{}/{}', $.path, $$.Map.Item.Index)", "items.$": "$.items" },
        ItemProcessor: definitionOf(step.of, `${name}.`),
        MaxConcurrency: step.atOnce,
      };
  }
}

function tasksOf(all: readonly Step[]): number {
  return all.reduce((sum, step) => {
    if (step.do === "task") return sum + 1;
    if (step.do === "items") return sum + step.count * tasksOf(step.of);
    return sum + step.of.reduce((within, branch) => within + tasksOf(branch), 0);
  }, 0);
}

/** Nothing is ever aborted: what fails is alone. */
function isSequential(all: readonly Step[]): boolean {
  return all.every((step) => step.do === "task" || (step.do === "items" && step.atOnce === 1 && isSequential(step.of)));
}

const items = { c0: [], c1: [1], c2: [1, 2], c3: [1, 2, 3] };

test("redriven until it succeeds", { timeout: 60_000 }, async () => {
  const failures = fc.infiniteStream(fc.constantFrom(0, 0, 1, 2));
  const restarts = fc.infiniteStream(fc.boolean());
  const redriven = fc.asyncProperty(steps, failures, restarts, async (all, plan, isRestarted) => {
    const h = await openHarness();
    const left = new Map<string, number>();
    const brew = {
      kind: "transactional" as const,
      call(tx: Parameters<typeof h.workflows.execute>[0], { name }: JsonObject) {
        const key = keyOf("brewed", name as string);
        const times = left.get(name as string) ?? (plan.next().value as number);
        left.set(name as string, times - 1);
        tx.put(key, (tx.get<number>(key) ?? 0) + 1);
        if (times > 0) throw new TaskError("Spilt", "as planned");
        return {};
      },
    };
    h.integrations["test:brew"] = brew;
    await h.define("Order", definitionOf(all));
    const arn = await h.start("Order", { path: "", items }, "a");
    for (let i = 0; i < 200 && h.describe(arn).status === "FAILED"; i++) {
      if (isRestarted.next().value) await h.restart();
      await h.execute("RedriveExecution", { executionArn: arn });
    }
    expect(h.describe(arn)).toMatchObject({ status: "SUCCEEDED", output: JSON.stringify({ path: "", items }) });
    const counts = h.store.scan<number>(rangeOf("brewed")).map(([, count]) => count);
    expect(counts).toHaveLength(tasksOf(all));
    if (isSequential(all)) expect(Math.max(1, ...counts)).toBe(1);
    const [begun] = h.store.scan<number>(rangeOf("xn")).map(([, startMs]) => startMs);
    const events = readHistory(h.store, `Order:${begun}`, { limit: 25_000 });
    expect(events.filter(({ type }) => type === "TaskSucceeded")).toHaveLength(tasksOf(all));
    expect(h.store.scan(rangeOf("xz"))).toEqual([]);
    expect(h.errors).toEqual([]);
    await h.close();
  });
  await fc.assert(redriven, { numRuns: 40, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false });
});
