/** Lambda's operations over the functions of this process. */

import { validationFault } from "@serverlesspresso/aws-service";
import type { Functions } from "@serverlesspresso/functions";
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { AwsFailure } from "./failure.ts";
import type { AwsService } from "./service.ts";

const Json: z.ZodType<JsonObject[string]> = z.json();
const requests = {
  invoke: z.object({
    FunctionName: z.string().min(1).max(170),
    InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).default("RequestResponse"),
    LogType: z.enum(["None", "Tail"]).default("None"),
    Qualifier: z.literal("$LATEST").optional(),
    Payload: Json.optional(),
  }),
  list: z.object({ Marker: z.string().regex(/^\d+$/).optional(), MaxItems: z.int().min(1).max(10_000).optional() }),
  one: z.object({ FunctionName: z.string().min(1).max(170) }),
};
const listedAtOnce = 50;
const tailBytes = 4_096;

export function createLambdaService(
  functions: Functions,
  onError: (error: unknown, what: string) => void,
): Pick<AwsService, "operations" | "call"> {
  function configurationOf(nameOrArn: string): JsonObject {
    const name = nameOrArn.split(":")[nameOrArn.startsWith("arn:") ? 6 : 0] ?? nameOrArn;
    const found = functions.list().find(({ FunctionName }) => FunctionName === name);
    if (found === undefined) throw new AwsFailure(400, "ResourceNotFoundException", `Function not found: ${name}`);
    return found;
  }

  const operations: Readonly<Record<string, (request: JsonObject) => Promise<JsonObject>>> = {
    async Invoke(request) {
      const { FunctionName, InvocationType, LogType, Payload = {} } = parse(requests.invoke, request);
      configurationOf(FunctionName);
      if (InvocationType === "DryRun") return { StatusCode: 204 };
      if (InvocationType === "Event") {
        functions.invoke(FunctionName, Payload).catch((error: unknown) => onError(error, `invocation of ${FunctionName}`));
        return { StatusCode: 202 };
      }
      const lines: string[] = [];
      const result = await functions.invoke(FunctionName, Payload, LogType === "Tail" ? (line) => void lines.push(line) : undefined);
      const failed = "functionError" in result ? { FunctionError: result.functionError } : {};
      const tail = LogType === "Tail" ? { LogResult: tailOf(lines) } : {};
      return { StatusCode: 200, ...failed, ...tail, Payload: result.payload };
    },
    async ListFunctions(request) {
      const { Marker = "0", MaxItems = listedAtOnce } = parse(requests.list, request);
      const all = functions.list();
      const end = Number(Marker) + Math.min(MaxItems, listedAtOnce);
      return { Functions: all.slice(Number(Marker), end), ...(end < all.length && { NextMarker: String(end) }) };
    },
    GetFunctionConfiguration: async (request) => configurationOf(parse(requests.one, request).FunctionName),
    GetFunction: async (request) => ({
      Configuration: configurationOf(parse(requests.one, request).FunctionName),
      Tags: {},
    }),
  };

  return {
    operations: Object.keys(operations),
    call: (operation, request) => (operations[operation] as (request: JsonObject) => Promise<JsonObject>)(request),
  };
}

/** The last 4 KB of a log, in base64. */
function tailOf(lines: readonly string[]): string {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""))
    .subarray(-tailBytes)
    .toString("base64");
}

function parse<S extends z.ZodType>(schema: S, request: JsonObject): z.infer<S> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new AwsFailure(400, "InvalidParameterValueException", validationFault(parsed.error, request).message);
}
