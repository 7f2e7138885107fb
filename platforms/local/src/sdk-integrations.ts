/**
 * `aws-sdk:*`: every operation of the services that live in the store, by the names of AWS SDK integrations
 * (`aws-sdk:eventbridge:putRule`). Their effects commit with the transition that causes them; functions are called outside of it.
 * Members are in PascalCase, whatever the service's own wire has.
 */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Functions } from "@serverlesspresso/functions";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Integration, Integrations } from "@serverlesspresso/workflow";
import { changeMembers, lowerFirst } from "./member-names.ts";
import { type ErrorNames, sdkErrors, type TaskErrors } from "./task-errors.ts";

interface SdkEngine {
  readonly operations: readonly string[];
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
}

export interface SdkEngines {
  readonly bus: SdkEngine;
  readonly queues: SdkEngine;
  readonly tables: SdkEngine;
  readonly logs: BoundService;
  readonly metrics: BoundService;
  readonly functions: Functions;
}

/** SQS does not name these in its description. */
export const unmodelledOfQueues = ["InvalidParameterValueException", "MissingRequiredParameterException"];

/** The registry's entries. */
export function createSdkIntegrations({ bus, queues, tables, logs, metrics, functions }: SdkEngines, errors: TaskErrors): Integrations {
  const over = (service: string, engine: SdkEngine, names: ErrorNames): Integrations => overEngine(service, engine, names, errors);
  return {
    ...over("dynamodb", tables, sdkErrors("DynamoDb")),
    ...over("eventbridge", bus, sdkErrors("EventBridge")),
    ...over("sqs", queues, sdkErrors("Sqs", unmodelledOfQueues)),
    ...overService(logs, errors),
    ...overService(metrics, errors),
    "aws-sdk:lambda:invoke": invoking(functions, errors),
  };
}

function overEngine(service: string, engine: SdkEngine, names: ErrorNames, errors: TaskErrors): Integrations {
  const entry = (operation: string): Integration =>
    errors.transactional(names, (tx, parameters) => engine.execute(tx, operation, parameters));
  return Object.fromEntries(engine.operations.map((operation) => [`aws-sdk:${service}:${lowerFirst(operation)}`, entry(operation)]));
}

/** What a service in the store answers, by its definition: within the transition, or after it where it waits. */
function overService(engine: BoundService, errors: TaskErrors): Integrations {
  const { sdk, isCamelCase = false, errors: words, operations } = engine.service;
  const names = sdkErrors(sdk.errors, words.unmodelled);
  const requestOf = (parameters: JsonObject): JsonObject => (isCamelCase ? changeMembers(parameters, "toLowerCase") : parameters);
  const answerOf = (answer: JsonObject): JsonObject => (isCamelCase ? changeMembers(answer, "toUpperCase") : answer);

  function integration(name: string): Integration {
    return errors.transactional(names, (tx, parameters) => answerOf(engine.execute(tx, name, requestOf(parameters))));
  }

  const callable = engine.operations.filter((name) => operations[name]?.kind !== "wait" && operations[name]?.fromWorkflows !== "none");
  return Object.fromEntries(callable.map((name) => [`aws-sdk:${sdk.service}:${lowerFirst(name)}`, integration(name)]));
}

/** Lambda's Invoke: what the function answers is a JSON text here, and its failure no failure of the task. */
function invoking(functions: Functions, errors: TaskErrors): Integration {
  return {
    kind: "external",
    async call({ FunctionName, Payload = "{}" }) {
      try {
        const event = typeof Payload === "string" ? (JSON.parse(Payload) as JsonValue) : Payload;
        const answer = await functions.invoke(String(FunctionName), event);
        const failed = "functionError" in answer ? { FunctionError: answer.functionError } : {};
        return { ExecutedVersion: "$LATEST", ...failed, Payload: JSON.stringify(answer.payload), StatusCode: 200 };
      } catch (error) {
        throw errors.of(error, sdkErrors("Lambda"));
      }
    },
  };
}
