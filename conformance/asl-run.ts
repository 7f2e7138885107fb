/** One execution on a virtual clock: decisions, and the mocked answers to what they ask for. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import {
  type Action,
  compile,
  type Decision,
  type Environment,
  type HistoryEvent,
  type Machine,
  resume,
  type Stimulus,
  start,
} from "@serverlesspresso/states-language";
import type { Evaluator } from "@serverlesspresso/states-language/evaluator";
import { createMocks, type Mock } from "./asl-mocks.ts";

export interface AslCase {
  readonly id: string;
  readonly type?: "STANDARD" | "EXPRESS";
  readonly definition: JsonObject;
  readonly input: JsonValue;
  readonly mocks?: Readonly<Record<string, Mock>>;
  readonly s3?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface Timed {
  readonly atMs: number;
  readonly stimulus: Stimulus;
}

const startMs = Date.UTC(2026, 0, 1, 9);
const machineArn = "arn:aws:states:us-east-1:111111111111:stateMachine:Case";
const mostDecisions = 100_000;

/** Runs the case to its end. */
export function runCase(request: AslCase, evaluator: Evaluator): JsonObject {
  const world = createWorld(request, evaluator);
  return world.run();
}

function createWorld(request: AslCase, evaluator: Evaluator) {
  let nowMs = startMs;
  let ids = 0;
  const events: HistoryEvent[] = [];
  const pending: Timed[] = [];
  const mocks = createMocks(request.mocks ?? {}, request.s3 ?? {});
  const machine: Machine = compile(request.definition);

  const env = (): Environment => ({
    nowMs,
    maxSteps: 1_000,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    taskToken: (wait) => `task_token-${wait}`,
    evaluate: (expression, variables) => evaluator.evaluateNow(expression, variables, 10_000),
  });

  function take(decision: Decision): Decision {
    // Through JSON, so that a state that is not JSON is found here.
    const state = JSON.parse(JSON.stringify(decision.state)) as Decision["state"];
    events.push(...decision.events);
    for (const action of decision.actions) schedule(action);
    return { ...decision, state };
  }

  function schedule(action: Action): void {
    if (action.kind === "cancel") return;
    for (const { afterSeconds, stimulus } of mocks.answer(action)) pending.push({ atMs: nowMs + afterSeconds * 1_000, stimulus });
  }

  function next(decision: Decision): Stimulus | undefined {
    if (decision.continues) return { kind: "continue" };
    const at = pending.reduce((best, { atMs }, i) => (best < 0 || atMs < (pending[best]?.atMs ?? 0) ? i : best), -1);
    const due = decision.nextDueMs;
    if (at >= 0 && (due === undefined || (pending[at]?.atMs ?? 0) <= due)) {
      const [timed] = pending.splice(at, 1) as [Timed];
      nowMs = Math.max(nowMs, timed.atMs);
      return timed.stimulus;
    }
    if (due === undefined) return undefined;
    nowMs = Math.max(nowMs, due);
    return { kind: "timeReached" };
  }

  return {
    run(): JsonObject {
      const context = {
        Execution: {
          Id: "arn:aws:states:us-east-1:111111111111:execution:Case:run",
          Name: "run",
          RoleArn: "arn:aws:iam::111111111111:role/case",
          StartTime: new Date(startMs).toISOString(),
          RedriveCount: 0,
        },
        StateMachine: { Id: machineArn, Name: "Case" },
      };
      let decision = take(start(machine, { input: request.input, context }, env()));
      for (let i = 0; !decision.outcome && i < mostDecisions; i++) {
        const stimulus = next(decision);
        if (!stimulus) break;
        decision = take(resume(machine, decision.state, stimulus, env()));
      }
      if (!decision.outcome) return { unsupported: "the execution waits for ever" };
      const history = events.map(({ type, details }): JsonObject => ({ type, ...details }));
      return { ...decision.outcome, history };
    },
  };
}
