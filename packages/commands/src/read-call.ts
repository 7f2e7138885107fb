/**
 * Reads the words and the environment of a call.
 *
 * C1. A flag wins over its variable, and a variable that is empty counts as not given.
 * C2. A word that no setting takes is refused by name, with the names that were expected.
 * C3. A value that begins with a dash is a forgotten value, unless it is written behind an equals sign.
 * C4. A flag with one value is given once: of two, the caller could not see which holds.
 */
import { parseArgs } from "node:util";
import type { Command, Settings, Values } from "./command.ts";
import { UsageError } from "./errors.ts";
import type { Given, Setting } from "./setting.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A call that was read. */
export interface Call<S extends Settings> {
  readonly values: Values<S>;
  /** The name under which a setting was given: `--data` or `DATA_DIR`; undefined where it was not. */
  readonly nameOf: (setting: keyof S) => string | undefined;
  /** Words for another program, of a command that hands them on. */
  readonly passedOn: readonly string[];
}

type Words = Readonly<{ flags: ReadonlyMap<string, readonly string[]>; operands: readonly string[] }>;

/** Returns what a call asks for: `help`, `version`, or the command with these values. @throws {UsageError} */
export function readCall<S extends Settings>(
  command: Command<S>,
  args: readonly string[],
  environment: Environment,
): Call<S> | "help" | "version" {
  const question = args.slice(0, args.indexOf("--") === -1 ? args.length : args.indexOf("--"));
  if (question.includes("--help") || question.includes("-h")) return "help";
  if (question.includes("--version")) return "version";
  const words = command.isPassedOn ? { flags: new Map(), operands: [] } : readWords(command, args);
  const operands = givenOperands(command, words.operands);
  const given = (name: string): Given | undefined => {
    const each = command.settings[name] as Setting<unknown>;
    return operands.get(name) ?? givenFlag(each, words) ?? givenVariable(each, environment);
  };
  const names = Object.keys(command.settings);
  return {
    // The keys are the settings' own, each with what its setting parses to.
    values: Object.fromEntries(names.map((name) => [name, command.settings[name]?.parse(given(name))])) as Values<S>,
    nameOf: (name) => given(String(name))?.name,
    passedOn: command.isPassedOn ? args : [],
  };
}

function readWords(command: Command, args: readonly string[]): Words {
  const settings = Object.values(command.settings).filter(({ flag }) => flag !== undefined);
  const flags = new Map<string, string[]>();
  const operands: string[] = [];
  const options = Object.fromEntries(
    settings.map(({ flag = "", isSwitch }) => [flag.slice(2), { type: isSwitch ? "boolean" : "string" } as const]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const known = settings.find(({ flag }) => flag === `--${token.name}`);
    if (known === undefined) throw new UsageError(`${token.rawName} is no flag of ${nameOf(command)}, expected ${flagsOf(command)}`);
    flags.set(token.name, [...(flags.get(token.name) ?? []), textOf(known, token)]);
  }
  for (const known of settings) checkOnce(known, flags);
  return { flags, operands };
}

function textOf(
  known: Setting<unknown>,
  { value, inlineValue }: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
): string {
  if (known.isSwitch && value !== undefined) throw new UsageError(`${known.flag} is ${JSON.stringify(value)}, expected the flag alone`);
  if (known.isSwitch) return "";
  const isForgotten = value === undefined || (inlineValue !== true && /^-./.test(value));
  if (isForgotten) throw new UsageError(`${known.flag} has no value, expected ${known.flag} ${known.shape}`);
  return value;
}

function checkOnce({ flag = "--", isSwitch, isRepeatable }: Setting<unknown>, flags: Words["flags"]): void {
  const texts = flags.get(flag.slice(2)) ?? [];
  if (isSwitch || isRepeatable || texts.length < 2) return;
  throw new UsageError(`${flag} is given ${texts.length === 2 ? "twice" : `${texts.length} times`}: ${texts.join(", ")}`);
}

/** Operands go to their settings in order; one that is repeatable takes the rest. */
function givenOperands(command: Command, operands: readonly string[]): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  const left = [...operands];
  for (const [key, { operand: name, isRepeatable }] of Object.entries(command.settings)) {
    if (name === undefined || left.length === 0) continue;
    given.set(key, { name, texts: left.splice(0, isRepeatable ? left.length : 1) });
  }
  if (left.length === 0) return given;
  const names = Object.values(command.settings).flatMap(({ operand = [] }) => operand);
  throw new UsageError(
    `"${left[0]}" is one word too many for ${nameOf(command)}, expected ${names.length === 0 ? "flags alone" : names.join(" ")}; --help names them`,
  );
}

function givenFlag({ flag = "--" }: Setting<unknown>, { flags }: Words): Given | undefined {
  const texts = flags.get(flag.slice(2));
  return texts === undefined ? undefined : { name: flag, texts };
}

function givenVariable({ variable = "", isRepeatable }: Setting<unknown>, environment: Environment): Given | undefined {
  const value = environment[variable] ?? "";
  if (value === "") return undefined;
  return {
    name: variable,
    texts: isRepeatable
      ? value
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== "")
      : [value],
  };
}

function nameOf({ call }: Command): string {
  return call.replace(/ --$/, "");
}

function flagsOf(command: Command): string {
  return [...Object.values(command.settings).flatMap(({ flag = [] }) => flag), "--help", "--version"].join(", ");
}
