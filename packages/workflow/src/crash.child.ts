/**
 * A process to be killed: starts executions and answers their callbacks as fast as it can on the folder it is given, and
 * says on standard output what has been acknowledged, one JSON text a line. Every third execution fails once, at its second
 * question, and is redriven.
 */
import { writeSync } from "node:fs";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { keyOf, openStore, partsOf, rangeOf, type Transaction } from "@serverlesspresso/store";
import type { Integrations } from "./integration.ts";
import { createWorkflows } from "./workflows.ts";

const folder = process.argv[2] as string;
const run = process.argv[3] as string;
const clock = createSystemClock();
const fail = (error: unknown): void => {
  writeSync(2, `${error}\n`);
  process.exit(1);
};
const store = await openStore({ folder, onFailure: fail });
const ask = (step: string, next: JsonObject): JsonObject => ({
  Type: "Task",
  Resource: "arn:aws:states:::test:ask.waitForTaskToken",
  Parameters: { "name.$": "$$.Execution.Name", "token.$": "$$.Task.Token", step },
  ResultPath: `$.${step}`,
  ...next,
});
const integrations: Integrations = {
  "test:ask": {
    kind: "transactional",
    call(tx, { name, token, step }) {
      tx.put(keyOf("token", name as string), { token, step });
      tx.afterCommit(() => void answer(name as string, token as string, step as string));
      return {};
    },
  },
  "test:draw": {
    kind: "transactional",
    call(tx) {
      const number = (tx.get<number>(keyOf("number")) ?? 0) + 1;
      tx.put(keyOf("number"), number);
      return number;
    },
  },
};
const workflows = createWorkflows({
  store,
  clock,
  ids: createIds(clock),
  account: "123456789012",
  region: "us-east-1",
  invokeFunction: async (_, payload) => ({ payload }),
  evaluator: { evaluateNow: () => ({ kind: "pending" }), evaluate: () => new Promise(() => {}) },
  onError: fail,
  integrations: () => integrations,
});
const definition = {
  StartAt: "One",
  States: {
    One: ask("one", { Next: "Call" }),
    Call: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", ResultPath: "$.called", Next: "Draw" },
    Draw: { Type: "Task", Resource: "arn:aws:states:::test:draw", Parameters: {}, ResultPath: "$.number", Next: "Two" },
    Two: ask("two", { Next: "Pause" }),
    Pause: { Type: "Wait", Seconds: 1, End: true },
  },
};

let count = 0;
const say = (what: JsonObject): void => void writeSync(1, `${JSON.stringify(what)}\n`);

async function answer(name: string, taskToken: string, step: string): Promise<void> {
  const output = `${run}-${++count}`;
  await store
    .transact((tx) => {
      const key = keyOf("token", name);
      if (tx.get<{ token: string }>(key)?.token === taskToken) tx.delete(key);
      if (spoil(tx, name, taskToken, step)) return false;
      workflows.execute(tx, "SendTaskSuccess", { taskToken, output: JSON.stringify(output) });
      return true;
    })
    .then((answered) => answered && say({ answered: name, step, output }), fail);
}

/** Fails the second question of some, once each. True where it did. */
function spoil(tx: Transaction, name: string, taskToken: string, step: string): boolean {
  const isSpoilt = step === "two" && Number(name.slice(name.indexOf("-") + 1)) % 3 === 0;
  if (!isSpoilt || tx.get(keyOf("spoilt", name)) !== undefined) return false;
  workflows.execute(tx, "SendTaskFailure", { taskToken, error: "Spoilt" });
  tx.put(keyOf("spoilt", name), 1);
  tx.afterCommit(() => void redrive(name));
  return true;
}

async function redrive(name: string): Promise<void> {
  const executionArn = `arn:aws:states:us-east-1:123456789012:execution:Order:${name}`;
  await store
    .transact((tx) => workflows.execute(tx, "RedriveExecution", { executionArn, clientToken: run }))
    .then(() => say({ redriven: name }), fail);
}

async function startMany(): Promise<void> {
  for (;;) {
    const name = `${run}-${++count}`;
    const begin = (tx: Transaction): JsonObject =>
      workflows.execute(tx, "StartExecution", { stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:Order", name });
    await store.transact(begin).then(() => say({ started: name }), fail);
  }
}

function listed(statusFilter: string): { readonly name: string }[] {
  const request = { stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:Order", statusFilter, maxResults: 1_000 };
  return workflows.query(store, "ListExecutions", request).executions as unknown as { name: string }[];
}

await store.transact((tx) => workflows.putStateMachine(tx, { name: "Order", type: "STANDARD", definition }));
workflows.start();
for (const [key, { token, step }] of store.scan<{ token: string; step: string }>(rangeOf("token"))) {
  void answer(partsOf(key)[1] as string, token, step);
}
for (const { name } of listed("FAILED")) void redrive(name);
void startMany();
void startMany();
