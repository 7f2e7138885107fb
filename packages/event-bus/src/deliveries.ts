/**
 * Delivers matched events to their targets.
 *
 * V1. A transactional target receives its event in the transaction that put it or, if that delivery fails, in the transaction that removes it
 *     from the record: effect and delivery commit together, exactly once.
 * V2. An external target receives its event at least once: the delivery leaves the record after the target has responded. What responds while
 *     others are being removed is removed together, in the next transaction.
 * V3. A failed delivery is retried with growing pauses. At last it goes to the target's dead-letter queue or is kept as a dead delivery;
 *     none is lost (`failed-deliveries.ts`).
 * V4. Every outstanding delivery is in the store; `start` finds it.
 * V5. One transaction delivers at most `mostInline` events itself, so that rules which feed each other cannot hold it for ever.
 */
import type { JsonValue } from "@serverlesspresso/ports";
import { type Store, StoreError, type Transaction } from "@serverlesspresso/store";
import { deliveryEntry } from "./bus-feed.ts";
import { createLanes, type Lanes } from "./delivery-lanes.ts";
import { addDeliveries, type Delivery, readDeliveries, removeDead, removeDeliveries, removeDelivery } from "./delivery-record.ts";
import { type Envelope, envelopeOf, type StoredEvent } from "./envelope.ts";
import { createSettleFailure, type FailedDeliveriesOptions } from "./failed-deliveries.ts";
import { type Rule, serviceOf, type Target, type TargetInvokers } from "./rule.ts";
import { readEvent } from "./stored-events.ts";
import { inputOf, isWhole } from "./target-input.ts";

/** The store, the targets and the retry policy of the deliveries. `concurrency` is the most deliveries to one target at a time. */
export interface DeliveriesOptions extends FailedDeliveriesOptions {
  readonly store: Store;
  readonly targets: TargetInvokers;
  readonly concurrency: number;
  readonly findRule: (busName: string, name: string) => Rule | undefined;
}

/** Delivers events (V1 to V5). */
export interface Deliveries {
  /**
   * Delivers an event to the targets of the rules it matched, or records the deliveries. `replay` is empty for an event that is not replayed.
   * Returns the marks of targets that read it in the archive.
   */
  dispatch(tx: Transaction, sequence: number, event: StoredEvent, rules: readonly Rule[], replay: string): readonly string[];
  /** Sends an event to one target again and drops its dead delivery. */
  sendAgain(tx: Transaction, sequence: number, busName: string, ruleName: string, targetId: string): void;
  /** Starts to deliver what the store has (V4). */
  start(): void;
  /** Resolves when the deliveries in progress have ended; the others stay in the store. */
  stop(): Promise<void>;
}

/** A delivery to whose target it was made. */
interface Made {
  readonly delivery: Delivery;
  readonly target: Target;
  readonly event: StoredEvent;
}

interface Resolved {
  readonly target: Target;
  readonly envelope: Envelope;
  readonly input: JsonValue;
}

const mostInline = 256;

/** Creates the deliveries; none is made before `start`. */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { store, clock, targets, concurrency, findRule, ruleArn, feed, onError } = options;
  const settleFailure = createSettleFailure(options);
  const inlineCounts = new WeakMap<Transaction, number>();
  /** What is still in its record, though its target has responded. */
  let made: Made[] = [];
  let settling: Promise<void> | undefined;
  let lanes: Lanes | undefined;

  function isInlineTarget(tx: Transaction, delivery: Delivery, target: Target): boolean {
    if (lanes === undefined || targets[serviceOf(target.Arn)]?.kind !== "transactional") return false;
    const count = inlineCounts.get(tx) ?? 0;
    inlineCounts.set(tx, count + 1);
    return count < mostInline && !lanes.isBusy(delivery);
  }

  /** ME1. Returns the mark that takes the place of a delivery; undefined where it is to be made. */
  function markOf(tx: Transaction, { sequence, replay }: Delivery, target: Target, { atMs }: StoredEvent): string | undefined {
    const invoker = targets[serviceOf(target.Arn)];
    if (invoker?.kind !== "transactional" || replay !== "" || !isWhole(target)) return undefined;
    return invoker.mark?.(tx, target, { sequence, atMs });
  }

  /** Records deliveries; their lanes begin once the record is durable. */
  function enqueue(tx: Transaction, deliveries: readonly Delivery[]): void {
    addDeliveries(tx, deliveries);
    if (deliveries.length > 0) {
      tx.afterCommit(() => {
        for (const delivery of deliveries) lanes?.add(delivery);
      });
    }
  }

  function deliverInline(tx: Transaction, delivery: Delivery, rule: Rule, target: Target, event: StoredEvent): void {
    const invoker = targets[serviceOf(target.Arn)];
    if (invoker?.kind !== "transactional") return;
    try {
      const { input, envelope } = resolve(delivery, rule, target, event);
      tx.savepoint(() => invoker.deliver(tx, target, input, envelope));
      tellDelivered(tx, delivery, target, event);
    } catch (error) {
      addDeliveries(tx, [delivery]);
      const next = settleFailure(tx, { delivery, target, event, error });
      if (next !== undefined) tx.afterCommit(() => lanes?.add(next));
    }
  }

  function tellDelivered(tx: Transaction, delivery: Delivery, target: Target, event: StoredEvent): void {
    feed?.deliveries.tell(tx, () => deliveryEntry(delivery, target, event, { status: "delivered" }));
  }

  function resolve(delivery: Delivery, rule: Rule, target: Target, event: StoredEvent): Resolved {
    const envelope = envelopeOf(event, options, delivery.replay === "" ? undefined : delivery.replay);
    const context = { ruleArn: ruleArn(rule.busName, rule.name), ruleName: rule.name, ingestedMs: event.atMs };
    return { target, envelope, input: inputOf(target, envelope, context) };
  }

  async function work(delivery: Delivery): Promise<void> {
    try {
      const rule = findRule(delivery.busName, delivery.ruleName);
      const target = rule?.targets.find(({ Id }) => Id === delivery.targetId);
      const event = readEvent(store, delivery.sequence);
      const failure = await attempt(delivery, rule, target, event).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failure?.error instanceof StoreError && failure.error.code !== "Misuse") throw failure.error;
      if (failure === undefined) return;
      const next = await store.transact((tx) => settleFailure(tx, { delivery, target, event, error: failure.error }));
      if (next !== undefined) lanes?.add(next);
    } catch (error) {
      onError(error, `delivery of event ${delivery.sequence} to ${delivery.ruleName}/${delivery.targetId}`);
    }
  }

  async function attempt(
    delivery: Delivery,
    rule: Rule | undefined,
    target: Target | undefined,
    event: StoredEvent | undefined,
  ): Promise<void> {
    const invoker = target === undefined ? undefined : targets[serviceOf(target.Arn)];
    if (rule === undefined || target === undefined) throw gone(`target ${delivery.targetId} of rule ${delivery.ruleName} is no more`);
    if (event === undefined) throw gone(`event ${delivery.sequence} is no longer in the archive`);
    if (invoker === undefined) throw gone(`nothing delivers to ${target.Arn}`);
    const { input, envelope } = resolve(delivery, rule, target, event);
    if (invoker.kind === "external") {
      await invoker.deliver(target, input, envelope);
      settle({ delivery, target, event });
    } else {
      await store.transact((tx) => {
        if (!removeDelivery(tx, delivery)) return;
        invoker.deliver(tx, target, input, envelope);
        tellDelivered(tx, delivery, target, event);
      });
    }
  }

  /** Removes a delivery from its record (V2). The lane does not wait for it, because the target has responded. */
  function settle(one: Made): void {
    made.push(one);
    settling ??= settleAll();
  }

  async function settleAll(): Promise<void> {
    while (made.length > 0) {
      const batch = made;
      made = [];
      await settleTogether(batch);
    }
    // Here and not once the promise has settled: what is made in between would wait for the next.
    settling = undefined;
  }

  async function settleTogether(batch: readonly Made[]): Promise<void> {
    try {
      await store.transact((tx) => {
        const deliveries = batch.map(({ delivery }) => delivery);
        removeDeliveries(tx, deliveries);
        for (const { delivery, target, event } of batch) tellDelivered(tx, delivery, target, event);
      });
    } catch (error) {
      const [first, ...others] = batch;
      if (others.length === 0) onError(error, `delivery of event ${first?.delivery.sequence}`);
      // A record that cannot be read keeps none of the others.
      else for (const one of batch) await settleTogether([one]);
    }
  }

  return {
    dispatch(tx, sequence, event, rules, replay) {
      const later: Delivery[] = [];
      const marks: string[] = [];
      for (const rule of rules) {
        for (const target of rule.targets) {
          const delivery = { sequence, replay, busName: rule.busName, ruleName: rule.name, targetId: target.Id, failures: 0, dueMs: 0 };
          const mark = markOf(tx, delivery, target, event);
          if (mark !== undefined) {
            marks.push(mark);
            tellDelivered(tx, delivery, target, event);
          } else if (isInlineTarget(tx, delivery, target)) tx.beforeCommit((tx) => deliverInline(tx, delivery, rule, target, event));
          else later.push(delivery);
        }
      }
      // → packages/event-bus/src/delivery-lanes.ts has `work` make them once they are durable.
      enqueue(tx, later);
      return marks;
    },
    sendAgain(tx, sequence, busName, ruleName, targetId) {
      removeDead(tx, { sequence, ruleName, targetId });
      enqueue(tx, [{ sequence, replay: "", busName, ruleName, targetId, failures: 0, dueMs: 0 }]);
    },
    start() {
      if (lanes !== undefined) return;
      lanes = createLanes(clock, concurrency, work);
      for (const delivery of readDeliveries(store)) lanes.add(delivery);
    },
    async stop() {
      const stopping = lanes;
      lanes = undefined;
      await stopping?.stop();
      await settling;
    },
  };
}

function gone(message: string): Error {
  return Object.assign(new Error(message), { name: "ResourceNotFoundException", retryable: false });
}
