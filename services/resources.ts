/** What a system consists of, as plain data: what services declare, what `blueprint` sums up, what a platform makes run. */
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
  /** What it holds beside the keys of the table and its own. A change of any other attribute costs it nothing. */
  readonly attributes: readonly string[];
}
/** A function fed from a table's stream. `filter` is an event pattern over the stream record; the function checks again. */
export interface StreamConsumer {
  readonly function: string;
  readonly batchSize: number;
  readonly filter?: JsonObject;
}
/** A DynamoDB table. */
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

/** What a rule delivers to. */
export type TargetBlueprint =
  | { readonly kind: "function"; readonly name: string }
  /** The whole envelope is the input; the execution's name is what this path finds in it, so that a repeated event starts nothing. */
  | { readonly kind: "workflow"; readonly name: string; readonly executionNamePath: string }
  | { readonly kind: "queue"; readonly name: string }
  | { readonly kind: "logGroup"; readonly name: string };
/** A rule of an event bus. */
export interface RuleBlueprint {
  readonly name: string;
  /** On the account's own bus, where AWS's services put their events, in place of the blueprint's. */
  readonly bus?: "default";
  readonly description: string;
  readonly eventPattern: JsonObject;
  readonly targets: readonly TargetBlueprint[];
  /** Gets what cannot be delivered. */
  readonly deadLetterQueue: string;
}

/** An SQS queue, and the function that it feeds. */
export interface QueueBlueprint {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly deadLetter?: { readonly queue: string; readonly maxReceiveCount: number };
  readonly consumer?: {
    readonly function: string;
    readonly batchSize: number;
    readonly batchWindowSeconds: number;
    readonly concurrency: number;
  };
}

/** An MQTT topic. Who may subscribe: group `admin`, the user whose subject stands for `{userId}`, or any client. */
export interface TopicBlueprint {
  readonly name: string;
  readonly subscribers: "admin" | "owner" | "anyone";
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
  readonly function: string;
  /** Gets a call that failed again and again. */
  readonly deadLetterQueue: string;
}
/** An item put where its key is not taken, in DynamoDB JSON. */
export interface SeedItem {
  readonly tableName: string;
  readonly item: JsonObject;
}

/**
 * How often one caller may use a route: `read` for looking, `act` for changing, `scan` for spending codes, `signIn` for new identities,
 * `pairing` for screens that wait to be paired.
 * The figures stand in `blueprint/rate-limits.ts`.
 */
export type RateLimitClass = "read" | "act" | "scan" | "signIn" | "pairing";
/** The schemas that a request is checked against before its function runs. */
export interface RouteSchemas {
  readonly pathParameters?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}
/** A route of the HTTP API. */
export interface RouteBlueprint extends RouteSchemas {
  readonly operationId: string;
  readonly summary: string;
  readonly method: "GET" | "PUT" | "POST";
  /** OpenAPI style: `/orders/{id}`. */
  readonly path: string;
  readonly who: "public" | "signedIn" | "admin" | "operator";
  /** Whether its function takes a device's secret, which stands where others have an access token. */
  readonly bearer?: "deviceSecret";
  readonly target: { readonly function: string } | { readonly workflow: string };
  readonly rateLimit: RateLimitClass;
  /** Whether it makes a new order. */
  readonly opensOrder?: true;
  readonly success: { readonly status: 200 | 201; readonly description: string; readonly schema: z.ZodType };
  /** What it answers with 202 while that is still to come. */
  readonly pending?: { readonly description: string; readonly schema: z.ZodType };
  /** Slugs of `problemTypes` that it may answer beside those any route may. */
  readonly problems: readonly string[];
}
