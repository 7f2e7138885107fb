import type { FunctionContext } from "@serverlesspresso/ports";

/** Leaves an event alone, and says in the function's log why. */
export function leave(context: FunctionContext, why: string): undefined {
  context.log(`${why}: nothing to do`);
  return undefined;
}
