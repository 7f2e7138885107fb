/** The shapes of SQS's requests, in its own spelling (JSON protocol 1.0). */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { QueueError } from "./errors.ts";

const QueueUrl = z.string().min(1);
const Attributes = z.record(z.string(), z.string());
const MessageAttributes = z.record(
  z.string(),
  z.looseObject({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
);
const Message = {
  MessageBody: z.string(),
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageAttributes: MessageAttributes.optional(),
  MessageGroupId: z.string().max(128).optional(),
  MessageDeduplicationId: z.string().max(128).optional(),
};
const Visibility = z.int().min(0).max(43_200);
const entries = <T extends z.ZodRawShape>(shape: T) => z.array(z.object({ Id: z.string().regex(/^[\w-]{1,80}$/), ...shape }));

export const requests = {
  createQueue: z.object({
    QueueName: z.string().regex(/^(?:[\w-]{1,80}|[\w-]{1,75}\.fifo)$/),
    Attributes: Attributes.optional(),
    tags: Attributes.optional(),
  }),
  getQueueUrl: z.object({ QueueName: z.string() }),
  listQueues: z.object({
    QueueNamePrefix: z.string().optional(),
    MaxResults: z.int().min(1).max(1000).optional(),
    NextToken: z.string().optional(),
  }),
  oneQueue: z.object({ QueueUrl }),
  getAttributes: z.object({ QueueUrl, AttributeNames: z.array(z.string()).optional() }),
  setAttributes: z.object({ QueueUrl, Attributes }),
  send: z.object({ QueueUrl, ...Message }),
  sendBatch: z.object({ QueueUrl, Entries: entries(Message) }),
  receive: z.object({
    QueueUrl,
    MaxNumberOfMessages: z.int().min(1).max(10).optional(),
    VisibilityTimeout: Visibility.optional(),
    WaitTimeSeconds: z.int().min(0).max(20).optional(),
    AttributeNames: z.array(z.string()).optional(),
    MessageSystemAttributeNames: z.array(z.string()).optional(),
    MessageAttributeNames: z.array(z.string()).optional(),
  }),
  remove: z.object({ QueueUrl, ReceiptHandle: z.string() }),
  removeBatch: z.object({ QueueUrl, Entries: entries({ ReceiptHandle: z.string() }) }),
  visibility: z.object({ QueueUrl, ReceiptHandle: z.string(), VisibilityTimeout: Visibility }),
  visibilityBatch: z.object({ QueueUrl, Entries: entries({ ReceiptHandle: z.string(), VisibilityTimeout: Visibility }) }),
  startMove: z.object({
    SourceArn: z.string(),
    DestinationArn: z.string().optional(),
    MaxNumberOfMessagesPerSecond: z.int().min(1).max(500).optional(),
  }),
  cancelMove: z.object({ TaskHandle: z.string() }),
  listMoves: z.object({ SourceArn: z.string(), MaxResults: z.int().min(1).max(10).optional() }),
  sources: z.object({ QueueUrl, MaxResults: z.int().optional(), NextToken: z.string().optional() }),
  tag: z.object({ QueueUrl, Tags: Attributes }),
  untag: z.object({ QueueUrl, TagKeys: z.array(z.string()) }),
} as const;

/** @throws {QueueError} `MissingRequiredParameterException` or `InvalidParameterValueException` naming the member */
export function parseRequest<S extends z.ZodType>(schema: S, request: JsonObject): z.infer<S> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.map(String).join(".") ?? "";
  const given = issue?.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], request);
  if (given === undefined) throw new QueueError("MissingRequiredParameterException", `The request must contain the parameter ${name}.`);
  throw new QueueError(
    "InvalidParameterValueException",
    `Value ${JSON.stringify(given)} for parameter ${name} is invalid. Reason: ${issue?.message ?? "not understood"}.`,
  );
}

/** @throws {QueueError} where a batch has no entry, more than ten, or two of one id */
export function checkBatch(batch: readonly { readonly Id: string }[]): void {
  if (batch.length === 0)
    throw new QueueError("EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request.");
  if (batch.length > 10) {
    throw new QueueError("TooManyEntriesInBatchRequest", `Maximum number of entries per request are 10. You have sent ${batch.length}.`);
  }
  const ids = batch.map(({ Id }) => Id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new QueueError("BatchEntryIdsNotDistinct", `Id ${repeated} repeated.`);
}
