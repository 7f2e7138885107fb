import { expect, test } from "vitest";
import { notRun } from "../support/not-run.ts";
import { cannotRun, cutPower } from "./suite.ts";

const reason = cannotRun();
const name = "21 images of a power cut: every acknowledged change is there, nothing is half there";
test.skipIf(reason !== undefined)(name + notRun(reason), { timeout: 180_000 }, async () => {
  const result = await cutPower({ images: 21, seed: 2026 });
  expect(result.violations).toEqual([]);
  // The shim must have seen the store's syncs, and the load have been one.
  expect(result.syncs).toBeGreaterThan(10);
  expect(result.acknowledged).toBe(260);
});
