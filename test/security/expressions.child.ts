/** Prints what paths and queries come to in a process of its own, and whether that process makes code of texts. */
import type { JsonObject } from "@serverlesspresso/ports";
import { testState } from "@serverlesspresso/states-language";
import { createEvaluator, decideWith } from "@serverlesspresso/states-language/evaluator";

const evaluator = createEvaluator();
// Its threads keep no process alive.
const alive = setInterval(() => {}, 100);
const input = { cups: [{ size: 1 }, { size: 2 }, { size: 3 }] };
function outputOf(state: JsonObject): Promise<unknown> {
  return decideWith(evaluator, (evaluate) => {
    const environment = { nowMs: 0, maxSteps: 1, random: () => 0, uuid: () => "", taskToken: () => "", evaluate };
    const answer = testState({ definition: { ...state, End: true }, input }, environment, { account: "1", region: "r" });
    return answer.kind === "result" ? answer.result.output : answer;
  });
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
const inThread = { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $match('latte', /t+/).match %}" };
console.log(JSON.stringify([makesCode(), await outputOf(byPath), await outputOf(byQuery), await outputOf(inThread)]));
clearInterval(alive);
await evaluator.close();
