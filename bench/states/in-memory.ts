/** Our core alone: decisions, with a history, and nothing around them. */
import { compile, type Environment, simulate } from "@serverlesspresso/states-language";
import { ground, type Workload } from "./workloads.ts";

const environment = (nowMs: number): Environment => ({
  nowMs,
  maxSteps: 100,
  random: () => 0.5,
  uuid: () => "00000000-0000-4000-8000-000000000000",
  taskToken: (wait) => `token-${wait}`,
  evaluate: () => ({ kind: "error", code: "T", message: "no JSONata here" }),
});
const arn = "arn:aws:states:us-east-1:123456789012";
const context = {
  Execution: { Id: `${arn}:execution:Bench:run`, Name: "run", RoleArn: "", StartTime: "2026-01-01T09:00:00.000Z", RedriveCount: 0 },
  StateMachine: { Id: `${arn}:stateMachine:Bench`, Name: "Bench" },
};

/** Runs a workload once. */
export function inMemory({ definition, input, name }: Workload): () => Promise<void> {
  const machine = compile(definition);
  const startMs = Date.UTC(2026, 0, 1, 9);
  return async () => {
    const { outcome } = simulate(machine, {
      input,
      context,
      startMs,
      environment,
      react: (action) => (action.kind === "task" ? [{ stimulus: { kind: "taskSucceeded", wait: action.wait, output: ground } }] : []),
    });
    if (outcome?.status !== "SUCCEEDED") throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  };
}
