export { QueueError, type QueueErrorCode } from "./errors.ts";
export { type ConsumerRecord, createQueueConsumer, type QueueConsumer, type QueueConsumerOptions } from "./queue-consumer.ts";
export type { ReceivedMessage, ReceiveOptions } from "./queue-verbs.ts";
export { createQueues, type Queues, type QueuesOptions } from "./queues.ts";
export type { SendOptions } from "./send-checks.ts";
