/** The words of a call, and the files they name. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { JsonValue } from "@serverlesspresso/ports";
import { UsageError } from "./usage-error.ts";

export const usage = `npm run asl -- test FILE [options]      runs the state machine in FILE with mocked integrations
npm run asl -- validate FILE [options]  says what is wrong with the definition in FILE

  --mocks FILE          what its tasks answer, in the form of Step Functions Local's MockConfigFile.json
  --machine NAME        the state machine of the mock file; by default the only one
  --case NAME           the test case; by default the only one
  --all                 every test case, one after the other
  --input JSON|@FILE    the execution's input; {} by default
  --expect JSON|@FILE   the output it has to give
  --start TIME          when it starts, ISO 8601; 2026-01-01T00:00:00Z by default
  --set NAME=VALUE      fills in \${NAME} in FILE; may be repeated
  --json                prints JSON, nothing shortened

Exit status: 0 succeeded as expected, 1 failed, 2 the call, a file or the mocks are wrong.`;

const options = {
  mocks: { type: "string" },
  machine: { type: "string" },
  case: { type: "string" },
  all: { type: "boolean", default: false },
  input: { type: "string" },
  expect: { type: "string" },
  start: { type: "string" },
  set: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

export interface Call {
  readonly command: "test" | "validate";
  readonly file: string;
  /** The definition's text, filled in. */
  readonly definitionText: string;
  readonly mocksFile?: string;
  readonly mocksText?: string;
  readonly machine?: string;
  readonly testCase?: string;
  readonly all: boolean;
  readonly input: JsonValue;
  /** Undefined where nothing is expected. */
  readonly expected?: JsonValue;
  readonly startMs: number;
  readonly json: boolean;
}

/** @throws {UsageError} */
export function parseArguments(words: readonly string[], folder: string): Call | "help" {
  const { values, positionals } = parse(words);
  if (values.help || words.length === 0) return "help";
  const [command, file, ...rest] = positionals;
  if (command !== "test" && command !== "validate") throw new UsageError(`command is "${command ?? ""}", expected test or validate`);
  if (file === undefined) throw new UsageError(`${command}: no FILE given, expected the file of a state machine's definition`);
  if (rest.length > 0) throw new UsageError(`${command}: "${rest[0]}" is one word too many, expected one FILE`);
  if (values.all && values.case !== undefined) throw new UsageError("--all and --case exclude one another");
  const { mocks } = values;
  return {
    command,
    file,
    definitionText: fillIn(read(folder, file), values.set ?? []),
    ...(mocks !== undefined && { mocksFile: mocks, mocksText: read(folder, mocks) }),
    ...(values.machine !== undefined && { machine: values.machine }),
    ...(values.case !== undefined && { testCase: values.case }),
    all: values.all,
    input: values.input === undefined ? {} : jsonOf("--input", values.input, folder),
    ...(values.expect !== undefined && { expected: jsonOf("--expect", values.expect, folder) }),
    startMs: timeOf(values.start ?? "2026-01-01T00:00:00Z"),
    json: values.json,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". To specify")[0]}\n\n${usage}`);
  }
}

function read(folder: string, file: string): string {
  try {
    return readFileSync(resolve(folder, file), "utf8");
  } catch (error) {
    throw new UsageError(`file "${file}" cannot be read from ${folder}: ${(error as Error).message}`);
  }
}

/** A JSON text, `@` and the name of a file that holds one, or such a name alone. */
function jsonOf(option: string, given: string, folder: string): JsonValue {
  const isFile = given.startsWith("@") || (!isJson(given) && existsSync(resolve(folder, given)));
  if (!isFile && !isJson(given)) throw new UsageError(`${option} is ${JSON.stringify(given)}, expected JSON, or @ and the name of a file`);
  return isFile ? parseJson(given.replace(/^@/, ""), read(folder, given.replace(/^@/, ""))) : (JSON.parse(given) as JsonValue);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws {UsageError} where the file's text is not JSON */
export function parseJson(file: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new UsageError(`file "${file}" is not JSON: ${(error as Error).message}`);
  }
}

function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new UsageError(`--start is "${text}", expected a time such as 2026-01-01T09:00:00Z`);
  return ms;
}

/** As definition substitutions do: the value stands where `${NAME}` stood, escaped for the JSON text around it. */
function fillIn(text: string, settings: readonly string[]): string {
  return settings.reduce((filled, setting) => {
    const at = setting.indexOf("=");
    if (at < 1) throw new UsageError(`--set is "${setting}", expected NAME=VALUE`);
    return filled.replaceAll(`\${${setting.slice(0, at)}}`, () => JSON.stringify(setting.slice(at + 1)).slice(1, -1));
  }, text);
}
