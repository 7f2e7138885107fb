/** Each adapter answers at least 200 simple cases in a second of processor time, in order; its start is not counted. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { JsonObject } from "@serverlesspresso/ports";
import { expect, test } from "vitest";

const cases = 400;
const leastPerSecond = 200;
/** The first rounds are slower, until the code is compiled. */
const rounds = 4;

const grind = "arn:aws:lambda:us-east-1:111111111111:function:Grind";
const definition = (i: number): JsonObject => ({
  StartAt: "Count",
  States: {
    Count: { Type: "Pass", Parameters: { "n.$": `States.MathAdd($.n, ${i})` }, Next: "Enough?" },
    "Enough?": { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 200, Next: "Grind" }], Default: "Grind" },
    Grind: { Type: "Task", Resource: grind, End: true },
  },
});
const jsonata = (i: number): JsonObject => ({ Type: "Pass", QueryLanguage: "JSONata", Output: `{% $states.input.n + ${i} %}`, End: true });
const event = (i: number): string =>
  JSON.stringify({
    source: "shop",
    "detail-type": "t",
    detail: { n: i },
    id: "i",
    account: "1",
    time: "2026-01-01T00:00:00Z",
    region: "r",
    resources: [],
  });

const suites: Readonly<Record<string, { readonly request: (i: number) => JsonObject; readonly answer: (i: number) => JsonObject }>> = {
  asl: {
    request: (i) => ({ id: `${i}`, definition: definition(i), input: { n: 1 }, mocks: { Grind: { return: i } } }),
    answer: (i) => ({ status: "SUCCEEDED", output: i }),
  },
  "asl with JSONata": {
    request: (i) => ({ id: `${i}`, definition: { StartAt: "S", States: { S: jsonata(i) } }, input: { n: 1 } }),
    answer: (i) => ({ status: "SUCCEEDED", output: i + 1 }),
  },
  patterns: {
    request: (i) => ({ id: `${i}`, patternText: JSON.stringify({ detail: { n: [{ numeric: ["<", 200] }] } }), eventText: event(i) }),
    answer: (i) => ({ match: i < 200 }),
  },
  validation: {
    request: (i) => ({ id: `${i}`, operation: "CreateStateMachine", definitionText: JSON.stringify(definition(i)) }),
    answer: () => ({ valid: true }),
  },
  teststate: {
    request: (i) => ({ id: `${i}`, definition: jsonata(i), input: { n: 1 }, inspectionLevel: "INFO" }),
    answer: (i) => ({ status: "SUCCEEDED", output: i + 1 }),
  },
};

test.each(Object.entries(suites))("%s", { timeout: 60_000 }, async (name, { request, answer }) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "adapter.ts"), name.split(" ")[0] as string]);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await ask(child, answers, [request(0)]);
  const requests = Array.from({ length: cases }, (_, i) => request(i));
  let best = 0;
  for (let round = 0; round < rounds && best < leastPerSecond; round++) {
    const from = secondsOf(child.pid);
    const got = await ask(child, answers, requests);
    best = Math.max(best, cases / (secondsOf(child.pid) - from));
    expect(got).toMatchObject(requests.map((_, i) => answer(i)));
  }
  child.stdin.end();
  expect(best).toBeGreaterThanOrEqual(leastPerSecond);
});

/** Processor time that a process has used, all its threads together: others may be busy on this machine. Elsewhere than on Linux, the time that passed. */
function secondsOf(pid: number | undefined): number {
  if (process.platform !== "linux") return performance.now() / 1_000;
  const [, figures = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user, system] = figures.split(" ").slice(11, 13).map(Number);
  const ticksPerSecond = 100;
  return ((user ?? 0) + (system ?? 0)) / ticksPerSecond;
}

async function ask(
  { stdin }: ChildProcessWithoutNullStreams,
  answers: AsyncIterator<string>,
  requests: readonly JsonObject[],
): Promise<JsonObject[]> {
  stdin.write(requests.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const got: JsonObject[] = [];
  while (got.length < requests.length) {
    const { value, done } = await answers.next();
    if (done) throw new Error(`the adapter ended after ${got.length} answers`);
    got.push(JSON.parse(value) as JsonObject);
  }
  return got;
}
