/** SQS's operations that send messages. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { Batch, checkBatch, checkBatchBytes, inBatch } from "./batches.ts";
import { type QueuesEngine, write } from "./engine.ts";
import { bytesOfMessage, checkContents, checkMessageAttributes, md5, md5OfAttributes, traceHeaderOf } from "./message-attributes.ts";
import { getConfig, isFifo, queueNameOf } from "./queue-config.ts";
import { parseRequest, QueueUrl, whole } from "./request.ts";
import { deduplicationIdOf, type SendOptions } from "./send-checks.ts";

const MessageAttributes = z.record(
  z.string(),
  z.looseObject({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
);
const fifoId = (name: string) =>
  z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, { error: `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.` });
const SendEntry = z.object({
  MessageBody: z.string(),
  DelaySeconds: whole(0, 900, "DelaySeconds must be >= 0 and <= 900.").optional(),
  MessageAttributes: MessageAttributes.optional(),
  MessageSystemAttributes: MessageAttributes.optional(),
  MessageGroupId: fifoId("MessageGroupId").optional(),
  MessageDeduplicationId: fifoId("MessageDeduplicationId").optional(),
});
const SendMessage = z.object({ QueueUrl, ...SendEntry.shape });
type Sent = z.infer<typeof SendEntry>;

/** Those that send messages. */
export const sendOperations = {
  SendMessage: write(SendMessage, (engine, tx, { QueueUrl, ...message }) => send(engine, tx, queueNameOf(QueueUrl), message), {
    jsonTexts: ["MessageBody"],
    optimized: {},
  }),
  SendMessageBatch: write(Batch, (engine, tx, batch) => {
    checkSendBatch(tx, batch);
    return inBatch(tx, batch, "SendMessageBatch", (name, entry) => send(engine, tx, name, parseRequest(SendEntry, entry)));
  }),
};

function send({ verbs }: QueuesEngine, tx: Transaction, name: string, message: Sent): JsonObject {
  const { MessageBody, MessageAttributes, MessageSystemAttributes } = message;
  checkContents(MessageBody);
  checkMessageAttributes((MessageAttributes ?? {}) as JsonObject);
  const { messageId, sequenceNumber } = verbs.send(tx, name, sendOptionsOf(message));
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(MessageBody),
    ...(hasSome(MessageAttributes) && { MD5OfMessageAttributes: md5OfAttributes(MessageAttributes as JsonObject) }),
    ...(hasSome(MessageSystemAttributes) && { MD5OfMessageSystemAttributes: md5OfAttributes(MessageSystemAttributes as JsonObject) }),
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
  };
}

function checkSendBatch(tx: Transaction, { QueueUrl, Entries }: Batch): void {
  const config = getConfig(tx, queueNameOf(QueueUrl));
  checkBatch(Entries, "SendMessageBatchRequestEntry");
  const messages = Entries.map((entry) => SendEntry.safeParse(entry)).flatMap(({ data }) => (data === undefined ? [] : [data]));
  checkBatchBytes(messages.reduce((sum, each) => sum + bytesOfMessage(each.MessageBody, each.MessageAttributes as JsonObject), 0));
  if (isFifo(config)) for (const message of messages) deduplicationIdOf(config, fifoIdsOf(message));
}

function fifoIdsOf({ MessageBody: body, MessageGroupId, MessageDeduplicationId }: Sent): SendOptions {
  return {
    body,
    ...(MessageGroupId !== undefined && { groupId: MessageGroupId }),
    ...(MessageDeduplicationId !== undefined && { deduplicationId: MessageDeduplicationId }),
  };
}

function sendOptionsOf(message: Sent): SendOptions {
  const { DelaySeconds, MessageAttributes, MessageSystemAttributes = {} } = message;
  const traceHeader = traceHeaderOf(MessageSystemAttributes as JsonObject);
  return {
    ...fifoIdsOf(message),
    ...(DelaySeconds !== undefined && { delaySeconds: DelaySeconds }),
    ...(hasSome(MessageAttributes) && { attributes: MessageAttributes as JsonObject }),
    ...(traceHeader !== undefined && { traceHeader }),
  };
}

const hasSome = (attributes: object | undefined): boolean => attributes !== undefined && Object.keys(attributes).length > 0;
