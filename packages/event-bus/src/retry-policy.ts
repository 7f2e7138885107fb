/** When a delivery that failed is tried again, and when it is given up. */
import type { Ids } from "@serverlesspresso/ports";
import type { Target } from "./rule.ts";

/** Defaults where a target has no `RetryPolicy` of its own. */
export interface RetryDefaults {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** The first pause; each further one is up to twice as long, up to `longestPauseMs`. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** EventBridge's own: 185 attempts within 24 hours. */
export const awsRetryDefaults: RetryDefaults = {
  maximumRetryAttempts: 185,
  maximumEventAgeSeconds: 86_400,
  firstPauseMs: 1_000,
  longestPauseMs: 480_000,
};

export type RetryVerdict =
  | { readonly kind: "retry"; readonly atMs: number }
  | { readonly kind: "giveUp"; readonly condition: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | "NonRetryable" };

/** Errors of our own engines that no repetition mends. Others may say so themselves with `retryable: false`. */
const hopeless = new Set(["ResourceNotFoundException", "StateMachineDoesNotExist", "QueueDoesNotExist", "AccessDeniedException"]);

/** @param retries how many times it was tried again before this failure */
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
  // Half of the pause is left to chance, so that what failed together does not come back together.
  const atMs = Math.ceil(nowMs + pauseMs / 2 + (ids.random() * pauseMs) / 2);
  return atMs > oldestMs ? { kind: "giveUp", condition: "MaximumEventAgeInSeconds" } : { kind: "retry", atMs };
}

function isHopeless(error: unknown): boolean {
  const { name, code, retryable } = error as { name?: unknown; code?: unknown; retryable?: unknown };
  // Engines' errors carry a code beside their name; a function's own failure of the same name does not.
  return retryable === false || (typeof code === "string" && code === name && hopeless.has(code));
}
