import type { Run } from "../run.ts";
import type { Value } from "../values.ts";

/** A built-in function: its signature, its number of parameters as `$map` counts them, and what it does with complete arguments. */
export type Entry = readonly [signature: string, arity: number, act: (args: readonly Value[], run: Run) => Value];

/** Built-in functions by name, without `$`. */
export type Functions = Readonly<Record<string, Entry>>;
