import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { Envelope } from "./envelope.ts";

/**
 * A target of a rule, in EventBridge's spelling. Members for one kind of target (`SqsParameters`) are stored unchanged.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
 */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  /** JSON text that the target receives in place of the event. */
  readonly Input?: string;
  /** The part of the event that the target receives, for example `$.detail`. */
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
  /** Stored and returned only; IAM is not consulted. */
  readonly roleArn?: string;
  readonly targets: readonly Target[];
}

/** The argument of `putRule`: a rule with all of its targets, as a blueprint writes it. */
export interface RuleDefinition {
  readonly busName?: string;
  readonly name: string;
  readonly eventPattern?: string | JsonObject;
  readonly scheduleExpression?: string;
  readonly isEnabled?: boolean;
  readonly description?: string;
  readonly targets?: readonly Target[];
}

/** Delivers to targets of one kind, the service in their ARN: `lambda`, `states`, `sqs`, `logs`, `api-destination`. If it throws or rejects, the delivery is retried. */
export type TargetInvoker =
  /** Its effect commits together with the delivery: exactly once. */
  | {
      readonly kind: "transactional";
      deliver(tx: Transaction, target: Target, input: JsonValue, envelope: Envelope): void;
      /** Returns the mark by which the target reads an event in the archive, in place of a delivery (event-bus.ME1); undefined for one to be delivered. */
      mark?(tx: Transaction, target: Target, place: { readonly sequence: number; readonly atMs: number }): string | undefined;
    }
  /** Called outside a transaction: at least once. */
  | { readonly kind: "external"; deliver(target: Target, input: JsonValue, envelope: Envelope): Promise<void> };

/** The invokers by service. */
export type TargetInvokers = Readonly<Record<string, TargetInvoker>>;

/** Returns the service of an ARN: `lambda` for `arn:aws:lambda:us-east-1:123456789012:function:F`, and `api-destination` for an API destination. */
export function serviceOf(arn: string): string {
  const [, , service = "", , , resource = ""] = arn.split(":");
  return service === "events" && resource.startsWith("api-destination/") ? "api-destination" : service;
}

/**
 * The message in a dead-letter queue: the input of the target, and AWS's message attributes.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export interface DeadLetterMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<DeadLetterAttribute, string>>;
}
/** Identifies the event and the target of a dead letter. */
export type DeadLetterAddress = Pick<DeadLetterMessage["attributes"], "RULE_ARN" | "TARGET_ARN" | "EVENT_SEQUENCE">;
/** AWS's attributes, and `EVENT_SEQUENCE` of this package: the event's place in the archive, so that it can be sent again. */
type DeadLetterAttribute =
  | "RULE_ARN"
  | "TARGET_ARN"
  | "ERROR_CODE"
  | "ERROR_MESSAGE"
  | "EXHAUSTED_RETRY_CONDITION"
  | "RETRY_ATTEMPTS"
  | "EVENT_SEQUENCE";
