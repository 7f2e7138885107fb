/**
 * What the core may ask of its surroundings while it decides, and decisions that have to wait for a JSONata evaluation.
 * Such a decision is asked again with the same chance and identifiers, so that it asks for the same evaluations in the same
 * order; those known are answered from what its first attempt learned. The instant is the present one: a wait that begins
 * with this decision begins now, not when the evaluation was asked for.
 */
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { Environment, Evaluation } from "@serverlesspresso/states-language";
import type { Transaction } from "@serverlesspresso/store";
import type { Evaluator } from "./core.ts";
import type { ExecutionId } from "./keys.ts";
import type { TaskTokens } from "./task-token.ts";

/** What a decision has learned that could not be made yet. */
export interface Attempt {
  readonly randoms: number[];
  readonly uuids: string[];
  readonly known: { readonly expression: string; readonly evaluation: Evaluation }[];
  /** The evaluation that is not known yet, and whether it has been asked for. */
  missing?: { readonly expression: string; readonly variables: JsonObject };
  asked: boolean;
}

/** Makes the environments in which the core decides. */
export interface Environments {
  /** The environment of one decision, good until the next one is asked for. */
  of(tx: Transaction, executionId: ExecutionId, isDeleted: boolean, attempt?: Attempt): Environment;
  /** What the decision under way has learned. */
  attempt(): Attempt;
}

const maxSteps = 50;

/** One environment for all decisions: they are synchronous, and a fresh one for each was a tenth of a callback's garbage. */
export function createEnvironments(deps: {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly evaluator: Evaluator;
  readonly tokens: TaskTokens;
}): Environments {
  const { clock, ids, evaluator, tokens } = deps;
  let current = { tx: undefined as Transaction | undefined, executionId: "" };
  let attempt: Attempt = emptyAttempt();
  let [random, uuid, evaluated] = [0, 0, 0];
  let [token, tokenWait] = ["", -1];

  const environment = {
    nowMs: 0,
    maxSteps,
    isDeleted: false,
    taskToken(wait: number): string {
      if (wait !== tokenWait) token = tokens.tokenOf(current.tx as Transaction, { executionId: current.executionId, wait });
      tokenWait = wait;
      return token;
    },
    random: () => (attempt.randoms[random++] ??= ids.random()),
    uuid: () => (attempt.uuids[uuid++] ??= ids.uuid()),
    evaluate(expression: string, variables: JsonObject): Evaluation {
      const at = evaluated++;
      const earlier = attempt.known[at];
      if (earlier?.expression === expression) return earlier.evaluation;
      const evaluation = evaluator.evaluateNow(expression, variables);
      if (evaluation.kind === "pending") attempt.missing = { expression, variables };
      else attempt.known[at] = { expression, evaluation };
      return evaluation;
    },
  };

  return {
    of(tx, executionId, isDeleted, earlier) {
      current = { tx, executionId };
      attempt = earlier ?? freshAttempt(attempt);
      [random, uuid, evaluated] = [0, 0, 0];
      [token, tokenWait] = ["", -1];
      environment.nowMs = clock.nowMs();
      environment.isDeleted = isDeleted;
      return environment;
    },
    attempt: () => attempt,
  };
}

/** Adds what the missing evaluation came to. */
export function learn(attempt: Attempt, evaluation: Evaluation): void {
  if (attempt.missing) attempt.known.push({ expression: attempt.missing.expression, evaluation });
  delete attempt.missing;
  attempt.asked = false;
}

function emptyAttempt(): Attempt {
  return { randoms: [], uuids: [], known: [], asked: false };
}

/** Most decisions ask for nothing that has to be remembered, and the lists can serve again. */
function freshAttempt(before: Attempt): Attempt {
  const { randoms, uuids, known } = before;
  const isUsed = randoms.length > 0 || uuids.length > 0 || known.length > 0 || before.missing !== undefined;
  return isUsed ? emptyAttempt() : { randoms, uuids, known, asked: false };
}
