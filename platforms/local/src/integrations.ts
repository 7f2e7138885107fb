/**
 * What Task states call beside functions: every integration whose effect lies in the store is transactional, so it commits
 * with the transition that causes it. Errors are named as Step Functions names them: optimized integrations after the
 * service (`DynamoDB.ConditionalCheckFailedException`), SDK integrations after the SDK's client (`DynamoDb.…`, `Sfn.…`).
 */
import type { EventBus } from "@serverlesspresso/event-bus";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Queues } from "@serverlesspresso/queues";
import type { Transaction } from "@serverlesspresso/store";
import type { TablesEngine } from "@serverlesspresso/tables";
import { type Integration, type Integrations, TaskError, type Workflows, workflowIntegrations } from "@serverlesspresso/workflow";

export interface IntegratedEngines {
  readonly tables: TablesEngine;
  readonly bus: EventBus;
  readonly queues: Queues;
  readonly workflows: Workflows;
  /** `http:invoke`. */
  readonly httpTask: Integration;
}

/** Names of a service's errors. `unmodelled` stands for those that the service's API description does not name. */
interface ErrorNames {
  readonly prefix: string;
  readonly service: string;
  readonly unmodelled: string;
}

const optimizedTables: ErrorNames = { prefix: "DynamoDB", service: "AmazonDynamoDBv2", unmodelled: "AmazonDynamoDBException" };
const sdkTables: ErrorNames = { prefix: "DynamoDb", service: "DynamoDb", unmodelled: "DynamoDbException" };
const optimizedQueues: ErrorNames = { prefix: "SQS", service: "AmazonSQS", unmodelled: "AmazonSQSException" };
const sdkQueues: ErrorNames = { prefix: "Sqs", service: "Sqs", unmodelled: "SqsException" };
const optimizedEvents: ErrorNames = { prefix: "EventBridge", service: "AmazonEventBridge", unmodelled: "AmazonEventBridgeException" };

const optimizedTableActions = ["getItem", "putItem", "updateItem", "deleteItem"];
const sdkTableActions = [
  ...optimizedTableActions,
  "batchGetItem",
  "batchWriteItem",
  "describeTable",
  "listTables",
  "query",
  "scan",
  "transactGetItems",
  "transactWriteItems",
];

/** The registry of the workflow engine. */
export function createIntegrations({ tables, bus, queues, workflows, httpTask }: IntegratedEngines): Integrations {
  const onTables = (action: string, names: ErrorNames): Integration =>
    transactional(names, (tx, parameters) => tables.execute(tx, upperFirst(action), parameters));
  const onQueues = (names: ErrorNames): Integration =>
    transactional(names, (tx, parameters) => queues.execute(tx, "SendMessage", withTexts(parameters, "MessageBody")));
  return {
    ...Object.fromEntries(optimizedTableActions.map((action) => [`dynamodb:${action}`, onTables(action, optimizedTables)])),
    ...Object.fromEntries(sdkTableActions.map((action) => [`aws-sdk:dynamodb:${action}`, onTables(action, sdkTables)])),
    "events:putEvents": transactional(optimizedEvents, (tx, parameters) => putEvents(tx, bus, parameters)),
    "sqs:sendMessage": onQueues(optimizedQueues),
    "aws-sdk:sqs:sendMessage": onQueues(sdkQueues),
    "http:invoke": httpTask,
    ...workflowIntegrations(workflows),
  };
}

function transactional(names: ErrorNames, call: (tx: Transaction, parameters: JsonObject) => JsonObject): Integration {
  return {
    kind: "transactional",
    call(tx, parameters) {
      try {
        return call(tx, parameters);
      } catch (error) {
        throw taskErrorOf(error, names);
      }
    },
  };
}

/** An engine's error as the task's; whatever has no AWS code is a fault of ours and goes on as it is. */
function taskErrorOf(error: unknown, { prefix, service, unmodelled }: ErrorNames): unknown {
  if (!(error instanceof Error) || typeof (error as { code?: unknown }).code !== "string") return error;
  const { code } = error as Error & { code: string };
  const isModelled = code.endsWith("Exception") && code !== "ValidationException";
  const cause = `${error.message} (Service: ${service}; Status Code: 400; Error Code: ${code})`;
  return new TaskError(`${prefix}.${isModelled ? code : unmodelled}`, cause);
}

/** All entries or none: one that is refused fails the task, as on AWS, and here takes the others back. */
function putEvents(tx: Transaction, bus: EventBus, parameters: JsonObject): JsonObject {
  const entries = ((parameters.Entries as readonly JsonObject[] | undefined) ?? []).map((entry) => withTexts(entry, "Detail"));
  const answer = tx.savepoint(() => {
    const answer = bus.putEvents(tx, { ...parameters, Entries: entries });
    if (answer.FailedEntryCount !== 0) throw new TaskError("EventBridge.FailedEntry", JSON.stringify(answer));
    return answer;
  });
  return answer;
}

/** A definition may write a value where the API wants its JSON text. */
function withTexts(parameters: JsonObject, member: string): JsonObject {
  const value: JsonValue | undefined = parameters[member];
  return value === undefined || typeof value === "string" ? parameters : { ...parameters, [member]: JSON.stringify(value) };
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
