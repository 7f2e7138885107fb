/** Scopes: the variables that an expression binds itself. */
import type { Run } from "./run.ts";
import type { Value } from "./values.ts";

/** A scope of variables that an expression binds itself. */
export interface Frame {
  readonly run: Run;
  readonly outer: Frame | undefined;
  bound: Map<string, Value> | undefined;
}

/** Binds a variable in a scope. */
export function bind(frame: Frame, name: string, value: Value): void {
  frame.bound ??= new Map();
  frame.bound.set(name, value);
}

/** Returns the nearest scope that binds the variable. */
export function frameOf(from: Frame, name: string): Frame | undefined {
  for (let frame: Frame | undefined = from; frame !== undefined; frame = frame.outer) if (frame.bound?.has(name)) return frame;
  return undefined;
}
