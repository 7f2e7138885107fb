import type { JsonValue } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import type { FunctionSource } from "./function-source.ts";

/** Makes a function that is called with nothing it looks at: by a deadline, or by hand. */
export function signalFunction(performOf: (deps: Deps) => () => Promise<JsonValue | undefined>): FunctionSource {
  return {
    kind: "signal",
    create(deps) {
      const perform = performOf(deps);
      return async () => perform();
    },
  };
}
