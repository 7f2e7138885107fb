/**
 * What stacks and Lambda code agree upon.
 *
 * F1. A function's entry is `functions/FILE` beside this file; it exports `handler`, and is bundled alone. Its name in Lambda is `name`.
 * F2. `calls` is everything it asks of AWS. Its role allows that and nothing else; code that asks for more is refused by AWS.
 *     Tables and the bus are known by the blueprint's fixed names, the platform's own table by `platformTable`.
 * F3. `environment` are the variables it reads beside those all have: `POWERTOOLS_SERVICE_NAME` (the service), `POWERTOOLS_METRICS_NAMESPACE`,
 *     `LOG_LEVEL`, and Lambda's own (`AWS_REGION`).
 * F4. What fails: an HTTP function answers a problem; any other throws, and AWS repeats the call and at last keeps the event.
 */
import { blueprint, type FunctionName, type ServiceName, type WorkflowName } from "@serverlesspresso/blueprint";
import { names } from "@serverlesspresso/contract";
import { platformTable } from "./platform-table.ts";

/** What DynamoDB's authorization calls the operations of the port. `ConditionCheckItem` is `conditionCheck` of a transaction. */
export type TableAction = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "ConditionCheckItem" | "Query";
export type UserPoolAction =
  | "AdminCreateUser"
  | "AdminSetUserPassword"
  | "AdminInitiateAuth"
  | "AdminAddUserToGroup"
  | "AdminGetUser"
  | "AdminDeleteUser";

/** One right. */
export type FunctionGrant =
  | { readonly kind: "table"; readonly table: string; readonly actions: readonly TableAction[]; readonly index?: string }
  /** `events:PutEvents` on the blueprint's bus. */
  | { readonly kind: "events" }
  /** `iot:Publish` on this topic; `{userId}` stands for any user. */
  | { readonly kind: "topic"; readonly topic: string }
  /** `cloudwatch:PutMetricData` in the blueprint's namespace. */
  | { readonly kind: "metrics" }
  | { readonly kind: "startExecution"; readonly workflow: WorkflowName }
  | { readonly kind: "userPool"; readonly actions: readonly UserPoolAction[] };

/** The functions that AWS needs beside the blueprint's. */
export type PlatformFunctionName =
  /** Route `signInAsGuest`: makes a user for a name and signs it in. */
  | "SignInAsGuest"
  /** `POST /pairings`, `GET /pairings/current`, `POST /pairings/{code}`, as on the local platform. */
  | "StartPairing"
  | "PollPairing"
  | "ConfirmPairing"
  /** IoT Core's custom authorizer: from an access token, or none, to a policy for its own topics. */
  | "AuthorizeTopics"
  /** Target of each rule that starts a workflow under a name: EventBridge itself cannot name executions. Input: the event's envelope. */
  | "StartOrderProcessor";

/** Variables that the stacks set from what they made. */
export type EnvironmentName =
  | "USER_POOL_ID"
  | "USER_POOL_CLIENT_ID"
  /** ARN of `OrderProcessorWorkflow`. */
  | "ORDER_PROCESSOR_ARN"
  /** `on` or `off`: whether a name is enough to order. */
  | "GUEST_SIGN_IN";

export interface RuntimeFunction {
  readonly name: FunctionName | PlatformFunctionName;
  readonly service: ServiceName | "platform";
  readonly description: string;
  /** In `functions/`. */
  readonly entry: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: readonly EnvironmentName[];
  readonly calls: readonly FunctionGrant[];
}

export { platformTable } from "./platform-table.ts";

const table = (name: string, ...actions: readonly TableAction[]): FunctionGrant => ({ kind: "table", table: name, actions });
const index = (name: string, of: string): FunctionGrant => ({ kind: "table", table: name, actions: ["Query"], index: of });
const topic = (name: string): FunctionGrant => ({ kind: "topic", topic: name });
const userTopics = topic(`${names.userTopicPrefix}{userId}`);
const events: FunctionGrant = { kind: "events" };
/** What is under way, then what came of it; what failed is forgotten. The earlier answer comes with the refused condition. */
const idempotency = table(platformTable, "PutItem", "UpdateItem", "DeleteItem");
const { configTable, countingTable, orderTable, validatorTable, metricsTable } = names;

/** What each function of the blueprint calls. */
const blueprintCalls: Readonly<Record<FunctionName, readonly FunctionGrant[]>> = {
  GetCode: [table(configTable, "GetItem"), table(validatorTable, "GetItem", "PutItem", "UpdateItem")],
  SpendToken: [
    table(configTable, "GetItem"),
    table(validatorTable, "GetItem", "UpdateItem"),
    table(orderTable, "GetItem", "PutItem"),
    idempotency,
  ],
  NewOrder: [table(validatorTable, "GetItem"), events],
  WorkflowStarted: [table(orderTable, "GetItem", "PutItem", "UpdateItem")],
  WaitingCompletion: [table(orderTable, "GetItem", "PutItem", "UpdateItem"), events],
  OrderTimedOut: [table(orderTable, "GetItem", "UpdateItem"), table(validatorTable, "UpdateItem"), topic(names.adminTopic), userTopics],
  OrderFinished: [table(orderTable, "GetItem", "UpdateItem"), table(validatorTable, "UpdateItem"), events],
  OrderWorkflowEnded: [table(orderTable, "GetItem", "UpdateItem"), table(validatorTable, "UpdateItem"), events],
  SanitizeOrder: [],
  GetOrders: [table(orderTable, "Query"), index(orderTable, names.ordersByState)],
  GetOrder: [table(orderTable, "GetItem")],
  GetMyOrders: [index(orderTable, names.ordersByUser)],
  GetConfig: [table(configTable, "GetItem")],
  PutStore: [table(configTable, "GetItem", "UpdateItem"), idempotency],
  PutConfig: [table(configTable, "GetItem", "UpdateItem"), idempotency],
  PutMenu: [table(configTable, "GetItem", "PutItem"), idempotency],
  ConfigChanged: [events],
  EndPause: [table(configTable, "GetItem", "UpdateItem")],
  GetOrderCount: [table(countingTable, "GetItem")],
  PublishAdmin: [topic(names.adminTopic)],
  PublishUser: [userTopics],
  PublishConfig: [topic(names.configTopic)],
  MetricsDynamoDB: [table(configTable, "GetItem"), table(metricsTable, "PutItem", "UpdateItem")],
  MetricsCloudwatch: [{ kind: "metrics" }, idempotency],
  EventsLoadTest: [events],
};

/** Variables that functions of the blueprint read. */
const blueprintEnvironment: Partial<Record<FunctionName, readonly EnvironmentName[]>> = {};

const small = { memoryMb: 256, timeoutSeconds: 10 } as const;

/** Beside the blueprint's. */
const platformFunctions: readonly RuntimeFunction[] = [
  {
    name: "SignInAsGuest",
    service: "platform",
    description: "signs a guest in by the name on the cup",
    entry: "sign-in-as-guest.ts",
    ...small,
    environment: ["USER_POOL_ID", "USER_POOL_CLIENT_ID", "GUEST_SIGN_IN"],
    calls: [{ kind: "userPool", actions: ["AdminCreateUser", "AdminSetUserPassword"] }],
  },
  {
    name: "StartPairing",
    service: "platform",
    description: "gives a display or tablet a code to show",
    entry: "start-pairing.ts",
    ...small,
    environment: [],
    calls: [table(platformTable, "PutItem")],
  },
  {
    name: "PollPairing",
    service: "platform",
    description: "gives a device its tokens once its code is confirmed",
    entry: "poll-pairing.ts",
    ...small,
    environment: ["USER_POOL_ID", "USER_POOL_CLIENT_ID"],
    calls: [
      table(platformTable, "GetItem", "UpdateItem"),
      { kind: "userPool", actions: ["AdminCreateUser", "AdminSetUserPassword", "AdminAddUserToGroup"] },
    ],
  },
  {
    name: "ConfirmPairing",
    service: "platform",
    description: "lets a device in whose code an operator confirms",
    entry: "confirm-pairing.ts",
    ...small,
    environment: [],
    calls: [table(platformTable, "GetItem", "UpdateItem")],
  },
  {
    name: "AuthorizeTopics",
    service: "platform",
    description: "says which topics the bearer of an access token may listen to",
    entry: "authorize-topics.ts",
    ...small,
    environment: ["USER_POOL_ID", "USER_POOL_CLIENT_ID"],
    calls: [],
  },
  {
    name: "StartOrderProcessor",
    service: "platform",
    description: "starts the order processor's workflow under the order's id",
    entry: "start-order-processor.ts",
    ...small,
    environment: ["ORDER_PROCESSOR_ARN"],
    calls: [{ kind: "startExecution", workflow: "OrderProcessorWorkflow" }],
  },
];

/** `GetOrderCount` → `get-order-count.ts`; `MetricsDynamoDB` → `metrics-dynamodb.ts`. */
function entryOf(name: string): string {
  return `${name
    .replace("DynamoDB", "Dynamodb")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-")
    .toLowerCase()}.ts`;
}

/** Every function that runs in Lambda. */
export const runtimeFunctions: readonly RuntimeFunction[] = [
  ...blueprint.functions.map((fn) => ({
    ...fn,
    entry: entryOf(fn.name),
    environment: blueprintEnvironment[fn.name] ?? [],
    calls: blueprintCalls[fn.name],
  })),
  ...platformFunctions,
];
