/** Reads the AWS calls of the states of a workflow from its definition. Pure. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** A call of one state. `resource` is as the definition has it: a `${Name}` or an ARN; undefined if the input has it. */
export interface WorkflowCall {
  readonly state: string;
  /** The name of the action in IAM. */
  readonly action: string;
  readonly kind: "table" | "bus" | "function" | "workflow" | "token";
  readonly resource: string | undefined;
}

/**
 * Returns every call, in the order of the states.
 * @throws {RangeError} for an unknown integration, because its rights are not known
 */
export function workflowCalls(definition: JsonObject): WorkflowCall[] {
  return tasksOf(definition).flatMap(({ state, resource, parameters }) => {
    const [, service, ...rest] = /^arn:[\w-]+:states:::(aws-sdk:)?(\w+):(\w+)/.exec(resource)?.slice(0) ?? [];
    const [name, action] = rest as [string, string];
    const key = `${name ?? ""}:${action ?? ""}`;
    const read = readers[key];
    if (read === undefined || (service === undefined && name === "sfn")) {
      throw new RangeError(`state "${state}": no rights are known for "${resource}"`);
    }
    return read(parameters).map((call) => ({ state, ...call }));
  });
}

/** Returns true if a state passes on a task token. */
export function handsOutTokens(definition: JsonObject): boolean {
  return tasksOf(definition).some(({ resource }) => resource.endsWith(".waitForTaskToken"));
}

interface TaskState {
  readonly state: string;
  readonly resource: string;
  readonly parameters: JsonObject;
}
type Read = (parameters: JsonObject) => Omit<WorkflowCall, "state">[];

const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const asText = (value: JsonValue | undefined): string | undefined => (typeof value === "string" ? value : undefined);
const entriesOf = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);

const onTable =
  (action: string): Read =>
  ({ TableName }) => [{ action: `dynamodb:${upperFirst(action)}`, kind: "table", resource: asText(TableName) }];
const onToken =
  (action: string): Read =>
  () => [{ action: `states:${upperFirst(action)}`, kind: "token", resource: undefined }];

/** The IAM actions of `Update`, `Put`, `Delete` and `ConditionCheck` in a transaction; each needs its own right. */
const transaction: Read = ({ TransactItems }) =>
  entriesOf(TransactItems).flatMap((item) =>
    Object.entries(item).map(([verb, request]) => ({
      action: `dynamodb:${verb}Item`,
      kind: "table" as const,
      resource: asText((request as JsonObject).TableName),
    })),
  );

const readers: Readonly<Record<string, Read>> = {
  ...Object.fromEntries(
    ["getItem", "putItem", "updateItem", "deleteItem", "query"].map((action) => [`dynamodb:${action}`, onTable(action)]),
  ),
  "dynamodb:transactWriteItems": transaction,
  "events:putEvents": ({ Entries }) =>
    entriesOf(Entries).map(({ EventBusName }) => ({ action: "events:PutEvents", kind: "bus", resource: asText(EventBusName) })),
  "lambda:invoke": ({ FunctionName }) => [{ action: "lambda:InvokeFunction", kind: "function", resource: asText(FunctionName) }],
  "sfn:listExecutions": ({ StateMachineArn }) => [{ action: "states:ListExecutions", kind: "workflow", resource: asText(StateMachineArn) }],
  "sfn:sendTaskSuccess": onToken("sendTaskSuccess"),
  "sfn:sendTaskFailure": onToken("sendTaskFailure"),
};

function tasksOf(definition: JsonObject): TaskState[] {
  return Object.entries((definition.States ?? {}) as Record<string, JsonObject>).flatMap(([state, body]) => {
    const inner = [...entriesOf(body.Branches), ...[body.Iterator, body.ItemProcessor].filter((one) => one !== undefined)] as JsonObject[];
    const nested = inner.flatMap(tasksOf);
    if (body.Type !== "Task") return nested;
    return [{ state, resource: String(body.Resource), parameters: (body.Parameters ?? body.Arguments ?? {}) as JsonObject }, ...nested];
  });
}
