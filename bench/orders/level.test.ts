import { expect, test } from "vitest";
import { onNewFolder } from "../measure.ts";
import { topLines } from "../profile.ts";
import { measureLevel } from "./level.ts";
import { createRefusals } from "./refusals.ts";

test("guests in a closed loop play whole orders on a bar of their own, and the same calls on the floor", async () => {
  const figures = await onNewFolder((folder) => measureLevel(folder, 2, 0.2, undefined));
  expect(Object.values(figures.latencies).map((each) => each.length > 0)).toEqual([true, true, true, true]);
  expect(figures.diskBytes).toBeGreaterThan(0);
  expect(figures.floor.perSecond).toBeGreaterThan(0);
});

test("refusals are counted by status and problem", () => {
  const refusals = createRefusals();
  expect(refusals.print()).toBe("–");
  for (const status of [409, 409]) refusals.note(status, "urn:serverlesspresso:problem:order-not-ready");
  refusals.note(502, undefined);
  expect(refusals.print()).toBe("2 × 409 order-not-ready, 1 × 502");
});

test("a profile's first lines are the places that took most of the busy time within the span", () => {
  const node = (id: number, functionName: string, url = "") => ({ id, callFrame: { functionName, url, lineNumber: 6 } });
  const profile = {
    nodes: [node(1, "(idle)"), node(2, "redact", "file:///bar/packages/logs/src/redact.ts"), node(3, "", ""), node(4, "early")],
    startTime: 1_000,
    samples: [4, 2, 2, 1, 3],
    timeDeltas: [10, 30, 30, 100, 20],
  };
  expect(topLines(profile, { fromUs: 1_020, untilUs: 2_000 })).toEqual([" 75.0 %  redact  logs/src/redact.ts:7", " 25.0 %  (anonymous)"]);
});
