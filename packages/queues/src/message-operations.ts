/** SQS's operations on messages. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { z } from "zod";
import { checkBatch, checkBatchBytes, doEach, type Entry } from "./batches.ts";
import { arnOf, type QueuesEngine, write } from "./engine.ts";
import { bytesOfMessage, checkContents, checkMessageAttributes, md5, md5OfAttributes, traceHeaderOf } from "./message-attributes.ts";
import { getConfig, isFifo, queueNameOf } from "./queue-config.ts";
import type { ReceivedMessage } from "./queue-verbs.ts";
import { parseRequest, requests } from "./requests.ts";
import type { SendOptions } from "./send-checks.ts";
import { deduplicationIdOf } from "./send-checks.ts";
import { systemAttributesOf } from "./system-attributes.ts";

type Sent = z.infer<typeof requests.sendEntry>;

type Batch = z.infer<typeof requests.batch>;

/** What consumers do without end. */
const consuming = { isStreaming: true } as const;

/** Those that send, receive, hide and delete messages. */
export const messageOperations = {
  SendMessage: write(requests.send, (engine, tx, { QueueUrl, ...message }) => send(engine, tx, queueNameOf(QueueUrl), message), {
    jsonTexts: ["MessageBody"],
  }),
  SendMessageBatch: write(requests.batch, (engine, tx, batch) => {
    checkSendBatch(tx, batch);
    return inBatch(tx, batch, "SendMessageBatch", (name, entry) => send(engine, tx, name, parseRequest(requests.sendEntry, entry)));
  }),
  ReceiveMessage: write(requests.receive, receive, {
    ...consuming,
    wait: (engine, request, { signal }) => engine.longPoll(request, signal),
  }),
  DeleteMessage: write(
    requests.remove,
    ({ verbs }, tx, { QueueUrl, ReceiptHandle }) => {
      verbs.remove(tx, queueNameOf(QueueUrl), ReceiptHandle);
      return {};
    },
    consuming,
  ),
  DeleteMessageBatch: write(
    requests.batch,
    ({ verbs }, tx, batch) =>
      inBatch(tx, batch, "DeleteMessageBatch", (name, entry) => {
        verbs.remove(tx, name, parseRequest(requests.removeEntry, entry).ReceiptHandle);
        return {};
      }),
    consuming,
  ),
  ChangeMessageVisibility: write(
    requests.visibility,
    ({ verbs }, tx, { QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      verbs.changeVisibility(tx, queueNameOf(QueueUrl), ReceiptHandle, VisibilityTimeout);
      return {};
    },
    consuming,
  ),
  ChangeMessageVisibilityBatch: write(
    requests.batch,
    ({ verbs }, tx, batch) =>
      inBatch(tx, batch, "ChangeMessageVisibilityBatch", (name, entry) => {
        const { ReceiptHandle, VisibilityTimeout } = parseRequest(requests.visibilityEntry, entry);
        verbs.changeVisibility(tx, name, ReceiptHandle, VisibilityTimeout);
        return {};
      }),
    consuming,
  ),
};

function receive(engine: QueuesEngine, tx: Transaction, request: z.infer<typeof requests.receive>): JsonObject {
  const { MaxNumberOfMessages: max = 1, VisibilityTimeout, AttributeNames = [], MessageSystemAttributeNames = [] } = request;
  const options = { max, ...(VisibilityTimeout !== undefined && { visibilityTimeoutSeconds: VisibilityTimeout }) };
  const received = engine.verbs.receive(tx, queueNameOf(request.QueueUrl), options);
  const system = [...AttributeNames, ...MessageSystemAttributeNames];
  const Messages = received.map((message) => messageOf(engine, message, system, request.MessageAttributeNames ?? []));
  return Messages.length === 0 ? {} : { Messages };
}

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

function messageOf(engine: QueuesEngine, received: ReceivedMessage, wanted: readonly string[], wantedOwn: readonly string[]): JsonObject {
  const system = Object.entries(systemAttributesOf(received, engine.account, (name) => arnOf(engine, name)));
  const attributes = system.filter(([name]) => wanted.includes("All") || wanted.includes(name));
  const own = Object.entries(received.attributes ?? {}).filter(([name]) => wantedOwn.some((one) => isWanted(name, one)));
  return {
    MessageId: received.messageId,
    ReceiptHandle: received.receiptHandle,
    MD5OfBody: md5(received.body),
    Body: received.body,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(own.length > 0 && {
      MessageAttributes: Object.fromEntries(own),
      MD5OfMessageAttributes: md5OfAttributes(Object.fromEntries(own)),
    }),
  };
}

/** Does a batch's entries, the queue found and the batch checked. */
function inBatch(
  tx: Transaction,
  { QueueUrl, Entries }: Batch,
  operation: string,
  act: (name: string, entry: JsonObject) => JsonObject,
): JsonObject {
  const { name } = getConfig(tx, queueNameOf(QueueUrl));
  checkBatch(Entries, `${operation}RequestEntry`);
  return doEach(tx, Entries as readonly (Entry & JsonObject)[], (entry) => act(name, entry));
}

function checkSendBatch(tx: Transaction, { QueueUrl, Entries }: Batch): void {
  const config = getConfig(tx, queueNameOf(QueueUrl));
  checkBatch(Entries, "SendMessageBatchRequestEntry");
  const messages = Entries.map((entry) => requests.sendEntry.safeParse(entry)).flatMap(({ data }) => (data === undefined ? [] : [data]));
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

/** `All` and `.*` stand for every name, `Prefix.*` for those that begin so. */
function isWanted(name: string, wanted: string): boolean {
  return wanted === "All" || wanted === name || (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2)));
}
