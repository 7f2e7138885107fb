/**
 * Hostile workflows, several at once, in a whole shop: no turn of the event loop takes long. What one decision may take, 50 ms, is tested in
 * `packages/states-language/src/hostile.test.ts`; a turn here may take twice that, for beside another test a processor does half of its work.
 * The machine has other work too: a turn's time is what this thread works in it, and the best of a few rounds counts. (How long a turn may wait for
 * JSONata's threads is tested in the evaluator's own tests.)
 */
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/api.ts";
import { longestTurn } from "../support/longest-turn.ts";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
beforeAll(async () => {
  bar = await openAwsBar();
  states = new SFNClient(bar.client);
});
afterAll(() => bar.close());

const mostMs = 100;
const mostRounds = 8;
const together = 8;
const bytes = 200_000;
const list = (one: string): string => `[${Array(Math.floor(bytes / (one.length + 1))).fill(one)}]`;

const distinct = Array.from({ length: 15_000 }, (_, n) => n);
const filtered = JSON.stringify({ a: distinct.map((a) => ({ a })) });
const merges = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x${n}.$`, "States.JsonMerge($.a,$.a,false)"]));

type Case = { readonly name: string; readonly input: string; readonly state?: object; readonly states?: object };

/** A machine's states `S`, `S1`, ..., one after another. */
function chain(length: number, state: object): object {
  const nameOf = (n: number): string => (n === 0 ? "S" : `S${n}`);
  return Object.fromEntries(
    Array.from({ length }, (_, n) => [
      nameOf(n),
      { Type: "Pass", ...state, ...(n < length - 1 ? { Next: nameOf(n + 1) } : { End: true }) },
    ]),
  );
}

test.each<Case>([
  { name: "JSONPath that descends everywhere", state: { Parameters: { "a.$": "$..*" } }, input: list("[1]") },
  { name: "JSONPath that compares lists", state: { Parameters: { "a.$": "$[?(@ in $)]" } }, input: list("12") },
  { name: "JSONPath that filters everywhere", state: { Parameters: { "a.$": "$..*[?(@.a==1)]" } }, input: filtered },
  {
    name: "merged objects",
    state: { Parameters: merges },
    input: JSON.stringify({ a: Object.fromEntries(distinct.map((n) => [`k${n}`, n])) }),
  },
  {
    name: "a chain of states that filter everywhere",
    states: chain(49, { Parameters: { "x.$": "$..*[?(@.a==1)]" }, ResultPath: null }),
    input: filtered,
  },
  {
    name: "thousands of paths",
    state: { Parameters: Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`${n}.$`, "$..*"])) },
    input: list("1"),
  },
  {
    name: "unique objects",
    state: { Parameters: { "a.$": "States.ArrayUnique($)" } },
    input: JSON.stringify(Array.from({ length: 18_000 }, (_, a) => ({ a }))),
  },
  {
    name: "a regular expression",
    state: { QueryLanguage: "JSONata", Output: "{% $match($states.input & 'b', /^(?=a)(a+)+$/) %}" },
    input: `"${"a".repeat(40)}"`,
  },
  { name: "recursion", state: { QueryLanguage: "JSONata", Output: "{% ($f := function($n){$f($n + 1)}; $f(1)) %}" }, input: "{}" },
  {
    name: "many JSONata expressions",
    state: {
      QueryLanguage: "JSONata",
      Output: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [n, `{% $sum([1..2000].($ * ${n})) %}`])),
    },
    input: "{}",
  },
])(
  "$name",
  async ({ name, state = {}, states: written = chain(1, state), input }) => {
    const definition = JSON.stringify({ StartAt: "S", States: written });
    const roleArn = `arn:aws:iam::${account}:role/any`;
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: name.replaceAll(" ", "-"), definition, roleArn }));
    const ended = async (): Promise<void> => {
      const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input }));
      await eventually(
        "its end",
        async () => (await states.send(new DescribeExecutionCommand({ executionArn }))).status !== "RUNNING" || undefined,
        300,
      );
    };
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < mostRounds && best >= mostMs; round++) {
      best = Math.min(best, await longestTurn(() => Promise.all(Array.from({ length: together }, ended))));
    }
    expect(best).toBeLessThan(mostMs);
  },
  600_000,
);
