/**
 * The mock file: `StateMachines` → name → `TestCases` → case → state → mock's name, and `MockedResponses` → mock's name → number → response.
 *
 * M1. A number counts the calls one state has made in the execution, from 0: retries, iterations and returns in a loop included. `"1-3"` stands for three of them.
 * M2. The whole file is checked before anything runs. Missing numbers are no fault until such a call is made.
 * M3. Beside `Return` and `Throw`, which Step Functions Local knows, an answer may take its time (`AfterSeconds`) or never come (`NoAnswer`).
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
 */
import { UsageError } from "@serverlesspresso/commands";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** What one call gives. */
export type Response = { readonly afterSeconds: number } & (
  | { readonly kind: "return"; readonly value: JsonValue }
  | { readonly kind: "throw"; readonly error: string; readonly cause?: string }
  | { readonly kind: "noAnswer" }
);

/** The responses of one mock. */
export interface Mock {
  readonly name: string;
  /** The numbers it has, as the file writes them. */
  readonly numbers: readonly string[];
  response(number: number): Response | undefined;
}

export interface TestCase {
  readonly name: string;
  /** By state. */
  readonly mocks: ReadonlyMap<string, Mock>;
}

export interface MockFile {
  /** By machine. */
  readonly machines: ReadonlyMap<string, readonly TestCase[]>;
}

interface Numbered {
  readonly from: number;
  readonly to: number;
  readonly response: Response;
}

/** @throws {UsageError} naming the place in the file */
export function parseMockFile(value: JsonValue): MockFile {
  const root = objectOf(value, "mock file", ["StateMachines", "MockedResponses"]);
  const mocks = new Map<string, Mock>();
  for (const [name, numbered] of entriesOf(root.MockedResponses, "MockedResponses")) mocks.set(name, mockOf(name, numbered));
  const machines = new Map<string, readonly TestCase[]>();
  for (const [name, machine] of entriesOf(root.StateMachines, "StateMachines")) {
    const at = `StateMachines.${name}`;
    const cases = entriesOf(objectOf(machine, at, ["TestCases"]).TestCases, `${at}.TestCases`);
    machines.set(
      name,
      cases.map(([testCase, states]) => caseOf(testCase, entriesOf(states, `${at}.TestCases.${testCase}`), mocks, at)),
    );
  }
  return { machines };
}

function caseOf(name: string, states: readonly [string, JsonValue][], mocks: ReadonlyMap<string, Mock>, at: string): TestCase {
  const named = states.map(([state, mockName]): [string, Mock] => {
    const mock = typeof mockName === "string" ? mocks.get(mockName) : undefined;
    if (mock !== undefined) return [state, mock];
    const found = `${at}.TestCases.${name}: state "${state}" is ${JSON.stringify(mockName)}`;
    throw new UsageError(`${found}, expected the name of one of MockedResponses: ${listOf(mocks.keys())}`);
  });
  return { name, mocks: new Map(named) };
}

function mockOf(name: string, value: JsonValue): Mock {
  const at = `MockedResponses.${name}`;
  const numbered: Numbered[] = [];
  for (const [key, response] of entriesOf(value, at)) {
    const range = rangeOf(key, at);
    const other = numbered.find(({ from, to }) => from <= range.to && range.from <= to);
    if (other !== undefined) throw new UsageError(`${at}: "${key}" stands for calls that another entry answers, expected each number once`);
    numbered.push({ ...range, response: responseOf(response, `${at}.${key}`) });
  }
  return {
    name,
    numbers: Object.keys(value as JsonObject),
    response: (number) => numbered.find(({ from, to }) => from <= number && number <= to)?.response,
  };
}

function rangeOf(key: string, at: string): { readonly from: number; readonly to: number } {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(key) ?? [];
  const [from, to] = [Number(first), Number(last ?? first)];
  if (first !== undefined && from <= to) return { from, to };
  throw new UsageError(`${at}: "${key}" is no number of a call, expected one such as "0", or a range such as "1-3"`);
}

function responseOf(value: JsonValue, at: string): Response {
  const response = objectOf(value, at, [], ["Return", "Throw", "NoAnswer", "AfterSeconds"]);
  const kinds = ["Return", "Throw", "NoAnswer"].filter((kind) => response[kind] !== undefined);
  if (kinds.length !== 1) throw new UsageError(`${at}: has ${listOf(kinds)}, expected one of Return, Throw and NoAnswer`);
  const afterSeconds = response.AfterSeconds ?? 0;
  if (typeof afterSeconds !== "number" || afterSeconds < 0) {
    throw new UsageError(`${at}: AfterSeconds is ${JSON.stringify(afterSeconds)}, expected seconds, 0 or more`);
  }
  if (response.Return !== undefined) return { kind: "return", value: response.Return, afterSeconds };
  if (response.Throw !== undefined) return { ...throwOf(response.Throw, `${at}.Throw`), afterSeconds };
  if (response.NoAnswer !== true) throw new UsageError(`${at}: NoAnswer is ${JSON.stringify(response.NoAnswer)}, expected true`);
  return { kind: "noAnswer", afterSeconds };
}

function throwOf(value: JsonValue, at: string): { readonly kind: "throw"; readonly error: string; readonly cause?: string } {
  const { Error: error, Cause: cause } = objectOf(value, at, ["Error"], ["Cause"]);
  if (typeof error !== "string") throw new UsageError(`${at}: Error is ${JSON.stringify(error)}, expected an error's name`);
  if (cause !== undefined && typeof cause !== "string") throw new UsageError(`${at}: Cause is ${JSON.stringify(cause)}, expected a text`);
  return { kind: "throw", error, ...(cause !== undefined && { cause }) };
}

/** An object that has all of `required`, and beside them nothing but `allowed`. */
function objectOf(value: JsonValue | undefined, at: string, required: readonly string[], allowed: readonly string[] = []): JsonObject {
  const object = Object.fromEntries(entriesOf(value, at)) as JsonObject;
  const known = [...required, ...allowed];
  const missing = required.find((name) => object[name] === undefined);
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (missing !== undefined) throw new UsageError(`${at}: has ${listOf(Object.keys(object))}, expected ${listOf(required)}`);
  if (unknown !== undefined) throw new UsageError(`${at}: "${unknown}" is not known there, expected ${listOf(known)}`);
  return object;
}

function entriesOf(value: JsonValue | undefined, at: string): [string, JsonValue][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.entries(value as JsonObject);
  throw new UsageError(`${at}: is ${value === undefined ? "absent" : JSON.stringify(value)}, expected an object`);
}

/** Names for a message. */
export function listOf(names: Iterable<string>): string {
  const list = [...names];
  return list.length === 0 ? "none" : list.map((name) => `"${name}"`).join(", ");
}
