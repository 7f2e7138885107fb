/**
 * Decisions that had to wait for a JSONata evaluation. Such a decision is asked again with the same instant, chance and
 * identifiers, so that it asks for the same evaluations in the same order; those known are answered from here.
 */
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { Environment, Evaluation } from "@serverlesspresso/states-language";
import type { Evaluator } from "./core.ts";

export interface Attempt {
  readonly nowMs: number;
  /** The evaluation that is not known yet, and whether it has been asked for. */
  asked: boolean;
  missing?: { readonly expression: string; readonly variables: JsonObject };
  /** An environment for one run of the decision. */
  environment(taskToken: Environment["taskToken"]): Environment;
  /** Adds what `missing` came to. */
  learn(evaluation: Evaluation): void;
}

export const maxStepsPerDecision = 50;

export function createAttempt(deps: { readonly clock: Clock; readonly ids: Ids; readonly evaluator: Evaluator }): Attempt {
  const { clock, ids, evaluator } = deps;
  const nowMs = clock.nowMs();
  // Made when first needed: most decisions ask for none of these.
  let randoms: number[] | undefined;
  let uuids: string[] | undefined;
  let known: { expression: string; evaluation: Evaluation }[] | undefined;
  const attempt: Attempt = {
    nowMs,
    asked: false,
    environment(taskToken) {
      let [random, uuid, evaluated] = [0, 0, 0];
      let [token, tokenWait] = ["", -1];
      return {
        nowMs,
        maxSteps: maxStepsPerDecision,
        taskToken(wait) {
          if (wait !== tokenWait) [token, tokenWait] = [taskToken(wait), wait];
          return token;
        },
        random() {
          randoms ??= [];
          return (randoms[random++] ??= ids.random());
        },
        uuid() {
          uuids ??= [];
          return (uuids[uuid++] ??= ids.uuid());
        },
        evaluate(expression, variables) {
          known ??= [];
          const earlier = known[evaluated++];
          if (earlier?.expression === expression) return earlier.evaluation;
          const evaluation = evaluator.evaluateNow(expression, variables);
          if (evaluation.kind === "pending") attempt.missing = { expression, variables };
          else known[evaluated - 1] = { expression, evaluation };
          return evaluation;
        },
      };
    },
    learn(evaluation) {
      if (attempt.missing) known?.push({ expression: attempt.missing.expression, evaluation });
      delete attempt.missing;
      attempt.asked = false;
    },
  };
  return attempt;
}
