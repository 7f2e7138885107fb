/** What a blueprint consists of: plain data. A platform makes it run; it adds nothing of its own to what stands here. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { z } from "zod";

/** A DynamoDB key attribute. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N";
}
/** A global secondary index. */
export interface IndexBlueprint {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  /** What it holds beside the keys of the table and its own. What else changes of an item costs it nothing. */
  readonly attributes: readonly string[];
}
/** A function fed from a table's stream. `filter` is an event pattern over the stream record; the function checks again. */
export interface StreamConsumer {
  readonly function: FunctionName;
  readonly batchSize: number;
  readonly filter?: JsonObject;
}
export interface TableBlueprint {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  readonly indexes: readonly IndexBlueprint[];
  /** Where present, the table has a stream of new and old images. */
  readonly stream?: readonly StreamConsumer[];
  /** Holds the second of the epoch after which an item may go. */
  readonly timeToLiveAttribute?: string;
}

/** The functions of the system, by the names under which `services` hands over their handlers. */
export type FunctionName =
  | "GetCode"
  | "SpendToken"
  | "NewOrder"
  | "WorkflowStarted"
  | "WaitingCompletion"
  | "OrderTimedOut"
  | "OrderFinished"
  | "OrderWorkflowEnded"
  | "SanitizeOrder"
  | "GetOrders"
  | "GetOrder"
  | "GetMyOrders"
  | "GetConfig"
  | "PutStore"
  | "PutConfig"
  | "PutMenu"
  | "ConfigChanged"
  | "EndPause"
  | "GetOrderCount"
  | "PublishAdmin"
  | "PublishUser"
  | "PublishConfig"
  | "MetricsDynamoDB"
  | "MetricsCloudwatch"
  | "EventsLoadTest";
export type ServiceName = "validator" | "order-processor" | "order-manager" | "config" | "counting" | "publisher" | "metrics";
export interface FunctionBlueprint {
  readonly name: FunctionName;
  readonly service: ServiceName;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

export type WorkflowName = "OrderProcessorWorkflow" | "OrderManagerStateMachine";
/** What a `${Name}` in a definition stands for. Tables and the bus go in by name, functions and workflows by ARN. */
export type Reference =
  | { readonly kind: "table"; readonly name: string }
  | { readonly kind: "bus"; readonly name: string }
  | { readonly kind: "function"; readonly name: FunctionName }
  | { readonly kind: "workflow"; readonly name: WorkflowName };
export interface WorkflowBlueprint {
  readonly name: WorkflowName;
  readonly type: "STANDARD" | "EXPRESS";
  /** Relative to the folder `blueprint`. */
  readonly file: string;
  readonly substitutions: Readonly<Record<string, Reference>>;
}

export type TargetBlueprint =
  | { readonly kind: "function"; readonly name: FunctionName }
  /** The whole envelope is the input; the execution's name is what this path finds in it, so that a repeated event starts nothing. */
  | { readonly kind: "workflow"; readonly name: WorkflowName; readonly executionNamePath: string }
  | { readonly kind: "queue"; readonly name: string }
  | { readonly kind: "logGroup"; readonly name: string };
export interface RuleBlueprint {
  readonly name: string;
  /** On the account's own bus, where AWS's services tell of themselves, in place of the blueprint's. */
  readonly bus?: "default";
  readonly description: string;
  readonly eventPattern: JsonObject;
  readonly targets: readonly TargetBlueprint[];
  /** Where what cannot be delivered goes. */
  readonly deadLetterQueue: string;
}

export interface QueueBlueprint {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly deadLetter?: { readonly queue: string; readonly maxReceiveCount: number };
  readonly consumer?: {
    readonly function: FunctionName;
    readonly batchSize: number;
    readonly batchWindowSeconds: number;
    readonly concurrency: number;
  };
}

/** Who may subscribe: group `admin`, the user whose subject stands for `{userId}`, or any client. */
export interface TopicBlueprint {
  readonly name: string;
  readonly subscribers: "admin" | "owner" | "anyone";
}
export interface LogGroupBlueprint {
  readonly name: string;
  readonly retentionDays: number;
}
export interface DashboardBlueprint {
  readonly name: string;
  readonly body: JsonObject;
}
/**
 * A function that is called when the instant (ISO 8601, text) has come that an item holds: never before it; after a stop at once.
 * It may be called more often, and looks for itself whether there is anything to do.
 */
export interface DeadlineBlueprint {
  readonly name: string;
  readonly description: string;
  readonly tableName: string;
  /** In DynamoDB JSON. */
  readonly key: JsonObject;
  readonly attribute: string;
  readonly function: FunctionName;
  /** Where a call goes that failed again and again. */
  readonly deadLetterQueue: string;
}
/** An item put where its key is not taken, in DynamoDB JSON. */
export interface SeedItem {
  readonly tableName: string;
  readonly item: JsonObject;
}

/**
 * How often one caller may use a route: `read` for looking, `act` for changing, `scan` for spending codes, `signIn` for new identities.
 * The figures stand in `rateLimits`.
 */
export type RateLimitClass = "read" | "act" | "scan" | "signIn";
export interface RateLimit {
  readonly class: RateLimitClass;
  /** What counts as one caller. */
  readonly per: "user" | "address";
  readonly burst: number;
  readonly perMinute: number;
}
export interface RouteBlueprint {
  readonly operationId: string;
  readonly summary: string;
  readonly method: "GET" | "PUT" | "POST";
  /** OpenAPI style: `/orders/{id}`. */
  readonly path: string;
  readonly who: "public" | "signedIn" | "admin";
  readonly target: { readonly function: FunctionName } | { readonly workflow: WorkflowName } | { readonly identity: "guestSignIn" };
  readonly rateLimit: RateLimitClass;
  /** Whether it makes a new order. */
  readonly opensOrder?: true;
  readonly pathParameters?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly success: { readonly status: 200 | 201; readonly description: string; readonly schema: z.ZodType };
  /** Slugs of `problemTypes` that it may answer beside those any route may. */
  readonly problems: readonly string[];
}

/** The whole system. */
export interface Blueprint {
  readonly tables: readonly TableBlueprint[];
  readonly functions: readonly FunctionBlueprint[];
  readonly workflows: readonly WorkflowBlueprint[];
  readonly bus: { readonly name: string; readonly source: string };
  readonly rules: readonly RuleBlueprint[];
  readonly deadlines: readonly DeadlineBlueprint[];
  readonly queues: readonly QueueBlueprint[];
  readonly topics: readonly TopicBlueprint[];
  readonly logGroups: readonly LogGroupBlueprint[];
  readonly dashboard: DashboardBlueprint;
  readonly seed: readonly SeedItem[];
  readonly routes: readonly RouteBlueprint[];
  readonly rateLimits: readonly RateLimit[];
}
