import type { JsonObject } from "@serverlesspresso/ports";
import { type Environment, type Evaluation, EvaluationPending } from "../src/decision.ts";
import type { Evaluator } from "./evaluator.ts";

/**
 * Resolves to what `attempt` returns once each evaluation that it asks for is known. It is repeated until then, with the same evaluations, so it must begin
 * anew each time. Rejects with any other error that it throws.
 */
export async function decideWith<T>(
  { evaluateNow, evaluate: evaluateLater }: Pick<Evaluator, "evaluateNow" | "evaluate">,
  attempt: (evaluate: Environment["evaluate"]) => T,
): Promise<T> {
  const known: Evaluation[] = [];
  for (;;) {
    let at = 0;
    let missing: { readonly expression: string; readonly variables: JsonObject } | undefined;
    const evaluate = (expression: string, variables: JsonObject): Evaluation => {
      const evaluation = known[at] ?? evaluateNow(expression, variables);
      if (evaluation.kind === "pending") missing = { expression, variables };
      else known[at] = evaluation;
      at++;
      return evaluation;
    };
    try {
      return attempt(evaluate);
    } catch (error) {
      if (!(error instanceof EvaluationPending) || missing === undefined) throw error;
      known.push(await evaluateLater(missing.expression, missing.variables));
    }
  }
}
