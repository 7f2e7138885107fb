/** One setting of a command, given by an operand, a flag or an environment variable. */
import { UsageError } from "./errors.ts";
import type { ValueKind } from "./value-kinds.ts";

/** How a call names a setting, and what it says of it. */
export interface Names {
  /** With its two dashes. */
  readonly flag?: `--${string}`;
  readonly variable?: string;
  /** The name of an operand, in capitals. */
  readonly operand?: string;
  /** Stands for the value in the help: `FOLDER`. */
  readonly shape?: string;
  /** What it is, and what it does where it is given; without a full stop at its end. */
  readonly sentence: string;
}

/** A value as it was given: under which name, in which texts. */
export interface Given {
  readonly name: string;
  readonly texts: readonly string[];
}

/** A setting whose value has type `T`. */
export interface Setting<T> extends Names {
  /** Whether the flag stands alone, without a value. */
  readonly isSwitch: boolean;
  readonly isRepeatable: boolean;
  readonly isRequired: boolean;
  /** What holds where it is not given, in words; empty where there is nothing to say. */
  readonly usual: string;
  /** @throws {UsageError} for a value of another kind */
  readonly parse: (given: Given | undefined) => T;
}

interface ValueOptions<T> extends Names {
  readonly kind: ValueKind<T>;
  /** In place of the usual value in the help. */
  readonly usual?: string;
  /** Keeps the value out of error messages. */
  readonly isSecret?: boolean;
}

/** A setting with one value. */
export function setting<T>(options: ValueOptions<T> & { readonly otherwise: NoInfer<T> }): Setting<T>;
export function setting<T>(options: ValueOptions<T>): Setting<T | undefined>;
export function setting<T>({
  kind,
  otherwise,
  isSecret,
  usual,
  ...names
}: ValueOptions<T> & { readonly otherwise?: T }): Setting<T | undefined> {
  return {
    ...names,
    isSwitch: false,
    isRepeatable: false,
    isRequired: false,
    usual: usual ?? (otherwise === undefined ? "" : String(otherwise)),
    parse: (given) => (given === undefined ? otherwise : read(kind, given.name, given.texts[0] ?? "", isSecret)),
  };
}

/** A setting that may be given several times; in its variable the values are separated by commas. */
export function list<T>({ kind, isSecret, usual, ...names }: ValueOptions<T>): Setting<readonly T[]> {
  return {
    ...names,
    isSwitch: false,
    isRepeatable: true,
    isRequired: false,
    usual: usual ?? "none",
    parse: (given) => (given?.texts ?? []).map((each) => read(kind, given?.name ?? "", each, isSecret)),
  };
}

/** A flag without a value: true where it is given. */
export function toggle(names: Names & { readonly flag: `--${string}` }): Setting<boolean> {
  return { ...names, isSwitch: true, isRepeatable: false, isRequired: false, usual: "", parse: (given) => given !== undefined };
}

/** An operand that must be there. */
export function required<T>({ kind, ...names }: ValueOptions<T> & { readonly operand: string }): Setting<T> {
  return {
    ...names,
    isSwitch: false,
    isRepeatable: false,
    isRequired: true,
    usual: "",
    parse(given) {
      if (given === undefined) throw new UsageError(`${names.operand} is not given, expected ${kind.expected}`);
      return read(kind, given.name, given.texts[0] ?? "");
    },
  };
}

function read<T>(kind: ValueKind<T>, name: string, given: string, isSecret = false): T {
  const value = kind.read(given);
  if (value !== undefined) return value;
  throw new UsageError(isSecret ? `${name} is not ${kind.expected}` : `${name} is ${JSON.stringify(given)}, expected ${kind.expected}`);
}
