/**
 * Decides when a failed delivery is retried, and when it is given up.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
import type { Ids } from "@serverlesspresso/ports";
import type { Target } from "./rule.ts";

/** The defaults for a target without its own `RetryPolicy`. */
export interface RetryDefaults {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** The first pause, in milliseconds; each further one is up to twice as long, up to `longestPauseMs`. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** EventBridge's defaults: 185 retries within 24 hours. */
export const awsRetryDefaults: RetryDefaults = {
  maximumRetryAttempts: 185,
  maximumEventAgeSeconds: 86_400,
  firstPauseMs: 1_000,
  longestPauseMs: 480_000,
};

/** Whether a failed delivery is retried and when (`atMs`, milliseconds since the epoch), or why it is given up. */
export type RetryVerdict =
  | { readonly kind: "retry"; readonly atMs: number }
  | { readonly kind: "giveUp"; readonly condition: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | "NonRetryable" };

/** Errors of the services here that a retry cannot fix. Other errors say so with `retryable: false`. */
const hopeless = new Set(["ResourceNotFoundException", "StateMachineDoesNotExist", "QueueDoesNotExist", "AccessDeniedException"]);

/** Returns what happens to a failed delivery. `retries` is the number of retries before this failure. */
export function decideRetry(
  { RetryPolicy = {} }: Pick<Target, "RetryPolicy">,
  defaults: RetryDefaults,
  failure: { readonly error: unknown; readonly retries: number; readonly ingestedMs: number; readonly nowMs: number },
  ids: Pick<Ids, "random">,
): RetryVerdict {
  const { error, retries, ingestedMs, nowMs } = failure;
  if (isHopeless(error)) return { kind: "giveUp", condition: "NonRetryable" };
  if (retries >= (RetryPolicy.MaximumRetryAttempts ?? defaults.maximumRetryAttempts))
    return { kind: "giveUp", condition: "MaximumRetryAttempts" };
  const oldestMs = ingestedMs + (RetryPolicy.MaximumEventAgeInSeconds ?? defaults.maximumEventAgeSeconds) * 1000;
  const pauseMs = Math.min(defaults.longestPauseMs, defaults.firstPauseMs * 2 ** Math.min(retries, 30));
  // Half of the pause is random, so that deliveries that failed together are not retried together.
  const atMs = Math.ceil(nowMs + pauseMs / 2 + (ids.random() * pauseMs) / 2);
  return atMs > oldestMs ? { kind: "giveUp", condition: "MaximumEventAgeInSeconds" } : { kind: "retry", atMs };
}

function isHopeless(error: unknown): boolean {
  const { name, code, retryable } = error as { name?: unknown; code?: unknown; retryable?: unknown };
  // Errors of the services have a `code` equal to their name; a function's own error of that name has no code.
  return retryable === false || (typeof code === "string" && code === name && hopeless.has(code));
}
