/** Answers cases of the TestState suite: one state run on its own, with what it tells of its way. */
import { createInterface } from "node:readline";
import type { JsonObject } from "@serverlesspresso/ports";
import { type Environment, TestStateError, type TestStateRequest, testState } from "@serverlesspresso/states-language";
import { checkQuery, createEvaluator } from "@serverlesspresso/states-language/evaluator";

const evaluator = createEvaluator({ deadlineMs: 5_000 });
const account = "111111111111";
let ids = 0;
const env: Environment = {
  nowMs: Date.UTC(2026, 0, 1, 9),
  maxSteps: 1,
  random: () => 0.5,
  uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
  taskToken: (wait) => `task_token-${wait}`,
  evaluate: (expression, variables) => evaluator.evaluateNow(expression, variables, 10_000),
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as TestStateRequest))}\n`);
}
await evaluator.close();

function answer(request: TestStateRequest): JsonObject {
  // A call with a mock was recorded with a role, one without had none.
  const roleArn = request.mock ? { roleArn: `arn:aws:iam::${account}:role/case` } : {};
  try {
    const tested = testState({ ...request, ...roleArn }, env, { account, region: "us-east-1", checkQuery });
    return tested.kind === "result" ? { ...tested.result } : { unsupported: `no mock for ${tested.resource.arn}` };
  } catch (error) {
    if (error instanceof TestStateError) return { exception: { code: error.code, message: error.message } };
    return { unsupported: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
