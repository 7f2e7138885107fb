/**
 * The verbs on messages, over plain values.
 *
 * Q1. A message received is invisible to others until its visibility timeout is over; then it comes back, with one receive more.
 * Q2. One that was received `maxReceiveCount` times goes to the dead-letter queue instead of being received again, and the next in line is
 *     received in its place. Where that queue is gone, it is received as if there were no policy.
 * Q3. A receipt handle holds for one receive: after the next one it is stale and deletes nothing.
 * Q4. In a FIFO queue, a group with a message in flight gives out no other.
 * Q5. A FIFO queue's messages carry a sequence number; a repeat of one is answered with the first's id and number.
 */
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Availability } from "./availability.ts";
import { type Accepted, findAccepted, rememberAccepted } from "./deduplication.ts";
import { QueueError } from "./errors.ts";
import { createFlights, handleOf, type TakenOff } from "./flights.ts";
import { nextWaitingMs, type Placed, putWaiting, readVisible, removeWaiting, type StoredMessage, visible } from "./message-store.ts";
import { findConfig, getConfig, isFifo, numberOf, type QueueConfig } from "./queue-config.ts";
import { redrivePolicyOf } from "./redrive-policy.ts";
import { checkQueueType, checkSize, deduplicationIdOf, type SendOptions } from "./send-checks.ts";
import { nextSequenceNumber } from "./sequence-numbers.ts";

/** How much to receive, and for how long to hide it. */
export interface ReceiveOptions {
  /** 1 to 10 on AWS; default 1. */
  readonly max?: number;
  readonly visibilityTimeoutSeconds?: number;
}
/** A message as received. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly sentMs: number;
  readonly firstReceivedMs: number;
  readonly receiveCount: number;
  readonly attributes?: JsonObject;
  readonly deadLetterSource?: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  readonly traceHeader?: string;
}
/** What a message was accepted as. */
export interface SentMessage {
  readonly messageId: string;
  /** In a FIFO queue. */
  readonly sequenceNumber?: string;
}

/** The verbs on messages of a queue, by its name (Q1 to Q5). They throw {QueueError}. */
export interface QueueVerbs {
  send(tx: Transaction, queueName: string, message: SendOptions): SentMessage;
  receive(tx: Transaction, queueName: string, options?: ReceiveOptions): ReceivedMessage[];
  remove(tx: Transaction, queueName: string, receiptHandle: string): void;
  changeVisibility(tx: Transaction, queueName: string, receiptHandle: string, seconds: number): void;
  /** Puts a message as it is into another queue. */
  transfer(tx: Transaction, queueName: string, placed: Placed, change: Partial<StoredMessage>): void;
  /** What could be received now: how many, up to `limit`, and since when the first could. */
  peek(view: ReadView, queueName: string, limit: number): { readonly count: number; readonly oldestMs?: number };
  /** Sees to it that those who wait are woken when the next message becomes visible. */
  awaitNext(view: ReadView, queueName: string): void;
  /** What could be received now, first in line first, read as far as it is asked for. */
  candidates(tx: Transaction, queueName: string): Iterable<Placed>;
  /** Lets messages in flight go back to their place in the line: those that are due, or all. */
  release(tx: Transaction, queueName: string, which: "due" | "all"): void;
}

/** Returns the verbs. After a commit they wake who waits, by `availability`. */
export function createQueueVerbs(clock: Clock, ids: Ids, availability: Availability): QueueVerbs {
  const flights = createFlights(clock, availability);

  function send(tx: Transaction, queue: string, options: SendOptions): SentMessage {
    const config = getConfig(tx, queue);
    checkSize(config, options);
    checkQueueType(config, options);
    return isFifo(config) ? sendOnce(tx, config, options) : sentOf(enqueue(tx, config, options));
  }

  function sendOnce(tx: Transaction, config: QueueConfig, options: SendOptions): SentMessage {
    const nowMs = clock.nowMs();
    const deduplicationId = deduplicationIdOf(config, options);
    // A group id has no space.
    const scope = config.attributes.DeduplicationScope === "messageGroup" ? `${options.groupId} ${deduplicationId}` : deduplicationId;
    const earlier = findAccepted(tx, config.name, scope, nowMs);
    if (earlier !== undefined) return sentOf(earlier);
    const accepted = enqueue(tx, config, { ...options, deduplicationId }, nextSequenceNumber(tx, config.name));
    rememberAccepted(tx, config.name, scope, accepted, nowMs);
    return sentOf(accepted);
  }

  function enqueue(tx: Transaction, config: QueueConfig, options: SendOptions, sequence?: string): Accepted {
    const { body, attributes, groupId, deduplicationId, traceHeader, delaySeconds = numberOf(config, "DelaySeconds") } = options;
    const nowMs = clock.nowMs();
    const accepted: Accepted = { id: ids.uuid(), ...(sequence !== undefined && { sequence }) };
    const message: StoredMessage = {
      ...accepted,
      body,
      sentMs: nowMs,
      receives: 0,
      ...(attributes !== undefined && { attributes }),
      ...(groupId !== undefined && { group: groupId }),
      ...(deduplicationId !== undefined && { dedup: deduplicationId }),
      ...(traceHeader !== undefined && { trace: traceHeader }),
    };
    place(tx, config.name, message, nowMs + delaySeconds * 1000);
    return accepted;
  }

  function place(tx: Transaction, queue: string, message: StoredMessage, atMs: number): void {
    putWaiting(tx, queue, { atMs, serial: ids.ulid(), message });
    tx.afterCommit(() => (atMs <= clock.nowMs() ? availability.notify(queue) : availability.expect(queue, atMs)));
  }

  function receive(tx: Transaction, queue: string, { max = 1, visibilityTimeoutSeconds }: ReceiveOptions = {}): ReceivedMessage[] {
    const config = getConfig(tx, queue);
    flights.release(tx, queue, "due");
    const redrive = redrivePolicyOf(config);
    const isRedriven = redrive !== undefined && findConfig(tx, redrive.queueName) !== undefined;
    const untilMs = clock.nowMs() + (visibilityTimeoutSeconds ?? numberOf(config, "VisibilityTimeout")) * 1000;
    const received: ReceivedMessage[] = [];
    for (const one of candidates(tx, config, max)) {
      if (isRedriven && one.message.receives >= redrive.maxReceiveCount) bury(tx, redrive.queueName, one, queue);
      else received.push(receivedOf(flights.takeOff(tx, queue, one, untilMs)));
      if (received.length === max) break;
    }
    return received;
  }

  /** Visible messages in order, those past retention dropped, those of groups that are busy now left out. */
  function* candidates(tx: Transaction, config: QueueConfig, expected: number): Generator<Placed> {
    const nowMs = clock.nowMs();
    const oldestMs = nowMs - numberOf(config, "MessageRetentionPeriod") * 1000;
    const busy = isFifo(config) ? flights.busyGroups(tx, config.name) : new Set();
    for (const one of visible(tx, config.name, nowMs, expected)) {
      if (one.message.sentMs < oldestMs) removeWaiting(tx, config.name, one);
      else if (!isFifo(config) || !busy.has(one.message.group)) yield one;
    }
  }

  /** Into the dead-letter queue; in a standard one a message is as old as it was. */
  function bury(tx: Transaction, deadLetterQueue: string, one: Placed, from: string): void {
    removeWaiting(tx, from, one);
    transfer(tx, deadLetterQueue, one, { from, ...(isFifo({ name: deadLetterQueue }) && { sentMs: clock.nowMs() }) });
  }

  function transfer(tx: Transaction, queue: string, { message }: Placed, change: Partial<StoredMessage>): void {
    const config = getConfig(tx, queue);
    const sequence = isFifo(config) ? { sequence: nextSequenceNumber(tx, queue) } : {};
    place(tx, queue, { ...message, receives: 0, ...sequence, ...change }, clock.nowMs());
  }

  return {
    send,
    receive,
    transfer,
    release: flights.release,
    *candidates(tx, queue) {
      flights.release(tx, queue, "due");
      yield* candidates(tx, getConfig(tx, queue), 10);
    },
    remove(tx, queue, receiptHandle) {
      getConfig(tx, queue);
      const flying = flights.find(tx, queue, receiptHandle);
      if (flying === undefined) return;
      flights.end(tx, queue, flying);
      if (flying.message.group !== undefined) tx.afterCommit(() => availability.notify(queue));
    },
    changeVisibility(tx, queue, receiptHandle, seconds) {
      getConfig(tx, queue);
      const flying = flights.find(tx, queue, receiptHandle);
      if (flying === undefined) {
        throw new QueueError(
          "InvalidParameterValueException",
          `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
        );
      }
      flights.prolong(tx, queue, flying, clock.nowMs() + seconds * 1000);
    },
    peek(view, queue, limit) {
      const found = readVisible(view, queue, clock.nowMs(), limit);
      return { count: found.length, ...(found[0] !== undefined && { oldestMs: found[0].atMs }) };
    },
    awaitNext(view, queue) {
      const waitingMs = nextWaitingMs(view, queue, clock.nowMs());
      if (waitingMs !== undefined) availability.expect(queue, waitingMs);
      const dueMs = flights.nextDueMs(queue);
      if (dueMs !== undefined && Number.isFinite(dueMs)) availability.expect(queue, Math.max(dueMs, clock.nowMs()));
    },
  };
}

function sentOf({ id, sequence }: Accepted): SentMessage {
  return { messageId: id, ...(sequence !== undefined && { sequenceNumber: sequence }) };
}

function receivedOf(flying: TakenOff): ReceivedMessage {
  const { id, body, sentMs, firstMs, receives, attributes, from, group, dedup, sequence, trace } = flying.message;
  return {
    messageId: id,
    receiptHandle: handleOf(flying),
    body,
    sentMs,
    firstReceivedMs: firstMs,
    receiveCount: receives,
    ...(attributes !== undefined && { attributes }),
    ...(from !== undefined && { deadLetterSource: from }),
    ...(group !== undefined && { groupId: group }),
    ...(dedup !== undefined && { deduplicationId: dedup }),
    ...(sequence !== undefined && { sequenceNumber: sequence }),
    ...(trace !== undefined && { traceHeader: trace }),
  };
}
