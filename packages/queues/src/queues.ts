/** SQS over the store. */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { createAvailability } from "./availability.ts";
import type { QueuesEngine } from "./engine.ts";
import { createLongPoll } from "./long-polling.ts";
import { createMoveTasks } from "./move-tasks.ts";
import { createQueue } from "./operations.ts";
import { listConfigs, queueNameOf } from "./queue-config.ts";
import { createQueueVerbs, type ReceivedMessage, type ReceiveOptions, type SentMessage } from "./queue-verbs.ts";
import type { SendOptions } from "./send-checks.ts";
import { sqs } from "./service.ts";

/** What `createQueues` needs. */
export interface QueuesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  /** What queue URLs begin with; default SQS's own. Queues are found by the last part of a URL, whatever stands before. */
  readonly endpoint?: string;
  readonly onError: (error: unknown, what: string) => void;
}

/** Queues are named by name, URL or ARN throughout. */
export interface Queues extends BoundService {
  /** Makes the queue where missing. @param attributes as SQS names them, e.g. `{VisibilityTimeout: "60"}` */
  createQueue(tx: Transaction, name: string, attributes?: Readonly<Record<string, string>>): void;
  /** Durable with the transaction. @throws {QueueError} `QueueDoesNotExist` */
  sendMessage(tx: Transaction, queue: string, message: SendOptions): SentMessage;
  receiveMessages(tx: Transaction, queue: string, options?: ReceiveOptions): ReceivedMessage[];
  deleteMessage(tx: Transaction, queue: string, receiptHandle: string): void;
  /** What could be received now: how many, up to `limit`, and since when. */
  peek(tx: Transaction, queue: string, limit: number): { readonly count: number; readonly oldestMs?: number };
  /** Calls `fn` when there may be messages to receive. */
  onAvailable(queue: string, fn: () => void): () => void;
  /** Lets go what an earlier process had in flight, and goes on with its move tasks. */
  start(): Promise<void>;
  stop(): void;
}

/** Returns the queues of a store. Nothing that is in flight comes back, and no task runs, before `start`. */
export function createQueues(options: QueuesOptions): Queues {
  const { store, clock, ids, account, region, endpoint = `https://sqs.${region}.amazonaws.com` } = options;
  const availability = createAvailability(clock);
  const verbs = createQueueVerbs(clock, ids, availability);
  const moves = createMoveTasks({ ...options, verbs });
  const stopped = new AbortController();
  const longPoll = createLongPoll({
    store,
    clock,
    availability,
    verbs,
    receive: (tx, request) => service.execute(tx, "ReceiveMessage", request),
    stopped: stopped.signal,
  });
  const engine: QueuesEngine = { clock, account, region, endpoint, verbs, moves, longPoll };
  const service = sqs.on(engine);

  function peek(tx: Transaction, queue: string, limit: number) {
    const name = queueNameOf(queue);
    verbs.release(tx, name, "due");
    const found = verbs.peek(tx, name, limit);
    if (found.count < limit) tx.afterCommit(() => verbs.awaitNext(store, name));
    return found;
  }

  return {
    createQueue: (tx, name, attributes = {}) => createQueue(engine, tx, name, attributes),
    sendMessage: (tx, queue, message) => verbs.send(tx, queueNameOf(queue), message),
    receiveMessages: (tx, queue, receiveOptions) => verbs.receive(tx, queueNameOf(queue), receiveOptions),
    deleteMessage: (tx, queue, receiptHandle) => verbs.remove(tx, queueNameOf(queue), receiptHandle),
    ...service,
    peek,
    onAvailable: (queue, fn) => availability.subscribe(queueNameOf(queue), fn),
    async start() {
      await store.transact((tx) => {
        for (const { name } of listConfigs(tx)) {
          verbs.release(tx, name, "all");
          tx.afterCommit(() => availability.notify(name));
        }
      });
      moves.begin();
    },
    stop() {
      moves.end();
      stopped.abort();
      availability.stop();
    },
  };
}
