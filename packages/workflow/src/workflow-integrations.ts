/** Step Functions called from Step Functions: `aws-sdk:sfn:*` and `states:startExecution`. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { TaskError, WorkflowError } from "./errors.ts";
import type { Integration, Integrations, TaskReference } from "./integration.ts";
import { insider, type Workflows } from "./workflows.ts";

const operations = [
  "DeleteStateMachine",
  "PublishStateMachineVersion",
  "ListStateMachineVersions",
  "DeleteStateMachineVersion",
  "CreateStateMachineAlias",
  "UpdateStateMachineAlias",
  "DescribeStateMachineAlias",
  "ListStateMachineAliases",
  "DeleteStateMachineAlias",
  "TagResource",
  "UntagResource",
  "ListTagsForResource",
  "DescribeStateMachine",
  "DescribeStateMachineForExecution",
  "ListStateMachines",
  "StartExecution",
  "StopExecution",
  "RedriveExecution",
  "DescribeExecution",
  "ListExecutions",
  "GetExecutionHistory",
  "DescribeMapRun",
  "ListMapRuns",
  "UpdateMapRun",
  "SendTaskSuccess",
  "SendTaskFailure",
  "SendTaskHeartbeat",
] as const;

/** The registry's entries for the engine itself. Members are in PascalCase and instants in ISO 8601, as AWS SDK integrations have them. */
export function workflowIntegrations(workflows: Workflows, requestId: () => string): Integrations {
  const asTask = <T>(names: Names, fn: () => T): T => orTaskError(names, requestId, fn);
  const entries: Record<string, Integration> = {};
  for (const operation of operations) {
    entries[`aws-sdk:sfn:${lowerFirst(operation)}`] = {
      kind: "transactional",
      call: (tx, parameters) => asTask(sdk, () => pascal(workflows.execute(tx, operation, camel(parameters)))),
    };
  }
  const outside = (call: (request: JsonObject) => Promise<JsonObject>): Integration => ({
    kind: "external",
    call: (parameters) =>
      call(camel(parameters)).then(pascal, (error) =>
        asTask(sdk, () => {
          throw error;
        }),
      ),
  });
  entries["aws-sdk:sfn:startSyncExecution"] = outside((request) => workflows.wait("StartSyncExecution", request, insider));
  // A second time the same changes nothing, so that these may be done again after a crash.
  for (const operation of ["CreateStateMachine", "UpdateStateMachine"] as const) {
    entries[`aws-sdk:sfn:${lowerFirst(operation)}`] = outside((request) => workflows.wait(operation, request, insider));
  }
  entries["states:startExecution"] = {
    kind: "transactional",
    call: (tx, parameters) => asTask(optimized, () => pascal(workflows.execute(tx, "StartExecution", startOf(parameters)))),
  };
  const child = (parsed: boolean): Integration => ({
    kind: "transactional",
    call: (tx: Transaction, parameters: JsonObject, { reference }: { readonly reference: TaskReference }) =>
      asTask(optimized, () => pascal(workflows.startChild(tx, startOf(parameters), reference, parsed))),
  });
  entries["states:startExecution.sync"] = child(false);
  entries["states:startExecution.sync:2"] = child(true);
  return entries;
}

interface Names {
  /** Before an error's name. */
  readonly prefix: string;
  /** After the message of an error of that code. */
  told(code: string, requestId: string): string;
}
const sdk: Names = {
  prefix: "Sfn",
  told: (_, requestId) => `(Service: Sfn, Status Code: 400, Request ID: ${requestId}) (SDK Attempt Count: 1)`,
};
const optimized: Names = {
  prefix: "StepFunctions",
  told: (code, requestId) => `(Service: AWSStepFunctions; Status Code: 400; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
};

/** A failure as tasks see it, e.g. `Sfn.TaskTimedOutException`. */
function orTaskError<T>({ prefix, told }: Names, requestId: () => string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    const name = error.code.endsWith("Exception") ? error.code : `${error.code}Exception`;
    throw new TaskError(`${prefix}.${name}`, `${error.message} ${told(error.code, requestId())}`);
  }
}

function startOf({ StateMachineArn, Name, Input }: JsonObject): JsonObject {
  const input = typeof Input === "string" ? Input : JSON.stringify(Input ?? {});
  return { stateMachineArn: StateMachineArn ?? "", ...(Name !== undefined && { name: Name }), input };
}

/** Parameters as the wire has them; a value where it has a text becomes that text. */
function camel(parameters: JsonObject): JsonObject {
  const shaped: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const isText = name === "Input" || name === "Output" || name === "Definition";
    shaped[lowerFirst(name)] = isText && typeof value !== "string" ? JSON.stringify(value) : value;
  }
  return shaped;
}

const instants = new Set(["startDate", "stopDate", "creationDate", "updateDate", "redriveDate", "timestamp"]);

function pascal(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(pascal);
  if (typeof value !== "object" || value === null) return value;
  const shaped: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(value as JsonObject)) {
    shaped[upperFirst(name)] = instants.has(name) && typeof member === "number" ? isoOf(member) : pascal(member);
  }
  return shaped;
}

function isoOf(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
