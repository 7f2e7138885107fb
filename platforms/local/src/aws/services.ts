/** What answers AWS's calls: the engines in this process, each under AWS's own name for it. */
import { type AwsCaller, type BoundService, callOperation } from "@serverlesspresso/aws-service";
import { publicOperations, type UserPool } from "@serverlesspresso/identity";
import type { JsonObject, JsonValue, Topics } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { checkingOperations } from "@serverlesspresso/workflow";
import type { Engines } from "../engines.ts";
import { place } from "../place.ts";
import { AwsFailure } from "./failure.ts";
import { createLambdaService } from "./lambda.ts";
import type { AwsService, AwsServices } from "./service.ts";
import { createTestState } from "./test-state.ts";

const kib = 1024;
const mib = 1024 * kib;

type Waiting = Readonly<Record<string, (request: JsonObject, caller: AwsCaller) => Promise<JsonObject>>>;
interface Engine {
  readonly operations: readonly string[];
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
}

export interface AwsServicesOptions {
  readonly engines: Engines;
  readonly pool: UserPool;
  readonly topics: Topics;
  readonly onError: (error: unknown, what: string) => void;
}

export function createAwsServices({ engines, pool, topics, onError }: AwsServicesOptions): AwsServices {
  const { store, tables, workflows, bus, queues, logs, metrics } = engines;
  const over = (engine: Engine, waiting: Waiting = {}): Pick<AwsService, "operations" | "call"> => overEngine(store, engine, waiting);
  return {
    AWSCognitoIdentityProviderService: {
      signingNames: ["cognito-idp"],
      mostBytes: 256 * kib,
      operations: pool.operations,
      publicOperations,
      call: (operation, request, { address }) => pool.call(operation, request, { sourceAddress: address }),
    },
    DynamoDBStreams_20120810: { signingNames: ["dynamodb"], mostBytes: 64 * kib, ...over(tables.streams) },
    DynamoDB_20120810: { signingNames: ["dynamodb"], mostBytes: 16 * mib, ...over(tables) },
    AWSStepFunctions: {
      signingNames: ["states"],
      // A definition may have 1 MiB; within JSON it is longer.
      mostBytes: 4 * mib,
      ...over(workflows, {
        StartSyncExecution: workflows.startSyncExecution,
        GetActivityTask: workflows.getActivityTask,
        TestState: createTestState(engines),
        ...Object.fromEntries(checkingOperations.map((name) => [name, (request: JsonObject) => workflows.check(name, request)])),
      }),
    },
    AWSEvents: { signingNames: ["events"], mostBytes: 2 * mib, ...over(bus) },
    AmazonSQS: {
      signingNames: ["sqs"],
      // A message may have 1 MiB; within JSON it is longer.
      mostBytes: 4 * mib,
      ...withOwnUrls(over(queues, { ReceiveMessage: (request, { signal }) => queues.receive(request, signal) })),
    },
    ...served(store, logs),
    ...served(store, metrics),
    AWSLambda: { signingNames: ["lambda"], mostBytes: 6 * mib, ...createLambdaService(engines.functions, onError) },
    IotData: { signingNames: ["iotdata", "iotdevicegateway"], mostBytes: 128 * kib, ...publishing(topics) },
    STS: { signingNames: ["sts"], mostBytes: 64 * kib, ...callerIdentity },
  };
}

/** A service as its definition says. */
function served(store: Store, engine: BoundService): AwsServices {
  const { target, signingNames, mostBytes, operations } = engine.service;
  const isPublic = (name: string): boolean => operations[name]?.isPublic === true;
  return {
    [target]: {
      signingNames,
      mostBytes,
      operations: engine.operations,
      publicOperations: new Set(engine.operations.filter(isPublic)),
      call: (operation, request, caller) => callOperation(store, engine, operation, request, caller),
    },
  };
}

/** An engine's operations, each in a transaction of its own; those of `waiting` take their time. */
function overEngine(store: Store, engine: Engine, waiting: Waiting): Pick<AwsService, "operations" | "call"> {
  return {
    operations: [...new Set([...engine.operations, ...Object.keys(waiting)])],
    call(operation, request, caller) {
      const wait = Object.hasOwn(waiting, operation) ? waiting[operation] : undefined;
      return wait === undefined ? store.transact((tx) => engine.execute(tx, operation, request)) : wait(request, caller);
    },
  };
}

/** Queue URLs lead to this server, under the name by which it was called. */
function withOwnUrls({ operations, call }: Pick<AwsService, "operations" | "call">): Pick<AwsService, "operations" | "call"> {
  const own = (url: JsonValue, origin: string): JsonValue => (typeof url === "string" ? url.replace(/^https?:\/\/[^/]+/, origin) : url);
  return {
    operations,
    async call(operation, request, caller) {
      const answer = await call(operation, request, caller);
      const members = Object.entries(answer).map(([name, value]): [string, JsonValue] => {
        if (name === "QueueUrl") return [name, own(value, caller.origin)];
        if (/^queueUrls$/i.test(name) && Array.isArray(value)) return [name, value.map((url: JsonValue) => own(url, caller.origin))];
        return [name, value];
      });
      return Object.fromEntries(members);
    },
  };
}

/** IoT's data plane. @see https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html */
function publishing(topics: Topics): Pick<AwsService, "operations" | "call"> {
  return {
    operations: ["Publish"],
    async call(_operation, { topic = "", payload = null }) {
      const isTopic = typeof topic === "string" && /^[^#+\u0000$][^#+\u0000]*$/.test(topic) && Buffer.byteLength(topic) <= 256;
      if (!isTopic || topic.split("/").length > 8)
        throw new AwsFailure(400, "InvalidRequestException", "The topic is not one to publish to");
      await topics.publish(topic, payload);
      return {};
    },
  };
}

const callerIdentity: Pick<AwsService, "operations" | "call"> = {
  operations: ["GetCallerIdentity"],
  call: async () => ({ Arn: `arn:aws:iam::${place.account}:user/operator`, UserId: "AIDAOPERATOR", Account: place.account }),
};
