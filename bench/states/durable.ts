/** Our engine whole: Standard executions, with their history, on disk before their end is reported. */
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
import { openStore } from "@serverlesspresso/store";
import { createWorkflows, type Integrations } from "@serverlesspresso/workflow";
import { ground, type Workload } from "./workloads.ts";

const place = { account: "123456789012", region: "us-east-1" };

export interface Durable {
  /** Runs a workload once, which is one of those it was opened with; resolves once its end is durable. */
  run(workload: Workload): Promise<void>;
  close(): Promise<void>;
}

export async function openDurable(folder: string, workloads: readonly Workload[]): Promise<Durable> {
  const onError = (error: unknown): void => console.error(error);
  const store = await openStore({ folder, onFailure: onError });
  const clock = createSystemClock();
  const evaluator = createEvaluator();
  const waiting = new Map<string, () => void>();
  let executions = 0;
  const integrations: Integrations = {
    "bench:echo": { kind: "transactional", call: () => ground },
    "bench:ended": {
      kind: "transactional",
      call(tx, { name }) {
        tx.afterCommit(() => {
          waiting.get(name as string)?.();
          waiting.delete(name as string);
        });
        return ground;
      },
    },
  };
  const workflows = createWorkflows({
    ...{ store, clock, ids: createIds(clock), ...place, onError },
    integrations: () => integrations,
    invokeFunction: () => Promise.reject(new Error("no functions here")),
    evaluator,
  });
  await store.transact((tx) => {
    for (const [i, { definition }] of workloads.entries()) {
      workflows.putStateMachine(tx, { name: `bench-${i}`, type: "STANDARD", definition });
    }
  });
  workflows.start();
  return {
    async run(workload) {
      const name = `run-${++executions}`;
      const end = new Promise<void>((resolve) => waiting.set(name, resolve));
      const stateMachineArn = `arn:aws:states:${place.region}:${place.account}:stateMachine:bench-${workloads.indexOf(workload)}`;
      const request: JsonObject = { stateMachineArn, name, input: JSON.stringify(workload.input) };
      await store.transact((tx) => workflows.execute(tx, "StartExecution", request));
      await end;
    },
    async close() {
      workflows.stop();
      await evaluator.close();
      await store.close();
    },
  };
}
