/** Lambda's operations over the functions of this process. */
import { type AwsService, absent, defineAwsService, operationsOn } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { FunctionError } from "./errors.ts";
import type { Functions } from "./functions.ts";

/** What the operations work on. */
export interface LambdaEngine extends Pick<Functions, "invoke" | "configuration" | "list"> {
  /** Receives the failure of an invocation that no caller waits for. */
  readonly onError: (error: unknown, what: string) => void;
}

const Json: z.ZodType<JsonObject[string]> = z.json();
const FunctionName = z.string().min(1).max(170);
const Invoke = z.object({
  FunctionName,
  InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).default("RequestResponse"),
  LogType: z.enum(["None", "Tail"]).default("None"),
  Qualifier: z.literal("$LATEST").optional(),
  Payload: Json.default({}),
});
const List = z.object({ Marker: z.string().optional(), MaxItems: z.int().min(1).max(10_000).optional() });
const One = z.object({ FunctionName });
const root = "/2015-03-31/functions";
const listedAtOnce = 50;
const tailBytes = 4_096;

const { list, read, wait } = operationsOn<LambdaEngine>();

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
export const lambda: AwsService<LambdaEngine> = defineAwsService({
  name: "Lambda",
  target: "AWSLambda",
  signingNames: ["lambda"],
  sdk: { service: "lambda", errors: "Lambda" },
  protocol: "rest-json",
  mostBytes: 6 * 1024 * 1024,
  errors: {
    invalid: ({ message }) => new FunctionError("InvalidParameterValueException", message),
    notJson: (reason) => new FunctionError("InvalidRequestContentException", `Could not parse request body into json: ${reason}`),
    statuses: { ResourceNotFoundException: 404, TooManyRequestsException: 429, RequestTooLargeException: 413 },
  },
  paging: {
    token: "Marker",
    next: "NextMarker",
    limit: "MaxItems",
    most: listedAtOnce,
    cap: listedAtOnce,
    refuse: () => new FunctionError("InvalidParameterValueException", "Invalid marker"),
  },
  outOfScope: "functions belong to the blueprint: a start registers them, and the process is their one host",
  operations: {
    Invoke: wait(Invoke, invoke, {
      jsonBlobs: ["Payload"],
      http: {
        method: "POST",
        path: `${root}/{FunctionName}/invocations`,
        query: { Qualifier: "Qualifier" },
        headers: { "x-amz-invocation-type": "InvocationType", "x-amz-log-type": "LogType" },
        payload: "Payload",
        answer: {
          status: "StatusCode",
          headers: {
            "x-amz-executed-version": "ExecutedVersion",
            "x-amz-function-error": "FunctionError",
            "x-amz-log-result": "LogResult",
          },
          payload: "Payload",
        },
      },
    }),
    ListFunctions: list(
      List,
      (engine, _view, _request, page) => {
        const { items, next } = page.cut(engine.list());
        return { Functions: items, ...next };
      },
      { http: { method: "GET", path: root, query: { Marker: "Marker", MaxItems: "MaxItems" }, numbers: ["MaxItems"] } },
    ),
    GetFunctionConfiguration: read(One, (engine, _view, { FunctionName }) => engine.configuration(FunctionName), {
      http: { method: "GET", path: `${root}/{FunctionName}/configuration` },
    }),
    GetFunction: read(One, (engine, _view, { FunctionName }) => ({ Configuration: engine.configuration(FunctionName), Tags: {} }), {
      http: { method: "GET", path: `${root}/{FunctionName}` },
    }),
    ...absent("functions are made and changed with the blueprint", [
      "CreateFunction",
      "DeleteFunction",
      "UpdateFunctionCode",
      "UpdateFunctionConfiguration",
    ]),
    ...absent("a function is there in one version", [
      "CreateAlias",
      "DeleteAlias",
      "GetAlias",
      "ListAliases",
      "ListVersionsByFunction",
      "PublishVersion",
      "UpdateAlias",
    ]),
    ...absent("rules, queues and streams name their functions in the blueprint", [
      "CreateEventSourceMapping",
      "DeleteEventSourceMapping",
      "GetEventSourceMapping",
      "ListEventSourceMappings",
      "UpdateEventSourceMapping",
    ]),
    ...absent("there is one account", ["AddPermission", "GetPolicy", "RemovePermission"]),
    ...absent("Invoke of type Event came in its place", ["InvokeAsync"]),
    ...absent("an answer comes whole", ["InvokeWithResponseStream"]),
    ...absent("functions share the process", ["DeleteFunctionConcurrency", "GetFunctionConcurrency", "PutFunctionConcurrency"]),
  },
});

async function invoke(
  engine: LambdaEngine,
  { FunctionName, InvocationType, LogType, Payload }: z.infer<typeof Invoke>,
): Promise<JsonObject> {
  engine.configuration(FunctionName);
  if (InvocationType === "DryRun") return { ExecutedVersion: "$LATEST", StatusCode: 204 };
  if (InvocationType === "Event") {
    engine.invoke(FunctionName, Payload).catch((error: unknown) => engine.onError(error, `invocation of ${FunctionName}`));
    return { ExecutedVersion: "$LATEST", StatusCode: 202 };
  }
  const lines: string[] = [];
  const result = await engine.invoke(FunctionName, Payload, LogType === "Tail" ? (line) => void lines.push(line) : undefined);
  const failed = "functionError" in result ? { FunctionError: result.functionError } : {};
  const tail = LogType === "Tail" ? { LogResult: tailOf(lines) } : {};
  return { ExecutedVersion: "$LATEST", ...failed, ...tail, Payload: result.payload, StatusCode: 200 };
}

/** The last 4 KB of a log, in base64. */
function tailOf(lines: readonly string[]): string {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""))
    .subarray(-tailBytes)
    .toString("base64");
}
