import { requestParser } from "@serverlesspresso/aws-service";
import type { JsonValue } from "@serverlesspresso/ports";
import { levelsOf, mostLevels } from "@serverlesspresso/states-language";
import * as z from "zod";
import { refusal, WorkflowError } from "../errors.ts";

/** The longest input, output or event, in bytes of UTF-8. */
export const mostBytes = 262_144;

/** Reads a request whose operation does so itself. @throws {WorkflowError} `ValidationException` */
export const parse = requestParser(refusal);

/** A JSON text as a value. @throws {WorkflowError} `code` */
export function jsonOf(text: string, code: "InvalidExecutionInput" | "InvalidOutput"): JsonValue {
  // No text this short can be too long in bytes.
  if (text.length * 3 > mostBytes && Buffer.byteLength(text) > mostBytes) {
    throw new WorkflowError(code, `${words[code]}: 'The text has ${Buffer.byteLength(text)} bytes, expected at most ${mostBytes}'`);
  }
  if (text.length > 2 * mostLevels && levelsOf(text) > mostLevels) {
    throw new WorkflowError(code, `${words[code]}: 'The text has more than ${mostLevels} levels'`);
  }
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new WorkflowError(code, `${words[code]}: '${(cause as Error).message}'`, { cause });
  }
}

const words = { InvalidExecutionInput: "Invalid State Machine Execution Input", InvalidOutput: "Invalid Output" };

/** An instant as Step Functions' wire has it: seconds, with fractions. */
export function seconds(ms: number): number {
  return ms / 1000;
}

/** A text. */
export const text = z.string();
/** An ARN; what it is of is looked at later. */
export const arn = z.string().min(1).max(2_048);
/** What lists take of pages; 0 stands for the default, as on AWS. */
export const page = { maxResults: z.number().int().min(0).max(1_000).optional(), nextToken: z.string().max(3_096).optional() };
/** How an execution or a task says why it failed. */
export const reason = { error: text.max(256).optional(), cause: text.max(32_768).optional() };
