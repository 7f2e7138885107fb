/** Q1: our evaluator and the package answer the same, over generated expressions and variables. `JSONATA_PAIRS` says how many. */
import type { JsonObject } from "@serverlesspresso/ports";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPackageEvaluator } from "../evaluator/by-package.ts";
import { compileQuery } from "./bounded.ts";
import { expressions, variables } from "./testing-expressions.ts";

const pairs = Number(process.env.JSONATA_PAIRS ?? 1_000);
const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const byPackage = await createPackageEvaluator();

test(
  "what is answered in the process is what the package answers, and no variable is changed",
  async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(expressions, variables, async (expression, given) => {
        const before = JSON.stringify(given);
        const answer = compileQuery(expression)?.(given, () => nowMs);
        expect(JSON.stringify(given)).toBe(before);
        if (answer?.kind !== "value") return;
        const json = JSON.stringify(answer.value);
        const expected = await byPackage(expression, JSON.parse(before) as JsonObject, nowMs);
        expect({ kind: "value", ...(json !== undefined && { json }) }).toEqual(expected);
        answered += 1;
      }),
      { numRuns: pairs },
    );
    // Most of what JSONata refuses by an error is generated as well.
    expect(answered).toBeGreaterThan(pairs / 4);
  },
  60_000 + 10 * pairs,
);
