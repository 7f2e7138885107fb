/** Evaluates JSONata by the package `jsonata`, with AWS's functions and with bounds. It may take any time: a thread does it, which a deadline can end. */
import type { JsonObject } from "@serverlesspresso/ports";
import jsonata from "jsonata";
import { boundedFunctions, refuseLong } from "./bounds.ts";
import { addFunctions } from "./functions.ts";
import { LinearRegex } from "./linear-regex.ts";
import type { Result } from "./protocol.ts";

const mostCompiled = 1_000;
/**
 * Bounds inside the language: nesting of calls, members of one sequence. JSONata counts what it evaluates side by side, such as the keys of a group, as
 * nested; the thread's own stack ends recursion earlier.
 */
const options = { stack: 50_000, sequence: 1_000_000, RegexEngine: LinearRegex };

/** Resolves to a function that evaluates an expression. It keeps the compiled ones; one evaluation at a time. Never rejects. */
export async function createPackageEvaluator(): Promise<(expression: string, variables: JsonObject, nowMs: number) => Promise<Result>> {
  const bounded = await boundedFunctions();
  const compiled = new Map<string, jsonata.Expression>();
  let now = 0;

  function compile(expression: string): jsonata.Expression {
    const known = compiled.get(expression);
    if (known) return known;
    const fresh = jsonata(expression, options as unknown as jsonata.JsonataOptions);
    for (const [name, bound] of bounded) fresh.assign(name, bound);
    addFunctions(fresh, () => now);
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(expression, fresh);
    return fresh;
  }

  return async (expression, variables, nowMs) => {
    now = nowMs;
    try {
      const value = await settled(compile(expression).evaluate(undefined, variables));
      if (value === undefined) return { kind: "value" };
      const json = JSON.stringify(value, refuseFunctions);
      // Reading a long text holds up the main loop; no payload may be this long.
      refuseLong("The result", json);
      return { kind: "value", json };
    } catch (error) {
      return failed(error);
    }
  };
}

/** Rejects an evaluation that one turn of the loop has not settled: JSONata waits for nothing outside, so it never settles, as with `{"then": /a/}` (V8). */
function settled(evaluation: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const turn = setImmediate(() => reject({ code: "D1012", message: "The evaluation waits for something that never comes" }));
    evaluation.then(resolve, reject).finally(() => clearImmediate(turn));
  });
}

/** Refuses functions, which are not JSON (the code is our own, the message is AWS's), and long texts before they are copied. */
function refuseFunctions(_key: string, value: unknown): unknown {
  if (typeof value === "string") refuseLong("The result", value);
  // JSONata's own functions are objects that hold one of JavaScript's.
  if (typeof value === "function") throw { code: "UnsupportedResult", message: "returned an unsupported result type" };
  return value;
}

function failed(error: unknown): Result {
  const { code, message, position } = error as { code?: unknown; message?: unknown; position?: unknown };
  return {
    kind: "error",
    code: typeof code === "string" ? code : "D3137",
    message: String(message ?? error),
    ...(typeof position === "number" && { position }),
  };
}
