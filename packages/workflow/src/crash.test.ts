import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock } from "@serverlesspresso/clock";
import { keyOf, openStore, rangeOf } from "@serverlesspresso/store";
import { expect, test } from "vitest";
import { createWorkflows } from "./workflows.ts";

const rounds = 12;
const child = new URL("./crash.child.ts", import.meta.url).pathname;

/** Lets a process work on the folder for a while after its first word, kills it, answers with what it had said. */
function killAfter(folder: string, run: number, ms: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child, folder, `r${run}`], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    process_.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (said === "") setTimeout(() => process_.kill("SIGKILL"), ms);
      said += text;
    });
    process_.once("exit", (code, signal) => {
      // The last line may be cut in two.
      if (signal === "SIGKILL")
        resolve(
          said
            .slice(0, said.lastIndexOf("\n") + 1)
            .split("\n")
            .filter(Boolean),
        );
      else reject(new Error(`the process ended by itself with ${code}`));
    });
  });
}

test(`${rounds} times kill -9: no acknowledged start, callback or redrive is lost, none counts twice`, { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "workflow-crash-"));
  const started: string[] = [];
  const answers = new Map<string, string>();
  const redriven = new Set<string>();
  for (let run = 0; run < rounds; run++) {
    for (const line of await killAfter(folder, run, 20 + ((run * 67) % 260))) {
      const said = JSON.parse(line) as { started?: string; redriven?: string; answered?: string; step?: string; output?: string };
      if (said.started !== undefined) started.push(said.started);
      else if (said.redriven !== undefined) redriven.add(said.redriven);
      else answers.set(`${said.answered} ${said.step}`, said.output as string);
    }
  }
  const store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  const clock = createManualClock();
  const never = (): never => expect.fail("nothing is to be done here");
  const workflows = createWorkflows({
    store,
    clock,
    ids: createIds(clock),
    account: "123456789012",
    region: "us-east-1",
    integrations: () => ({}),
    invokeFunction: never,
    evaluator: { evaluateNow: never, evaluate: never },
    onError: never,
  });
  const drawn: number[] = [];
  const outputs = new Map<string, string>();
  for (const [key] of store.scan(rangeOf("xn"))) {
    const name = key.split("\u0000")[2] as string;
    const executionArn = `arn:aws:states:us-east-1:123456789012:execution:Order:${name}`;
    const { events } = workflows.query(store, "GetExecutionHistory", { executionArn, maxResults: 1000 }) as unknown as { events: Event[] };
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
    const { status, redriveCount, redriveStatus } = workflows.query(store, "DescribeExecution", { executionArn });
    if (status === "FAILED") expect([redriveCount, redriveStatus], name).toEqual([0, "REDRIVABLE"]);
    expect(
      events.filter(({ type }) => type === "ExecutionRedriven"),
      name,
    ).toHaveLength(redriveCount as number);
    expect(redriveCount, name).toBeLessThanOrEqual(1);
    if (redriven.has(name)) expect(redriveCount, name).toBe(1);
    const results = events.flatMap(({ taskSucceededEventDetails: details }) =>
      details ? [JSON.parse(details.output) as string | number] : [],
    );
    const [one, number, two] = results;
    expect(results.length).toBeLessThanOrEqual(3);
    if (one !== undefined) outputs.set(`${name} one`, one as string);
    if (number !== undefined) drawn.push(number as number);
    if (two !== undefined) outputs.set(`${name} two`, two as string);
  }
  expect(started.length).toBeGreaterThan(rounds);
  expect(redriven.size).toBeGreaterThan(0);
  for (const name of started) expect(store.get(keyOf("xn", "Order", name)), name).toBeDefined();
  for (const [wait, output] of answers) expect(outputs.get(wait), wait).toBe(output);
  expect(drawn.sort((a, b) => a - b)).toEqual(drawn.map((_, i) => i + 1));
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Event {
  readonly id: number;
  readonly type: string;
  readonly taskSucceededEventDetails?: { readonly output: string };
}
