import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Envelope } from "./envelope.ts";

/** A target of a rule, in EventBridge's own spelling. Members that only a certain kind of target reads (`SqsParameters`) are kept as they came. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  /** Constant JSON text in place of the event. */
  readonly Input?: string;
  /** The part of the event that goes out, e.g. `$.detail`. */
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly [other: string]: JsonValue | undefined;
}

/** A rule as it is stored. It has a pattern, a schedule, or both. */
export interface Rule {
  readonly busName: string;
  readonly name: string;
  readonly eventPattern?: string;
  readonly scheduleExpression?: string;
  readonly isEnabled: boolean;
  readonly description?: string;
  /** Kept and described; nothing is asked of IAM here. */
  readonly roleArn?: string;
  readonly targets: readonly Target[];
}

/** What `putRule` takes: a rule with all of its targets, as a blueprint writes it. */
export interface RuleDefinition {
  readonly busName?: string;
  readonly name: string;
  readonly eventPattern?: string | JsonObject;
  readonly scheduleExpression?: string;
  readonly isEnabled?: boolean;
  readonly description?: string;
  readonly targets?: readonly Target[];
}

/** Delivers to targets of one kind, the service in their ARN: `lambda`, `states`, `sqs`, `logs`, `api-destination`. Throwing or rejecting means: try again later. */
export type TargetInvoker =
  /** Its effect commits together with the delivery: exactly once. */
  | { readonly kind: "transactional"; deliver(tx: Transaction, target: Target, input: JsonValue, envelope: Envelope): void }
  /** Called outside any transaction: at least once. */
  | { readonly kind: "external"; deliver(target: Target, input: JsonValue, envelope: Envelope): Promise<void> };

export type TargetInvokers = Readonly<Record<string, TargetInvoker>>;

/** `lambda` in `arn:aws:lambda:us-east-1:123456789012:function:F`; `api-destination` where an event goes out over HTTP. */
export function serviceOf(arn: string): string {
  const [, , service = "", , , resource = ""] = arn.split(":");
  return service === "events" && resource.startsWith("api-destination/") ? "api-destination" : service;
}

/** What goes to a dead-letter queue: the event as the target would have got it, and AWS's message attributes. */
export interface DeadLetterMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<DeadLetterAttribute, string>>;
}
/** Which event was meant for which target. */
export type DeadLetterAddress = Pick<DeadLetterMessage["attributes"], "RULE_ARN" | "TARGET_ARN" | "EVENT_SEQUENCE">;
/** AWS's, and our own `EVENT_SEQUENCE`: where the event lies in the archive, so that it can be sent again. */
type DeadLetterAttribute =
  | "RULE_ARN"
  | "TARGET_ARN"
  | "ERROR_CODE"
  | "ERROR_MESSAGE"
  | "EXHAUSTED_RETRY_CONDITION"
  | "RETRY_ATTEMPTS"
  | "EVENT_SEQUENCE";
