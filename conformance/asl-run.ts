/** One execution on a virtual clock: decisions, and the mocked answers to what they ask for. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { compile, type Environment, type ExecutionContext, simulate } from "@serverlesspresso/states-language";
import { decideWith, type Evaluator } from "@serverlesspresso/states-language/evaluator";
import { createMocks, type Mock } from "./asl-mocks.ts";

export interface AslCase {
  readonly id: string;
  readonly type?: "STANDARD" | "EXPRESS";
  readonly definition: JsonObject;
  readonly input: JsonValue;
  readonly mocks?: Readonly<Record<string, Mock>>;
  readonly s3?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const startMs = Date.UTC(2026, 0, 1, 9);
const context: ExecutionContext = {
  Execution: {
    Id: "arn:aws:states:us-east-1:111111111111:execution:Case:run",
    Name: "run",
    RoleArn: "arn:aws:iam::111111111111:role/case",
    StartTime: new Date(startMs).toISOString(),
    RedriveCount: 0,
  },
  StateMachine: { Id: "arn:aws:states:us-east-1:111111111111:stateMachine:Case", Name: "Case" },
};

/** Runs the case to its end. */
export function runCase(request: AslCase, evaluator: Evaluator): Promise<JsonObject> {
  return decideWith(evaluator, (evaluate) => play(request, evaluate));
}

function play(request: AslCase, evaluate: Environment["evaluate"]): JsonObject {
  let ids = 0;
  const environment = (nowMs: number): Environment => ({
    nowMs,
    maxSteps: 1_000,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    taskToken: (wait) => `task_token-${wait}`,
    evaluate,
  });
  const { outcome, events } = simulate(compile(request.definition), {
    input: request.input,
    context,
    startMs,
    environment,
    react: createMocks(request.mocks ?? {}, request.s3 ?? {}).answer,
    // Through JSON, so that a state that is not JSON is found here.
    between: (state) => JSON.parse(JSON.stringify(state)) as typeof state,
  });
  if (!outcome) return { unsupported: "the execution waits for ever" };
  return { ...outcome, history: events.map(({ type, details }): JsonObject => ({ type, ...details })) };
}
