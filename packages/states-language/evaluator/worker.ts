/** Evaluates JSONata one question at a time, in a thread that may be ended at any time. */
import { getHeapStatistics } from "node:v8";
import { workerData } from "node:worker_threads";
import jsonata from "jsonata";
import { boundedFunctions, refuseLong } from "./bounds.ts";
import { addFunctions } from "./functions.ts";
import { LinearRegex } from "./linear-regex.ts";
import type { Answer, Question, Ready, WorkerData } from "./protocol.ts";

const { port, signal } = workerData as WorkerData;
const mostCompiled = 1_000;
const muchUsed = 96 * 2 ** 20;
/**
 * Bounds inside the language: nesting of calls, members of one sequence. JSONata counts what it evaluates side by side, such as the keys of a group, as
 * nested; the thread's own stack ends recursion earlier.
 */
const options = { stack: 50_000, sequence: 1_000_000, RegexEngine: LinearRegex };
const bounded = await boundedFunctions();
const compiled = new Map<string, jsonata.Expression>();
let nowMs = 0;

port.on("message", (question: Question) => {
  nowMs = question.nowMs;
  void answer(question).then((reply) => {
    // The watched heap includes garbage (V4). Collecting it here charges the evaluation that left it, not the next one.
    if (getHeapStatistics().used_heap_size > muchUsed) globalThis.gc?.();
    port.postMessage(reply);
    Atomics.store(signal, 0, reply.id);
    Atomics.notify(signal, 0);
  });
});

port.postMessage({ kind: "ready" } satisfies Ready);

async function answer({ id, expression, variables }: Question): Promise<Answer> {
  try {
    const value = await settled(compile(expression).evaluate(undefined, JSON.parse(variables) as Record<string, unknown>));
    if (value === undefined) return { id, kind: "value" };
    const json = JSON.stringify(value, refuseFunctions);
    // Reading a long text holds up the main loop; no payload may be this long.
    refuseLong("The result", json);
    return { id, kind: "value", json };
  } catch (error) {
    return failed(id, error);
  }
}

/** Rejects an evaluation that one turn of the loop has not settled: JSONata waits for nothing outside, so it never settles, as with `{"then": /a/}` (V8). */
function settled(evaluation: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const turn = setImmediate(() => reject({ code: "D1012", message: "The evaluation waits for something that never comes" }));
    evaluation.then(resolve, reject).finally(() => clearImmediate(turn));
  });
}

function compile(expression: string): jsonata.Expression {
  const known = compiled.get(expression);
  if (known) return known;
  const fresh = jsonata(expression, options as unknown as jsonata.JsonataOptions);
  for (const [name, bound] of bounded) fresh.assign(name, bound);
  addFunctions(fresh, () => nowMs);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(expression, fresh);
  return fresh;
}

/** Refuses functions, which are not JSON (the code is our own, the message is AWS's), and long texts before they are copied. */
function refuseFunctions(_key: string, value: unknown): unknown {
  if (typeof value === "string") refuseLong("The result", value);
  const lambda = typeof value === "object" && value !== null && ("_jsonata_lambda" in value || "_jsonata_function" in value);
  if (lambda || typeof value === "function") throw { code: "UnsupportedResult", message: "returned an unsupported result type" };
  return value;
}

function failed(id: number, error: unknown): Answer {
  const { code, message, position } = error as { code?: unknown; message?: unknown; position?: unknown };
  return {
    id,
    kind: "error",
    code: typeof code === "string" ? code : "D3137",
    message: String(message ?? error),
    ...(typeof position === "number" && { position }),
  };
}
