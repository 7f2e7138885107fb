/** SQS's operations on messages. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { z } from "zod";
import { QueueError } from "./errors.ts";
import { md5, md5OfAttributes } from "./message-attributes.ts";
import type { OperationsOptions, Writing } from "./operation-types.ts";
import { getConfig, queueNameOf } from "./queue-config.ts";
import type { ReceivedMessage, SendOptions } from "./queue-verbs.ts";
import { checkBatch, parseRequest, requests } from "./requests.ts";

export function createMessageOperations({ account, region, verbs }: OperationsOptions): Writing {
  function send(tx: Transaction, name: string, options: SendOptions): JsonObject {
    const { messageId } = verbs.send(tx, name, options);
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5(options.body),
      ...(options.attributes !== undefined && { MD5OfMessageAttributes: md5OfAttributes(options.attributes) }),
    };
  }

  function messageOf(received: ReceivedMessage, wanted: readonly string[], wantedOwn: readonly string[]): JsonObject {
    const system: Record<string, string> = {
      SenderId: account,
      SentTimestamp: String(received.sentMs),
      ApproximateReceiveCount: String(received.receiveCount),
      ApproximateFirstReceiveTimestamp: String(received.firstReceivedMs),
      ...(received.deadLetterSource !== undefined && {
        DeadLetterQueueSourceArn: `arn:aws:sqs:${region}:${account}:${received.deadLetterSource}`,
      }),
      ...(received.groupId !== undefined && { MessageGroupId: received.groupId }),
    };
    const attributes = Object.entries(system).filter(([name]) => wanted.includes("All") || wanted.includes(name));
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

  return {
    SendMessage(tx, request) {
      const parsed = parseRequest(requests.send, request);
      return send(tx, queueNameOf(parsed.QueueUrl), sendOptionsOf(parsed));
    },
    SendMessageBatch(tx, request) {
      const { QueueUrl, Entries } = parseRequest(requests.sendBatch, request);
      const { name } = getConfig(tx, queueNameOf(QueueUrl));
      return batch(tx, Entries, (entry) => send(tx, name, sendOptionsOf(entry)));
    },
    ReceiveMessage(tx, request) {
      const parsed = parseRequest(requests.receive, request);
      const { MaxNumberOfMessages: max = 1, VisibilityTimeout, AttributeNames = [], MessageSystemAttributeNames = [] } = parsed;
      const options = { max, ...(VisibilityTimeout !== undefined && { visibilityTimeoutSeconds: VisibilityTimeout }) };
      const received = verbs.receive(tx, queueNameOf(parsed.QueueUrl), options);
      const system = [...AttributeNames, ...MessageSystemAttributeNames];
      const Messages = received.map((message) => messageOf(message, system, parsed.MessageAttributeNames ?? []));
      return Messages.length === 0 ? {} : { Messages };
    },
    DeleteMessage(tx, request) {
      const { QueueUrl, ReceiptHandle } = parseRequest(requests.remove, request);
      verbs.remove(tx, queueNameOf(QueueUrl), ReceiptHandle);
      return {};
    },
    DeleteMessageBatch(tx, request) {
      const { QueueUrl, Entries } = parseRequest(requests.removeBatch, request);
      const { name } = getConfig(tx, queueNameOf(QueueUrl));
      return batch(tx, Entries, ({ ReceiptHandle }) => verbs.remove(tx, name, ReceiptHandle));
    },
    ChangeMessageVisibility(tx, request) {
      const { QueueUrl, ReceiptHandle, VisibilityTimeout } = parseRequest(requests.visibility, request);
      verbs.changeVisibility(tx, queueNameOf(QueueUrl), ReceiptHandle, VisibilityTimeout);
      return {};
    },
    ChangeMessageVisibilityBatch(tx, request) {
      const { QueueUrl, Entries } = parseRequest(requests.visibilityBatch, request);
      const { name } = getConfig(tx, queueNameOf(QueueUrl));
      return batch(tx, Entries, (entry) => verbs.changeVisibility(tx, name, entry.ReceiptHandle, entry.VisibilityTimeout));
    },
  };
}

function sendOptionsOf(entry: z.infer<(typeof requests)["sendBatch"]>["Entries"][number] | z.infer<typeof requests.send>): SendOptions {
  const { MessageBody: body, DelaySeconds, MessageAttributes, MessageGroupId, MessageDeduplicationId } = entry;
  return {
    body,
    ...(DelaySeconds !== undefined && { delaySeconds: DelaySeconds }),
    ...(MessageAttributes !== undefined && { attributes: MessageAttributes as JsonObject }),
    ...(MessageGroupId !== undefined && { groupId: MessageGroupId }),
    ...(MessageDeduplicationId !== undefined && { deduplicationId: MessageDeduplicationId }),
  };
}

/** Does each entry on its own: a wrong one fails alone. */
function batch<E extends { readonly Id: string }>(tx: Transaction, entries: readonly E[], act: (entry: E) => unknown): JsonObject {
  checkBatch(entries);
  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...(tx.savepoint(() => act(entry)) as JsonObject | undefined) });
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

/** `All` and `.*` stand for every name, `Prefix.*` for those that begin so. */
function isWanted(name: string, wanted: string): boolean {
  return wanted === "All" || wanted === name || (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2)));
}
