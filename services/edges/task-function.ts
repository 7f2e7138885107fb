import type { JsonValue } from "@serverlesspresso/ports";
import type { z } from "zod";
import type { Deps } from "../shared/deps.ts";
import type { FunctionSource } from "./function-source.ts";

/**
 * Makes a function that a workflow's Task state calls: its input is parsed by `schema`.
 * An input that does not fit is the function's failure, `ZodError`, which the state can catch.
 */
export function taskFunction<Schema extends z.ZodType>(
  schema: Schema,
  performOf: (deps: Deps) => (input: z.output<Schema>) => Promise<JsonValue>,
): FunctionSource {
  return {
    kind: "task",
    create(deps) {
      const perform = performOf(deps);
      return async (event) => perform(schema.parse(event));
    },
  };
}
