/**
 * Feeds a function from a queue, as Lambda's event source mapping does.
 *
 * O1. A batch goes out when `batchSize` messages wait, or when the first has waited for `windowSeconds`; until then nothing is received,
 *     so a restart in between costs no receive.
 * O2. What the handler names in `batchItemFailures`, and everything where it throws, comes back after the visibility timeout; the rest is deleted.
 * O3. At most `concurrency` batches are handled at once.
 */
import type { Clock, JsonValue, QueueRecord } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { md5 } from "./message-attributes.ts";
import type { ReceivedMessage } from "./queue-verbs.ts";
import type { Queues } from "./queues.ts";
import { systemAttributesOf } from "./system-attributes.ts";

/** A record as Lambda hands it over. */
export interface ConsumerRecord extends QueueRecord {
  readonly receiptHandle: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, LambdaAttribute>>;
  readonly md5OfBody: string;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** A message attribute as Lambda hands it over. */
interface LambdaAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: string;
  readonly stringListValues: readonly string[];
  readonly binaryListValues: readonly string[];
}

/** What a consumer needs, and how it batches. */
export interface QueueConsumerOptions {
  readonly store: Store;
  readonly queues: Queues;
  readonly clock: Clock;
  /** Name or ARN; records name the ARN. */
  readonly queueArn: string;
  /** Default 10. */
  readonly batchSize?: number;
  /** Default 30; 0 hands over at once whatever is there. */
  readonly windowSeconds?: number;
  /** Default 1. */
  readonly concurrency?: number;
  /** Must exceed the time the handler takes; default the queue's own. */
  readonly visibilityTimeoutSeconds?: number;
  readonly handle: (
    records: readonly ConsumerRecord[],
  ) => Promise<{ readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[] } | undefined>;
  readonly onError: (error: unknown, what: string) => void;
}

/** Feeds one function from one queue. */
export interface QueueConsumer {
  start(): void;
  /** Takes no more; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** Returns a consumer that takes nothing until it is started (O1 to O3). */
export function createQueueConsumer(options: QueueConsumerOptions): QueueConsumer {
  const {
    store,
    queues,
    clock,
    queueArn,
    batchSize = 10,
    windowSeconds = 30,
    concurrency = 1,
    visibilityTimeoutSeconds,
    handle,
    onError,
  } = options;
  const underWay = new Set<Promise<void>>();
  let unsubscribe = (): void => {};
  let disarm = (): void => {};
  let isStarted = false;
  /** Messages became available while `concurrency` batches were under way. */
  let isCalled = false;

  function look(): void {
    if (!isStarted) return;
    if (underWay.size >= concurrency) {
      isCalled = true;
      return;
    }
    isCalled = false;
    const done: Promise<void> = work()
      .catch((error: unknown) => {
        onError(error, `consumer of ${queueArn}`);
        return false;
      })
      .then((hadSome) => {
        underWay.delete(done);
        if (hadSome || isCalled) look();
      });
    underWay.add(done);
  }

  async function work(): Promise<boolean> {
    const messages = await store.transact(take);
    if (messages.length === 0) return false;
    // There may be enough for another batch beside this one.
    look();
    const failed = await handleBatch(messages);
    await store.transact((tx) => {
      for (const { messageId, receiptHandle } of messages) if (!failed.has(messageId)) queues.deleteMessage(tx, queueArn, receiptHandle);
    });
    return true;
  }

  /** Takes a batch where one is due; otherwise has itself woken when it will be. */
  function take(tx: Transaction): ReceivedMessage[] {
    const { count, oldestMs } = queues.peek(tx, queueArn, batchSize);
    if (oldestMs === undefined) return [];
    const dueMs = oldestMs + windowSeconds * 1000;
    if (count < batchSize && dueMs > clock.nowMs()) {
      tx.afterCommit(() => wakeAt(dueMs));
      return [];
    }
    return queues.receiveMessages(tx, queueArn, {
      max: batchSize,
      ...(visibilityTimeoutSeconds !== undefined && { visibilityTimeoutSeconds }),
    });
  }

  function wakeAt(atMs: number): void {
    disarm();
    if (isStarted) disarm = clock.at(atMs, look);
  }

  async function handleBatch(messages: readonly ReceivedMessage[]): Promise<ReadonlySet<string>> {
    try {
      const answer = await handle(messages.map((message) => recordOf(message, queueArn)));
      return new Set((answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
    } catch (error) {
      onError(error, `handler of ${queueArn}`);
      return new Set(messages.map(({ messageId }) => messageId));
    }
  }

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      unsubscribe = queues.onAvailable(queueArn, look);
      look();
    },
    async stop() {
      isStarted = false;
      unsubscribe();
      disarm();
      await Promise.allSettled(underWay);
    },
  };
}

function recordOf(message: ReceivedMessage, queueArn: string): ConsumerRecord {
  const [, , , awsRegion = "", account = ""] = queueArn.split(":");
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributesOf(message, account, (name) => `arn:aws:sqs:${awsRegion}:${account}:${name}`),
    messageAttributes: Object.fromEntries(Object.entries(message.attributes ?? {}).map(([name, value]) => [name, lambdaAttribute(value)])),
    md5OfBody: md5(message.body),
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion,
  };
}

function lambdaAttribute(attribute: JsonValue): LambdaAttribute {
  const { DataType, StringValue, BinaryValue } = attribute as { DataType: string; StringValue?: string; BinaryValue?: string };
  return {
    dataType: DataType,
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
  };
}
