/** SQS's operations that receive, hide and delete messages. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { Batch, inBatch } from "./batches.ts";
import { arnOf, type QueuesEngine, write } from "./engine.ts";
import { md5, md5OfAttributes } from "./message-attributes.ts";
import { queueNameOf } from "./queue-config.ts";
import type { ReceivedMessage } from "./queue-verbs.ts";
import { AttributeNames, parseRequest, QueueUrl, whole } from "./request.ts";
import { systemAttributesOf } from "./system-attributes.ts";

const VisibilityTimeout = whole(0, 43_200, "VisibilityTimeout must be an integer between 0 and 43200.");
const names = (queryName: string) => z.array(z.string()).optional().meta({ queryName });
const ReceiveMessage = z.object({
  QueueUrl,
  MaxNumberOfMessages: whole(1, 10, "Must be between 1 and 10, if provided.").optional(),
  VisibilityTimeout: VisibilityTimeout.optional(),
  WaitTimeSeconds: whole(0, 20, "Must be >= 0 and <= 20, if provided.").optional(),
  AttributeNames,
  MessageSystemAttributeNames: names("MessageSystemAttributeName"),
  MessageAttributeNames: names("MessageAttributeName"),
});
const DeleteEntry = z.object({ ReceiptHandle: z.string() });
const DeleteMessage = z.object({ QueueUrl, ...DeleteEntry.shape });
const VisibilityEntry = z.object({ ReceiptHandle: z.string(), VisibilityTimeout });
const ChangeMessageVisibility = z.object({ QueueUrl, ...VisibilityEntry.shape });

/** What consumers do without end. */
const consuming = { isStreaming: true } as const;

/** Those that receive, hide and delete messages. */
export const receiveOperations = {
  ReceiveMessage: write(ReceiveMessage, receive, {
    ...consuming,
    async wait({ longPoll }, request, { signal }) {
      const { QueueUrl, WaitTimeSeconds: waitSeconds } = parseRequest(ReceiveMessage, request);
      return longPoll(request, { queueName: queueNameOf(QueueUrl), waitSeconds }, signal);
    },
  }),
  DeleteMessage: write(
    DeleteMessage,
    ({ verbs }, tx, { QueueUrl, ReceiptHandle }) => {
      verbs.remove(tx, queueNameOf(QueueUrl), ReceiptHandle);
      return {};
    },
    consuming,
  ),
  DeleteMessageBatch: write(
    Batch,
    ({ verbs }, tx, batch) =>
      inBatch(tx, batch, "DeleteMessageBatch", (name, entry) => {
        verbs.remove(tx, name, parseRequest(DeleteEntry, entry).ReceiptHandle);
        return {};
      }),
    consuming,
  ),
  ChangeMessageVisibility: write(
    ChangeMessageVisibility,
    ({ verbs }, tx, { QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
      verbs.changeVisibility(tx, queueNameOf(QueueUrl), ReceiptHandle, VisibilityTimeout);
      return {};
    },
    consuming,
  ),
  ChangeMessageVisibilityBatch: write(
    Batch,
    ({ verbs }, tx, batch) =>
      inBatch(tx, batch, "ChangeMessageVisibilityBatch", (name, entry) => {
        const { ReceiptHandle, VisibilityTimeout } = parseRequest(VisibilityEntry, entry);
        verbs.changeVisibility(tx, name, ReceiptHandle, VisibilityTimeout);
        return {};
      }),
    consuming,
  ),
};

function receive(engine: QueuesEngine, tx: Transaction, request: z.infer<typeof ReceiveMessage>): JsonObject {
  const { MaxNumberOfMessages: max = 1, VisibilityTimeout, AttributeNames = [], MessageSystemAttributeNames = [] } = request;
  const options = { max, ...(VisibilityTimeout !== undefined && { visibilityTimeoutSeconds: VisibilityTimeout }) };
  const received = engine.verbs.receive(tx, queueNameOf(request.QueueUrl), options);
  const system = [...AttributeNames, ...MessageSystemAttributeNames];
  const Messages = received.map((message) => messageOf(engine, message, system, request.MessageAttributeNames ?? []));
  return Messages.length === 0 ? {} : { Messages };
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

/** `All` and `.*` stand for every name, `Prefix.*` for those that begin so. */
function isWanted(name: string, wanted: string): boolean {
  return wanted === "All" || wanted === name || (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2)));
}
