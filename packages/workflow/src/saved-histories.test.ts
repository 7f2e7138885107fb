/** states-language.D1: the histories in the saved folders (`test/data-folders`) replay: the same definition and stimuli give the same decisions as then. */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import {
  compileAccepted,
  type Decision,
  type Environment,
  type HistoryEvent,
  resume,
  type Stimulus,
  start,
} from "@serverlesspresso/states-language";
import { createEvaluator, decideWith } from "@serverlesspresso/states-language/evaluator";
import { openStore, type Store } from "@serverlesspresso/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readHistory } from "./history.ts";
import { type ExecutionId, keys, partsOfId } from "./keys.ts";
import type { ExecutionIdentity, RevisionRecord } from "./records.ts";

const machine = "OrderProcessorWorkflow";
const place = (kind: string): string => `arn:aws:states:us-east-1:123456789012:${kind}`;
const folders = globSync(join(import.meta.dirname, "../../../test/data-folders/*.mdb.gz"));

describe.each(folders.map((path) => ({ path, name: basename(path) })))("$name", ({ path }) => {
  const folder = mkdtempSync(join(tmpdir(), "histories-"));
  const evaluator = createEvaluator({ nowMs: () => 0 });
  let store: Store;
  beforeAll(async () => {
    writeFileSync(join(folder, "store.mdb"), gunzipSync(readFileSync(path)));
    store = await openStore({ folder, onFailure: () => {} });
  });
  afterAll(async () => {
    await evaluator.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("every order's workflow decides as it did", async () => {
    const found = [keys.closedOf(machine), keys.runningOf(machine)].flatMap((range) => store.scan<ExecutionIdentity>(range));
    const ends: (string | undefined)[] = [];
    for (const [key, record] of found) ends.push(await replay(keys.idOf(key), record));
    // Completed, cancelled twice, timed out twice, refused; those the kill met wait on.
    expect(ends.filter((status) => status === "SUCCEEDED").length).toBeGreaterThanOrEqual(6);
    expect(ends.filter((status) => status === undefined).length).toBeGreaterThanOrEqual(5);
  });

  async function replay(id: ExecutionId, { name, revision }: ExecutionIdentity): Promise<string | undefined> {
    const { definition, roleArn } = store.get<RevisionRecord>(keys.revision(machine, revision)) as RevisionRecord;
    const compiled = compileAccepted(JSON.parse(store.get<string>(keys.definition(definition)) as string) as JsonValue);
    const told = asToday(readHistory(store, id, { limit: 1_000 }));
    const context = {
      Execution: {
        Id: `${place("execution")}:${machine}:${name}`,
        Name: name,
        RoleArn: roleArn,
        StartTime: new Date(partsOfId(id).startMs).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: `${place("stateMachine")}:${machine}`, Name: machine },
    };
    const input = told[0]?.details?.input as JsonValue;
    let decision = await decided(told[0]?.timestampMs ?? 0, (env) => start(compiled, { input, context }, env));
    const made: HistoryEvent[] = [...decision.events];
    let wait = 0;
    for (let next = told[made.length]; next !== undefined; next = told[made.length]) {
      wait = decision.actions.findLast(({ kind }) => kind === "task")?.wait ?? wait;
      const [{ state }, stimulus] = [decision, stimulusOf(decision, wait, next)];
      decision = await decided(next.timestampMs, (env) => resume(compiled, state, stimulus, env));
      if (decision.events.length === 0) throw new Error(`${name}: nothing follows where ${next.type} did`);
      made.push(...decision.events);
    }
    expect(JSON.parse(JSON.stringify(made))).toEqual(told);
    return decision.outcome?.status;
  }

  function decided(nowMs: number, decide: (env: Environment) => Decision): Promise<Decision> {
    return decideWith(evaluator, (evaluate) =>
      decide({ nowMs, maxSteps: 1_000, random: () => 0.5, uuid: () => "uuid", taskToken: () => "TOKEN", evaluate }),
    );
  }
});

/** What must have happened for this event to follow. */
function stimulusOf({ continues }: Decision, wait: number, { type, details = {} }: HistoryEvent): Stimulus {
  if (continues) return { kind: "continue" };
  const { output, error, cause } = details as JsonObject & { readonly error?: string; readonly cause?: string };
  switch (type) {
    case "TaskSubmitted":
      return { kind: "taskSubmitted", wait, ...(output !== undefined && { output }) };
    case "TaskSucceeded":
      return { kind: "taskSucceeded", wait, output: output as JsonValue };
    case "TaskFailed":
      return { kind: "taskFailed", wait, ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    case "TaskTimedOut":
      return { kind: "timeReached" };
    default:
      throw new Error(`the workflow of an order has no ${type} after a wait`);
  }
}

/** Tokens are made from a key of the folder, and are no decision. The cause of a timeout was null before it was AWS's "". */
function asToday(events: readonly HistoryEvent[]): HistoryEvent[] {
  const text = JSON.stringify(events).replaceAll(/("TaskToken":")[^"]+"/g, '$1TOKEN"');
  return JSON.parse(text, (_, value) => (value?.Error === "States.Timeout" && value.Cause === null ? { ...value, Cause: "" } : value));
}
