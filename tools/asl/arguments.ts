/** The words of a call, and the files they name. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type asl, UsageError, type Values } from "@serverlesspresso/commands";
import type { JsonValue } from "@serverlesspresso/ports";

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

/** Reads the files that a call names. @param folder from which their paths count @throws {UsageError} */
export function openCall(values: Values<typeof asl.settings>, folder: string): Call {
  const { command, file, mocks, machine, testCase, isAll, input, expected, start, substitutions, json } = values;
  if (isAll && testCase !== undefined) throw new UsageError("--all and --case exclude one another");
  return {
    command,
    file,
    definitionText: fillIn(read(folder, file), substitutions),
    ...(mocks !== undefined && { mocksFile: mocks, mocksText: read(folder, mocks) }),
    ...(machine !== undefined && { machine }),
    ...(testCase !== undefined && { testCase }),
    all: isAll,
    input: input === undefined ? {} : jsonOf("--input", input, folder),
    ...(expected !== undefined && { expected: jsonOf("--expect", expected, folder) }),
    startMs: timeOf(start),
    json,
  };
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
    return filled.replaceAll(`\${${setting.slice(0, at)}}`, () => JSON.stringify(setting.slice(at + 1)).slice(1, -1));
  }, text);
}
