import { validationFault } from "@serverlesspresso/aws-service";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { levelsOf, mostLevels } from "@serverlesspresso/states-language";
import * as z from "zod";
import { WorkflowError } from "../errors.ts";

/** The longest input, output or event, in bytes of UTF-8. */
export const mostBytes = 262_144;

/** Reads a request once. @throws {WorkflowError} `ValidationException` naming the member, what it has and what was expected */
export function parse<T>(schema: z.ZodType<T>, request: JsonObject): T {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  throw new WorkflowError("ValidationException", validationFault(result.error, request).message);
}

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

/** Page tokens hold where to go on. */
export const pageToken = {
  write: (position: JsonValue): string => Buffer.from(JSON.stringify(position)).toString("base64url"),
  /** @throws {WorkflowError} `InvalidToken` */
  read<T>(schema: z.ZodType<T>, token: string | undefined): T | undefined {
    if (token === undefined) return undefined;
    try {
      return schema.parse(JSON.parse(Buffer.from(token, "base64url").toString()));
    } catch (cause) {
      throw new WorkflowError("InvalidToken", "Invalid Token: 'Invalid token'", { cause });
    }
  },
};

export const text = z.string();
export const arn = z.string().min(1).max(2_048);
export const page = { maxResults: z.number().int().min(0).max(1_000).optional(), nextToken: z.string().max(3_096).optional() };
/** 0 stands for the default, as on AWS. */
export function pageSize(maxResults: number | undefined): number {
  return maxResults === undefined || maxResults === 0 ? 100 : maxResults;
}
