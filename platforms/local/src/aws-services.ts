import { publicOperations, type UserPool } from "@serverlesspresso/identity";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Engines } from "./engines.ts";
import type { AwsService } from "./http/aws-calls.ts";

type Execute = (tx: Transaction, operation: string, request: JsonObject) => JsonValue;

/** The engines behind AWS's JSON protocols, by the first part of `X-Amz-Target`. */
export function createAwsServices(
  { store, tables, workflows, bus, queues, logs, metrics, functions }: Engines,
  pool: UserPool,
): Record<string, AwsService> {
  const engine = (execute: Execute, waiting: Readonly<Record<string, (request: JsonObject) => Promise<JsonValue>>> = {}): AwsService => ({
    call(operation, request) {
      const wait = Object.hasOwn(waiting, operation) ? waiting[operation] : undefined;
      return wait === undefined ? store.transact((tx) => execute(tx, operation, request)) : wait(request);
    },
  });
  return {
    AWSCognitoIdentityProviderService: {
      publicOperations,
      call: (operation, request, { address }) => pool.call(operation, request, { sourceAddress: address }),
    },
    DynamoDB_20120810: engine(tables.execute),
    AWSStepFunctions: engine((tx, operation, request) => workflows.execute(tx, operation, request), {
      StartSyncExecution: workflows.startSyncExecution,
      GetActivityTask: workflows.getActivityTask,
    }),
    AWSEvents: engine(bus.execute),
    AmazonSQS: engine(queues.execute, { ReceiveMessage: (request) => queues.receive(request) }),
    Logs_20140328: engine(logs.execute),
    GraniteServiceVersion20100801: engine(metrics.execute),
    AWSLambda: engine(() => ({ Functions: functions.list() }), {
      Invoke: async ({ FunctionName, Payload }) => ({ ...(await functions.invoke(String(FunctionName), Payload ?? {})) }) as JsonValue,
    }),
  };
}
