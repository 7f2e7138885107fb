/** Evaluates JSONata one question at a time, in a thread that may be ended at any time. */
import { getHeapStatistics } from "node:v8";
import { workerData } from "node:worker_threads";
import type { JsonObject } from "@serverlesspresso/ports";
import { createPackageEvaluator } from "./by-package.ts";
import type { Answer, Question, Ready, WorkerData } from "./protocol.ts";

const { port } = workerData as WorkerData;
const muchUsed = 96 * 2 ** 20;
const evaluate = await createPackageEvaluator();

port.on("message", ({ id, expression, variables, nowMs }: Question) => {
  void evaluate(expression, JSON.parse(variables) as JsonObject, nowMs).then((result) => {
    // The watched heap includes garbage (V4). Collecting it here charges the evaluation that left it, not the next one.
    if (getHeapStatistics().used_heap_size > muchUsed) globalThis.gc?.();
    port.postMessage({ id, ...result } satisfies Answer);
  });
});

port.postMessage({ kind: "ready" } satisfies Ready);
