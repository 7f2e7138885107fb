/** The shapes of SQS's requests, in its own spelling (JSON protocol 1.0). */
import { requestParser } from "@serverlesspresso/aws-service";
import { z } from "zod";
import { unfit } from "./errors.ts";

const QueueUrl = z.string().min(1);
const Attributes = z.record(z.string(), z.string());
const MessageAttributes = z.record(
  z.string(),
  z.looseObject({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
);
const whole = (least: number, most: number, reason: string) =>
  z.int({ error: reason }).min(least, { error: reason }).max(most, { error: reason });
const fifoId = (name: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, { error: `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.` });
const Message = {
  MessageBody: z.string(),
  DelaySeconds: whole(0, 900, "DelaySeconds must be >= 0 and <= 900.").optional(),
  MessageAttributes: MessageAttributes.optional(),
  MessageSystemAttributes: MessageAttributes.optional(),
  MessageGroupId: fifoId("MessageGroupId").optional(),
  MessageDeduplicationId: fifoId("MessageDeduplicationId").optional(),
};
const Visibility = whole(0, 43_200, "VisibilityTimeout must be an integer between 0 and 43200.");
const nameReason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";
const batch = z.object({ QueueUrl, Entries: z.array(z.looseObject({ Id: z.string() })) });
const handleEntry = z.object({ ReceiptHandle: z.string() });

/** By what they ask for. */
export const requests = {
  createQueue: z.object({
    QueueName: z.string().regex(/^(?:[\w-]{1,80}|[\w-]{1,75}\.fifo)$/, { error: nameReason }),
    Attributes: Attributes.optional(),
    tags: Attributes.optional(),
  }),
  getQueueUrl: z.object({ QueueName: z.string() }),
  listQueues: z.object({
    QueueNamePrefix: z.string().optional(),
    MaxResults: whole(1, 1000, "MaxResults must be between 1 and 1000.").optional(),
    NextToken: z.string().optional(),
  }),
  oneQueue: z.object({ QueueUrl }),
  getAttributes: z.object({ QueueUrl, AttributeNames: z.array(z.string()).optional() }),
  setAttributes: z.object({ QueueUrl, Attributes }),
  send: z.object({ QueueUrl, ...Message }),
  /** A batch; its entries are parsed one by one, since each may fail alone. */
  batch,
  sendEntry: z.object(Message),
  receive: z.object({
    QueueUrl,
    MaxNumberOfMessages: whole(1, 10, "Must be between 1 and 10, if provided.").optional(),
    VisibilityTimeout: Visibility.optional(),
    WaitTimeSeconds: whole(0, 20, "Must be >= 0 and <= 20, if provided.").optional(),
    AttributeNames: z.array(z.string()).optional(),
    MessageSystemAttributeNames: z.array(z.string()).optional(),
    MessageAttributeNames: z.array(z.string()).optional(),
  }),
  remove: z.object({ QueueUrl, ReceiptHandle: z.string() }),
  removeEntry: handleEntry,
  visibility: z.object({ QueueUrl, ReceiptHandle: z.string(), VisibilityTimeout: Visibility }),
  visibilityEntry: handleEntry.extend({ VisibilityTimeout: Visibility }),
  startMove: z.object({
    SourceArn: z.string(),
    DestinationArn: z.string().optional(),
    MaxNumberOfMessagesPerSecond: whole(1, 500, "Must be between 1 and 500, if provided.").optional(),
  }),
  cancelMove: z.object({ TaskHandle: z.string() }),
  listMoves: z.object({ SourceArn: z.string(), MaxResults: whole(1, 10, "Must be between 1 and 10, if provided.").optional() }),
  sources: z.object({ QueueUrl, MaxResults: z.int().optional(), NextToken: z.string().optional() }),
  tag: z.object({ QueueUrl, Tags: Attributes }),
  untag: z.object({ QueueUrl, TagKeys: z.array(z.string()) }),
} as const;

/** @throws {QueueError} `MissingRequiredParameterException` or `InvalidParameterValueException` naming the member */
export const parseRequest = requestParser(unfit);
