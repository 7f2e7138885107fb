/** Prints what paths and queries come to in a process of its own, and whether that process makes code of texts. */
import type { JsonObject } from "@serverlesspresso/ports";
import { type Environment, testState } from "@serverlesspresso/states-language";
import { createEvaluator } from "@serverlesspresso/states-language/evaluator";

const evaluator = createEvaluator();
// Its threads keep no process alive.
const alive = setInterval(() => {}, 100);
await evaluator.evaluate("1", {});
clearInterval(alive);
const environment: Environment = {
  nowMs: 0,
  maxSteps: 1,
  random: () => 0,
  uuid: () => "",
  taskToken: () => "",
  evaluate: (expression, variables) => evaluator.evaluateNow(expression, variables, 10_000),
};
const input = { cups: [{ size: 1 }, { size: 2 }, { size: 3 }] };
function outputOf(state: JsonObject): unknown {
  const answer = testState({ definition: { ...state, End: true }, input }, environment, { account: "1", region: "r" });
  return answer.kind === "result" ? answer.result.output : answer;
}
function makesCode(): boolean {
  try {
    Reflect.construct(Function, ["return 1"]);
    return true;
  } catch {
    return false;
  }
}
const byPath = { Type: "Pass", Parameters: { "big.$": "$.cups[?(@.size > 1)].size", "sum.$": "States.MathAdd(1, 2)" } };
const byQuery = { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $sum($states.input.cups.size) %}" };
console.log(JSON.stringify([makesCode(), outputOf(byPath), outputOf(byQuery)]));
await evaluator.close();
