/** What a message must be for the queue it is sent to. */
import type { JsonObject } from "@serverlesspresso/ports";
import { contentId } from "./deduplication.ts";
import { invalid, invalidValue, missing } from "./errors.ts";
import { bytesOfMessage } from "./message-attributes.ts";
import { isFifo, numberOf, type QueueConfig } from "./queue-config.ts";

/** A message to be sent. */
export interface SendOptions {
  readonly body: string;
  /** In SQS's shape: `{Name: {DataType, StringValue}}`. */
  readonly attributes?: JsonObject;
  readonly delaySeconds?: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** X-Ray's. */
  readonly traceHeader?: string;
}

/** @throws {QueueError} for a body that is empty, or longer with its attributes than the queue's `MaximumMessageSize` */
export function checkSize(config: QueueConfig, { body, attributes }: SendOptions): void {
  if (body === "") throw missing("MessageBody");
  const most = numberOf(config, "MaximumMessageSize");
  if (bytesOfMessage(body, attributes) > most) {
    throw invalid(`One or more parameters cannot be validated. Reason: Message must be shorter than ${most} bytes.`);
  }
}

/** @throws {QueueError} for what is only for the other kind of queue */
export function checkQueueType(config: QueueConfig, { deduplicationId, delaySeconds = 0 }: SendOptions): void {
  const notHere = "The request include parameter that is not valid for this queue type.";
  if (!isFifo(config) && deduplicationId !== undefined) throw invalidValue(deduplicationId, "MessageDeduplicationId", notHere);
  if (isFifo(config) && delaySeconds > 0) throw invalidValue(delaySeconds, "DelaySeconds", notHere);
}

/** The id by which a FIFO queue knows a message again. @throws {QueueError} without group, or without that id */
export function deduplicationIdOf(config: QueueConfig, { body, groupId, deduplicationId }: SendOptions): string {
  if (groupId === undefined) throw missing("MessageGroupId");
  if (deduplicationId !== undefined) return deduplicationId;
  if (config.attributes.ContentBasedDeduplication === "true") return contentId(body);
  throw invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
}
