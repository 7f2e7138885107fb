/**
 * Hostile JSONata: whatever an expression does in its thread, the process lives, the main loop is held up for less than 20 ms (RELIABILITY 38), and the next
 * question is answered.
 * A call is held up by this thread's own work and by its wait for the answer, which V1 bounds. The work is counted in processor time and as
 * the fastest of a few, so that the machine's other work is not counted; that the wait ends long before the expression would is looked at too.
 */
import { afterAll, expect, test } from "vitest";
import { createEvaluator } from "./evaluator.ts";

const deadlineMs = 400;
const evaluator = createEvaluator({ deadlineMs });
afterAll(() => evaluator.close());

const mostMs = 20;
const waitMs = 10;
const payload = { list: Array.from({ length: 60_000 }, (_, at) => at), text: "a".repeat(40), long: "x".repeat(100_000) };
const deep = JSON.parse(`${"[".repeat(900)}${"]".repeat(900)}`) as [];

const hostile: readonly (readonly [name: string, expression: string])[] = [
  ["nested quantifiers", "$match($text & 'b', /^(?=a)(a+)+$/)"],
  ["nested quantifiers in a replacement", "$replace($text & 'b', /(?=a)(a|aa)+$/, '')"],
  ["nested quantifiers in a split", "$split($text & 'b', /(?=a)(a*)*b$/)"],
  ["recursion without end", "($f := function($n){1 + $f($n)}; $f(1))"],
  ["tail calls without end", "($f := function($n){$f($n + 1)}; $f(1))"],
  ["two calls in each", "($f := function($n){$n < 2 ? 1 : $f($n - 1) + $f($n - 2)}; $f(60))"],
  ["a text that doubles", "$reduce([1..60], function($all, $one){$all & $all}, 'xxxxxxxx')"],
  ["one allocation past any cap", "$uppercase($reduce([1..25], function($all, $one){$all & $all}, 'xxxxxxxx'))"],
  ["a long text in its characters", "$split($reduce([1..22], function($all, $one){$all & $all}, 'xxxxxxxx'), '')"],
  ["a long text in base 64", "$base64encode($reduce([1..25], function($all, $one){$all & $all}, 'xxxxxxxx'))"],
  ["a list that doubles", "$reduce([1..40], function($all, $one){$append($all, $all)}, $list)"],
  ["a long padding", "$pad('x', 500000000)"],
  ["a padding of paddings", "$join([1..1000].$pad('x', 1000000))"],
  ["a range without end", "[1..9999999].[1..9999999]"],
  ["every pair of a list", "$list.($a := $; $list[$ = $a])"],
  ["a list sorted by a loop", "$sort($list, function($a, $b){$count([1..1000]) > $a})"],
  ["copies of the payload", "[1..1000].$list"],
  ["a product of lists", "$count($list.($list.($list)))"],
  ["a deep result", "$reduce([1..100000], function($all, $one){[[$all]]}, 1)"],
  ["objects by the thousand", "$merge([1..100000].{ 'k' & $: $ })"],
  ["descent everywhere", "$count($deep.**.**.**)"],
  ["an infinite iteration of map", "$map([1..1000000], function($x){$map([1..1000], $string)})"],
];

test.each(hostile)("%s", async (_name, expression) => {
  let [worked, passed] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let tries = 0; tries < 8 && (worked + waitMs >= mostMs || passed >= deadlineMs); tries++) {
    const variables = { ...payload, deep };
    const [from, before] = [performance.now(), process.threadCpuUsage()];
    evaluator.evaluateNow(expression, variables, waitMs);
    const { user, system } = process.threadCpuUsage(before);
    worked = Math.min(worked, (user + system) / 1_000);
    passed = Math.min(passed, performance.now() - from);
    await evaluator.evaluate(expression, variables);
  }
  expect(worked + waitMs).toBeLessThan(mostMs);
  expect(passed).toBeLessThan(deadlineMs);
  expect(await evaluator.evaluate("1 + 1", {})).toEqual({ kind: "value", value: 2 });
});
