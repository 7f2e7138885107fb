/** One test case: the machine played from its start with mocked answers. */
import type { JsonValue } from "@serverlesspresso/ports";
import { type Environment, type ExecutionContext, type Machine, type Outcome, simulate } from "@serverlesspresso/states-language";
import { decideWith, type Evaluator } from "@serverlesspresso/states-language/evaluator";
import type { TestCase } from "./mock-file.ts";
import { type CallMade, createMockedWorld } from "./mocked-world.ts";
import { type Step, stepsOf } from "./path.ts";

export interface CaseResult {
  readonly testCase: string | undefined;
  /** `RUNNING` where it would wait for ever. */
  readonly outcome: Outcome | { readonly status: "RUNNING" };
  readonly seconds: number;
  readonly path: readonly Step[];
  readonly calls: readonly CallMade[];
  /** What is wrong with the mocks; the outcome then says nothing. */
  readonly problems: readonly string[];
}

export interface CaseRun {
  readonly machine: Machine;
  readonly machineName: string;
  readonly testCase: TestCase | undefined;
  readonly input: JsonValue;
  readonly startMs: number;
  readonly evaluator: Evaluator;
  /** Told the time of every decision, for `$now()`. */
  onTime(nowMs: number): void;
}

const [account, region] = ["123456789012", "us-east-1"];
const mostStepsAtOnce = 1_000;

export function runCase(run: CaseRun): Promise<CaseResult> {
  return decideWith(run.evaluator, (evaluate) => playCase(run, evaluate));
}

function playCase(run: CaseRun, evaluate: Environment["evaluate"]): CaseResult {
  const { machine, testCase, input, startMs } = run;
  const world = createMockedWorld(testCase);
  const played = simulate(machine, {
    input,
    context: contextOf(run),
    startMs,
    environment: createEnvironments(run, evaluate),
    react: world.react,
  });
  return {
    testCase: testCase?.name,
    outcome: played.outcome ?? { status: "RUNNING" },
    seconds: (played.endedMs - startMs) / 1_000,
    path: stepsOf(machine, played.events, startMs),
    calls: world.calls,
    problems: world.problems,
  };
}

/** Chance stands in the middle and identifiers count, so that a run can be repeated. */
function createEnvironments({ onTime }: CaseRun, evaluate: Environment["evaluate"]): (nowMs: number) => Environment {
  let ids = 0;
  return (nowMs) => {
    onTime(nowMs);
    return {
      nowMs,
      maxSteps: mostStepsAtOnce,
      random: () => 0.5,
      uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
      taskToken: (wait) => `task-token-${wait}`,
      evaluate,
    };
  };
}

function contextOf({ machineName, startMs }: CaseRun): ExecutionContext {
  return {
    Execution: {
      Id: `arn:aws:states:${region}:${account}:execution:${machineName}:test`,
      Name: "test",
      RoleArn: `arn:aws:iam::${account}:role/test`,
      StartTime: new Date(startMs).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: `arn:aws:states:${region}:${account}:stateMachine:${machineName}`, Name: machineName },
  };
}
