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
import { createTaskErrors, type ErrorNames } from "./task-errors.ts";

/** The engines that workflows call. */
export interface IntegratedEngines {
  readonly tables: TablesEngine;
  readonly bus: EventBus;
  readonly queues: Queues;
  readonly workflows: Workflows;
  /** `http:invoke`. */
  readonly httpTask: Integration;
  /** Makes the identifiers of calls that errors tell. */
  readonly requestId: () => string;
}

const optimizedTables: ErrorNames = { prefix: "DynamoDB", optimized: "AmazonDynamoDBv2", unmodelled: "AmazonDynamoDBException" };
const optimizedEvents: ErrorNames = { prefix: "EventBridge", optimized: "AmazonEventBridge", unmodelled: "AmazonEventBridgeException" };

const optimizedQueues = ({ service: { errors } }: Queues): ErrorNames => ({
  prefix: "SQS",
  optimized: "AmazonSQS",
  unmodelled: "AmazonSQSException",
  ...(errors.queryCodes !== undefined && { queryCodes: errors.queryCodes }),
  ...(errors.unmodelled !== undefined && { unmodelledCodes: errors.unmodelled }),
});

const optimizedTableActions = ["getItem", "putItem", "updateItem", "deleteItem"];

/** The registry of the workflow engine. */
export function createIntegrations({ workflows, httpTask, requestId, tables, bus, queues }: IntegratedEngines): Integrations {
  const errors = createTaskErrors(requestId);
  const onTables = (action: string, names: ErrorNames): Integration =>
    errors.transactional(names, (tx, parameters) => tables.execute(tx, upperFirst(action), parameters));
  return {
    ...Object.fromEntries(optimizedTableActions.map((action) => [`dynamodb:${action}`, onTables(action, optimizedTables)])),
    "events:putEvents": errors.transactional(optimizedEvents, (tx, parameters) => putEvents(tx, bus, parameters)),
    "sqs:sendMessage": errors.transactional(optimizedQueues(queues), (tx, parameters) =>
      queues.execute(tx, "SendMessage", withTexts(parameters, "MessageBody")),
    ),
    "http:invoke": httpTask,
    ...workflowIntegrations(workflows, requestId),
  };
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
