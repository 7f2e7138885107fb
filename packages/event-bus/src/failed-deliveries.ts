/**
 * What becomes of a delivery that failed.
 *
 * FD1. It is retried after a pause that grows, as its target's policy says; the record holds it meanwhile.
 * FD2. At last it goes to the target's dead-letter queue, or is kept as a dead delivery if it has no queue or the queue refuses it.
 * FD3. Either commits in the transaction that changes the record: none is lost, and none is both retried and given up.
 */
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { type BusFeed, type DeliveryEntry, deliveryEntry } from "./bus-feed.ts";
import { addDead, type Delivery, postponeDelivery, removeDelivery } from "./delivery-record.ts";
import { envelopeOf, type Place, type StoredEvent } from "./envelope.ts";
import { decideRetry, type RetryDefaults } from "./retry-policy.ts";
import type { DeadLetterMessage, Target } from "./rule.ts";

/** The retry policy without one of the target's own, and the way to dead-letter queues. */
export interface FailedDeliveriesOptions extends Place {
  readonly clock: Clock;
  readonly ids: Pick<Ids, "random">;
  readonly retry: RetryDefaults;
  readonly deadLetter: ((tx: Transaction, queueArn: string, message: DeadLetterMessage) => void) | undefined;
  readonly ruleArn: (busName: string, name: string) => string;
  readonly feed?: Pick<BusFeed, "deliveries">;
  readonly onError: (error: unknown, what: string) => void;
}

/** A delivery that failed, and what it was of: its target or event may be gone. */
export interface FailedDelivery {
  readonly delivery: Delivery;
  readonly target: Target | undefined;
  readonly event: StoredEvent | undefined;
  readonly error: unknown;
}

/** Postpones a delivery in the record, or gives it up. Returns it with the time of its next attempt, or undefined. */
export type SettleFailure = (tx: Transaction, failed: FailedDelivery) => Delivery | undefined;

/** Returns the function that settles failures. */
export function createSettleFailure(options: FailedDeliveriesOptions): SettleFailure {
  const { clock, ids, retry, deadLetter, ruleArn, feed: { deliveries } = {}, onError } = options;

  function tell(tx: Transaction, { delivery, target, event }: FailedDelivery, outcome: DeliveryEntry["outcome"]): void {
    deliveries?.tell(tx, () => deliveryEntry(delivery, target, event, outcome));
  }

  /** Returns the ARN of the dead-letter queue that took it; undefined where it is kept as a dead delivery. */
  function giveUp(tx: Transaction, { delivery, target, event, error }: FailedDelivery, condition: string): string | undefined {
    const { sequence, replay, busName, ruleName, targetId, failures } = delivery;
    const { code, message } = describe(error);
    const queueArn = target?.DeadLetterConfig?.Arn;
    const keep = (): void =>
      addDead(tx, {
        sequence,
        replay,
        busName,
        ruleName,
        targetId,
        errorCode: code,
        errorMessage: message,
        condition,
        retries: failures,
        atMs: clock.nowMs(),
      });
    if (queueArn === undefined || deadLetter === undefined || target === undefined || event === undefined) {
      keep();
      return undefined;
    }
    const attributes = {
      RULE_ARN: ruleArn(busName, ruleName),
      TARGET_ARN: target.Arn,
      ERROR_CODE: code,
      ERROR_MESSAGE: message,
      EXHAUSTED_RETRY_CONDITION: condition,
      RETRY_ATTEMPTS: String(failures),
      EVENT_SEQUENCE: String(sequence),
    };
    const body = JSON.stringify(envelopeOf(event, options, replay === "" ? undefined : replay));
    try {
      tx.savepoint(() => deadLetter(tx, queueArn, { body, attributes }));
      return queueArn;
    } catch (queueError) {
      onError(queueError, `dead-letter queue ${queueArn}`);
      keep();
      return undefined;
    }
  }

  return (tx, failed) => {
    const { delivery, target, event, error } = failed;
    const nowMs = clock.nowMs();
    const verdict = decideRetry(target ?? {}, retry, { error, retries: delivery.failures, ingestedMs: event?.atMs ?? nowMs, nowMs }, ids);
    if (verdict.kind === "retry") {
      const next: Delivery = { ...delivery, failures: delivery.failures + 1, dueMs: verdict.atMs };
      if (!postponeDelivery(tx, next)) return undefined;
      tell(tx, failed, { status: "failed", error: describe(error).message, nextAttemptMs: next.dueMs });
      return next;
    }
    if (!removeDelivery(tx, delivery)) return undefined;
    const deadLetterArn = giveUp(tx, failed, verdict.condition);
    tell(tx, failed, { status: "givenUp", error: describe(error).message, deadLetterArn });
    return undefined;
  };
}

function describe(error: unknown): { code: string; message: string } {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { code: name, message: message.slice(0, 1024) };
}
