import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createManualClock } from "@serverlesspresso/clock";
import { afterAll, describe, expect, test } from "vitest";
import { ownFunctions } from "./bounds.ts";
import { createEvaluator, isVolatile } from "./evaluator.ts";

/** Its deadline is so long that no evaluation misses it, however busy the machine is. */
const evaluator = createEvaluator({ deadlineMs: 60_000, nowMs: () => Date.UTC(2026, 0, 2) });
/** Ends hostile expressions soon. */
const strict = createEvaluator({ deadlineMs: 300 });
afterAll(() => Promise.all([evaluator.close(), strict.close()]));

/** Messages of threads arrive between turns of the loop. */
const nextTurn = (): Promise<false> => new Promise((resolve) => setImmediate(() => resolve(false)));

describe("values", () => {
  test.each([
    { name: "a variable's member", expression: "$states.input.drink", value: "latte" },
    { name: "nothing", expression: "$states.input.milk", value: undefined },
    { name: "a sequence becomes a plain array", expression: "$states.input.sizes[$ > 1]", value: [2, 3] },
    { name: "null stays", expression: "null", value: null },
    { name: "$partition", expression: "$partition([1,2,3,4,5], 2)", value: [[1, 2], [3, 4], [5]] },
    { name: "$range", expression: "$range(1, 9, 4)", value: [1, 5, 9] },
    { name: "$range downwards", expression: "$range(3, 1, -1)", value: [3, 2, 1] },
    { name: "$hash", expression: '$hash("flat white", "MD5")', value: "dc64f12d55fbc05645fa676c238447d1" },
    { name: "$parse", expression: '$parse("{\\"a\\":1}").a', value: 1 },
    { name: "$random with a seed is Java's, as on AWS", expression: "$random(42)", value: 0.7275636800328681 },
    { name: "$random with the seed 0", expression: "$random(0)", value: 0.730967787376657 },
    { name: "$random without one is another each time", expression: "$random() = $random()", value: false },
    { name: "$partition rounds its size", expression: "$partition([1,2,3], 1.6)", value: [[1, 2], [3]] },
    { name: "$range rounds", expression: "$range(0.6, 3.4, 1.2)", value: [1, 2, 3] },
    { name: "$range holds its end where a step lands on it", expression: "$range(0, 6, 2)", value: [0, 2, 4, 6] },
    { name: "$hash of a number", expression: '$hash(1, "SHA-1")', value: "356a192b7913b04c54574d18c28d46e6395428ab" },
    { name: "$parse of a text", expression: "$parse('\"a\"')", value: "a" },
    { name: "$now tells the system's time", expression: "$now()", value: "2026-01-02T00:00:00.000Z" },
    { name: "$millis too", expression: "$millis()", value: Date.UTC(2026, 0, 2) },
  ])("$name", async ({ expression, value }) => {
    const got = await evaluator.evaluate(expression, { states: { input: { drink: "latte", sizes: [1, 2, 3] } } });
    expect(got).toEqual({ kind: "value", value });
  });
});

describe("errors", () => {
  test.each([
    { name: "syntax", expression: "1 +", code: "S0207" },
    { name: "an unknown function", expression: "$espresso(1)", code: "T1006" },
    { name: "$eval is taken away", expression: '$eval("1")', code: "T1006" },
    { name: "a function is no result", expression: "function($x){$x}", code: "UnsupportedResult" },
    { name: "a function within a result neither", expression: '{"f": $sum}', code: "UnsupportedResult" },
    { name: "recursion without end", expression: "($f := function($n){1 + $f($n)}; $f(1))", code: "D1011" },
    { name: "a result too long to hand over", expression: "$pad('x', 1500000) & $pad('y', 1500000)", code: "D3137" },
    { name: "$partition into nothing", expression: "$partition([1], 0)", code: "D3137" },
    { name: "$range without a step", expression: "$range(1, 2, 0)", code: "D3137" },
    { name: "$hash by an unknown algorithm", expression: "$hash('a', 'CRC')", code: "D3137" },
    { name: "$parse of no JSON", expression: '$parse("{")', code: "D3137" },
  ])("$name", async ({ expression, code }) => {
    expect(await evaluator.evaluate(expression, {})).toMatchObject({ kind: "error", code });
  });
});

test("V1, V2: a hostile expression is pending at once, then an error; the next one is answered", async () => {
  const variables = { text: `${"a".repeat(32)}b` };
  const hostile = "$match($text, /^(?=a)(a+)+$/)";
  expect(strict.evaluateNow(hostile, variables)).toEqual({ kind: "pending" });
  const ended = strict.evaluate(hostile, variables);
  expect(strict.evaluateNow("1 + 1", {})).toEqual({ kind: "value", value: 2 });
  expect(await strict.evaluate("$match('a', /a/).match", {})).toEqual({ kind: "value", value: "a" });
  expect(await ended).toMatchObject({ kind: "error", code: "D1012" });
  expect(await strict.evaluate("2 + 2", {})).toEqual({ kind: "value", value: 4 });
});

test("V2: on a machine that is busy with other things an honest expression has all the time it needs, one that hangs has not", async () => {
  const clock = createManualClock();
  const busy = createEvaluator({ deadlineMs: 5_000, clock });
  await busy.evaluate("1", {});
  const honest = busy.evaluate("$sum($map([1..20000], function($n){$n * 2}))", {});
  await clock.advance(6_000);
  expect(await honest).toEqual({ kind: "value", value: 400_020_000 });
  const hangs = busy.evaluate("$match($text, /^(?=a)(a+)+$/)", { text: `${"a".repeat(36)}b` });
  await clock.advance(50_000);
  expect(await hangs).toMatchObject({ kind: "error", code: "D1012" });
  await busy.close();
});

test("V5: a regular expression that backtracks without end on the ordinary engine is answered", async () => {
  const variables = { text: `${"a".repeat(32)}b` };
  expect(await evaluator.evaluate("$match($text, /^(a+)+$/)", variables)).toEqual({ kind: "value", value: undefined });
  expect(await evaluator.evaluate("$replace($text, /(a|aa)+$/, '')", variables)).toEqual({ kind: "value", value: variables.text });
});

describe("V6: nobody waits for a slow one", () => {
  const endless = (n: number): string => `$match($text, /^(?=a)(a+)+$/) /* ${n} */`;
  const variables = { text: `${"a".repeat(40)}b` };

  test("RELIABILITY 38: twenty endless expressions, each another, hold up an honest one for their first 100 ms, and the known ones not at all", async () => {
    const clock = createManualClock();
    const shared = createEvaluator({ deadlineMs: 60_000, clock });
    await shared.evaluate("1", {});
    const expressions = Array.from({ length: 20 }, (_, n) => endless(n));
    const [honest, ended] = [Promise.withResolvers<void>(), new Set<number>()];
    const all = expressions.map((expression, n) => shared.evaluate(expression, variables).then(() => ended.add(n)));
    const answered = shared.evaluate("$n + 1", { n: 20 }).then((value) => {
      expect(value).toEqual({ kind: "value", value: 21 });
      honest.resolve();
    });
    while (!(await Promise.race([honest.promise.then(() => true), clock.advance(10).then(() => nextTurn())]))) {}
    await answered;
    // None has had its minute, so the honest one waited for none of them to end.
    expect(ended.size).toBe(0);
    void shared.evaluate(endless(3), variables);
    expect(await shared.evaluate("$n + 1", { n: 1 })).toEqual({ kind: "value", value: 2 });
    await shared.close();
    await Promise.all(all);
  });

  test("one that was ended for its place is asked again and answered; one that is quick again has its place back", async () => {
    const shared = createEvaluator({ deadlineMs: 60_000, threads: 1 });
    const long = "$count([1..$n].($ * 2))";
    const answers = [200_000, 200_001, 200_002].map((n) => shared.evaluate(`${long} /* ${n} */`, { n }));
    expect(await Promise.all(answers)).toEqual([200_000, 200_001, 200_002].map((value) => ({ kind: "value", value })));
    expect(await shared.evaluate(`${long} /* 200000 */`, { n: 3 })).toEqual({ kind: "value", value: 3 });
    expect(await shared.evaluate(`${long} /* 200000 */`, { n: 4 })).toEqual({ kind: "value", value: 4 });
    await shared.close();
  });
});

test("V7: however many newcomers are endless, what has been quick before is answered at once", async () => {
  const shared = createEvaluator({ deadlineMs: 60_000 });
  expect(await shared.evaluate("$n + 1", { n: 10 })).toEqual({ kind: "value", value: 11 });
  const text = `${"a".repeat(40)}b`;
  const ended = new Set<number>();
  const all = Array.from({ length: 50 }, (_, n) =>
    shared.evaluate(`$match($text, /^(?=a)(a+)+$/) /* ${n} */`, { text }).then(() => ended.add(n)),
  );
  for (let n = 10; n < 20; n++) expect(await shared.evaluate("$n + 1", { n })).toEqual({ kind: "value", value: n + 1 });
  expect(ended.size).toBe(0);
  await shared.close();
  await Promise.all(all);
});

test("V9: however much one asks, another waits for one of its evaluations alone", async () => {
  const shared = createEvaluator({ threads: 1 });
  await shared.evaluate("$n + 1", { n: 1 });
  const flood = Array.from({ length: 300 }, (_, n) => shared.evaluate("$n + 1", { n: n % 9 }, "flood"));
  let done = 0;
  for (const answer of flood) void answer.then(() => done++);
  expect(await shared.evaluate("$n + 1", { n: 1 }, "honest")).toEqual({ kind: "value", value: 2 });
  expect(done).toBeLessThanOrEqual(3);
  expect((await Promise.all(flood)).at(-1)).toEqual({ kind: "value", value: (299 % 9) + 1 });
  await shared.close();
});

test("V6: what was slow on much is quick on little", async () => {
  const shared = createEvaluator({ deadlineMs: 60_000, threads: 1 });
  const sort = "$sort($numbers)";
  const numbers = Array.from({ length: 12_000 }, (_, n) => (n * 7_919) % 12_007);
  expect(await shared.evaluate(sort, { numbers })).toMatchObject({ kind: "value" });
  const endless = shared.evaluate("$match($text, /^(?=a)(a+)+$/)", { text: `${"a".repeat(40)}b` });
  expect(await shared.evaluate(sort, { numbers: [3, 1, 2] })).toEqual({ kind: "value", value: [1, 2, 3] });
  await shared.close();
  expect(await endless).toMatchObject({ kind: "error", message: "the evaluator is closed" });
});

describe("V8: no step is too large", () => {
  const doubled = (times: number, seed: string): string => `$reduce([1..${times}], function($a, $b){$a & $a}, '${seed}')`;
  test.each([
    { name: "$split into characters that no array holds", expression: `$split(${doubled(28, "x")}, '')` },
    { name: "$split by a text", expression: `$split(${doubled(28, "x")}, 'x')` },
    { name: "$length", expression: `$length(${doubled(28, "x")})` },
    { name: "$parse of a long array", expression: `$parse('[' & ${doubled(25, "1,1,1,1,")} & '1]')` },
    { name: "$hash", expression: `$hash(${doubled(28, "x")}, 'MD5')` },
    { name: "$pad", expression: `$pad(${doubled(28, "x")}, 5)` },
    { name: "by ~>", expression: `${doubled(28, "x")} ~> $uppercase` },
    { name: "of the context", expression: `${doubled(28, "x")}.$length()` },
    { name: "under another name", expression: `($f := $length; $f(${doubled(28, "x")}))` },
    { name: "handed to $map", expression: `$map([${doubled(28, "x")}], $length)` },
    { name: "a result", expression: `{"text": ${doubled(28, "x")}}` },
  ])("$name", async ({ expression }) => {
    const message = expect.stringContaining("2000000 characters");
    expect(await evaluator.evaluate(expression, {})).toMatchObject({ kind: "error", code: "D3137", message });
  });

  test("$append of a list to itself", async () => {
    const expression = "$count($reduce([1..40], function($all, $one){$append($all, $all)}, [1..1000]))";
    expect(await evaluator.evaluate(expression, {})).toMatchObject({ kind: "error", code: "D2015" });
  });

  test("a regular expression of more than 1,000 characters", async () => {
    const expression = `$match('abab', /${"(a|b)*".repeat(3_000)}/)`;
    const message = "a regular expression of 18000 characters, of which at most 1000 are taken";
    expect(await evaluator.evaluate(expression, {})).toMatchObject({ kind: "error", code: "D3137", message });
  });

  test.each(["{'then': /a/}", "[{'then': /a/}]", "{'then': /a/('aa').next}"])("%s is taken for a promise and ends", async (expression) => {
    expect(await evaluator.evaluate(expression, {})).toMatchObject({ kind: "error", code: "D1012" });
    expect(await evaluator.evaluate("1 + 1", {})).toEqual({ kind: "value", value: 2 });
  });

  test("every function of JSONata is bounded, replaced or taken away", async () => {
    const source = await readFile(createRequire(import.meta.url).resolve("jsonata"), "utf8");
    const all = [...source.matchAll(/staticFrame\.bind\('(\w+)'/g)].map(([, name]) => name);
    expect(all.length).toBeGreaterThan(50);
    expect(new Set([...ownFunctions, "pad", "random", "eval"])).toEqual(new Set(all));
  });
});

test("honest work over 10,000 members is done: sorting, ordering, grouping", async () => {
  const orders = Array.from({ length: 10_000 }, (_, n) => ({ n: (n * 7_919) % 10_007 }));
  const numbers = orders.map(({ n }) => n);
  const sorted = numbers.toSorted((one, other) => one - other);
  expect(await evaluator.evaluate("$sort($numbers)", { numbers })).toEqual({ kind: "value", value: sorted });
  expect(await evaluator.evaluate("$orders^(n).n", { orders })).toEqual({ kind: "value", value: sorted });
  expect(await evaluator.evaluate("$count($keys($orders{$string(n): n}))", { orders })).toEqual({ kind: "value", value: 10_000 });
});

test("evaluations asked for together are all answered", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => evaluator.evaluate("$n * 2", { n })));
  expect(answers).toEqual(Array.from({ length: 50 }, (_, n) => ({ kind: "value", value: n * 2 })));
});

test("a closed evaluator answers an error", async () => {
  const other = createEvaluator();
  await other.close();
  expect(await other.evaluate("1", {})).toMatchObject({ kind: "error" });
});

test("what may change from one time to the next is told apart", () => {
  expect(isVolatile("$uuid() & 'x'")).toBe(true);
  expect(isVolatile("$states.input.now")).toBe(false);
});

test("V4: a thread that takes too much memory is ended before its time is up", async () => {
  const patient = createEvaluator({ deadlineMs: 60_000 });
  const greedy = "$map([1..1000000], function($n){$uppercase($reduce([1..16], function($all, $one){$all & $all}, 'xxxxxxxx')) & $n})";
  expect(await patient.evaluate(greedy, {})).toMatchObject({ kind: "error", message: expect.stringContaining("MB of memory") });
  expect(await patient.evaluate("1 + 1", {})).toEqual({ kind: "value", value: 2 });
  await patient.close();
});

test("$pad builds no more than it gives", async () => {
  const padded = (expression: string) => evaluator.evaluate(expression, {});
  expect(await padded("$pad('foo', -8, '+-')")).toEqual({ kind: "value", value: "+-+-+foo" });
  expect(await padded("$pad('😂', 3, '😀b')")).toEqual({ kind: "value", value: "😂😀b" });
  expect(await padded("$pad('x', 500000000)")).toMatchObject({ kind: "error", message: expect.stringContaining("2000000 characters") });
});
