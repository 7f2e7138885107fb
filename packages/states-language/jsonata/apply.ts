/** How functions are called. */
import { leave, type Run, spend } from "./run.ts";
import { Callable, type Value } from "./values.ts";

/** A call at the end of a lambda: JSONata makes it after the lambda has returned, with the context of the lambda's caller. */
export class TailCall extends Callable {
  readonly procedure: Value;
  readonly values: readonly Value[];
  constructor(procedure: Value, values: readonly Value[]) {
    super(0, leave);
    this.procedure = procedure;
    this.values = values;
  }
}

/**
 * A function that an expression writes, with the context in which it stands. A call receives functions wrapped, without a context; a tail call receives
 * them as they are.
 */
export class Lambda extends Callable {
  readonly context: Value;
  constructor(arity: number, context: Value, call: Callable["call"]) {
    super(arity, call);
    this.context = context;
  }
}

const mostCalls = 50;

/** Calls a function, and those that it ends in. */
export function apply(called: Value, args: readonly Value[], context: Value, run: Run): Value {
  if (!(called instanceof Callable) || run.calls >= mostCalls) return leave();
  run.calls++;
  spend(run, 1 + args.length);
  let result = called.call(args, context, run);
  while (result instanceof TailCall) {
    const { procedure, values } = result;
    if (!(procedure instanceof Callable)) return leave();
    spend(run, 1 + values.length);
    result = procedure.call(values, context, run);
  }
  run.calls--;
  return result;
}
