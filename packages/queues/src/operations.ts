/** SQS's operations by name, on the shapes of its JSON protocol. */
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { z } from "zod";
import { QueueError } from "./errors.ts";
import { md5, md5OfAttributes } from "./message-attributes.ts";
import { readFlying, readWaiting, removeFlying, removeWaiting } from "./message-store.ts";
import type { MoveTask, MoveTasks } from "./move-tasks.ts";
import {
  allAttributes,
  checkAttributes,
  findConfig,
  getConfig,
  isFifo,
  listConfigs,
  putConfig,
  type QueueConfig,
  queueNameOf,
  redrivePolicyOf,
  removeConfig,
} from "./queue-config.ts";
import type { QueueVerbs, ReceivedMessage, SendOptions } from "./queue-verbs.ts";
import { checkBatch, parseRequest, requests } from "./requests.ts";

export interface OperationsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly verbs: QueueVerbs;
  readonly moves: MoveTasks;
}
type Reading = Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>>;
type Writing = Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>>;

export interface Operations {
  createQueue(tx: Transaction, name: string, attributes: Readonly<Record<string, string>>): void;
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
}

export function createOperations({ clock, account, region, endpoint, verbs, moves }: OperationsOptions): Operations {
  const urlOf = (name: string): string => `${endpoint}/${account}/${name}`;
  const arnOf = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;

  function countsOf(view: ReadView, name: string): Record<string, string> {
    const nowMs = clock.nowMs();
    const waiting = readWaiting(view, name);
    const visible = waiting.filter(({ atMs }) => atMs <= nowMs).length;
    const flying = readFlying(view, name);
    const due = flying.filter(({ untilMs }) => untilMs <= nowMs).length;
    return {
      ApproximateNumberOfMessages: String(visible + due),
      ApproximateNumberOfMessagesNotVisible: String(flying.length - due),
      ApproximateNumberOfMessagesDelayed: String(waiting.length - visible),
    };
  }

  function attributesOf(view: ReadView, config: QueueConfig): Record<string, string> {
    return {
      QueueArn: arnOf(config.name),
      ...countsOf(view, config.name),
      CreatedTimestamp: seconds(config.createdMs),
      LastModifiedTimestamp: seconds(config.modifiedMs),
      ...allAttributes(config),
    };
  }

  function createQueue(
    tx: Transaction,
    name: string,
    attributes: Readonly<Record<string, string>>,
    tags?: Readonly<Record<string, string>>,
  ): void {
    checkAttributes(attributes);
    if (isFifo({ name }) !== (attributes.FifoQueue === "true")) {
      throw new QueueError(
        "InvalidParameterValueException",
        "The name of a FIFO queue must end with .fifo and its attribute FifoQueue must be true.",
      );
    }
    const before = findConfig(tx, name);
    if (before !== undefined) {
      const now = allAttributes(before);
      const differs = Object.entries(attributes).find(([attribute, value]) => now[attribute] !== value);
      if (differs === undefined) return;
      throw new QueueError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${differs[0]}`,
      );
    }
    const nowMs = clock.nowMs();
    putConfig(tx, { name, attributes, createdMs: nowMs, modifiedMs: nowMs, ...(tags !== undefined && { tags }) });
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

  function send(tx: Transaction, name: string, options: SendOptions): JsonObject {
    const { messageId } = verbs.send(tx, name, options);
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5(options.body),
      ...(options.attributes !== undefined && { MD5OfMessageAttributes: md5OfAttributes(options.attributes) }),
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

  function messageOf(received: ReceivedMessage, wanted: readonly string[], wantedOwn: readonly string[]): JsonObject {
    const system: Record<string, string> = {
      SenderId: account,
      SentTimestamp: String(received.sentMs),
      ApproximateReceiveCount: String(received.receiveCount),
      ApproximateFirstReceiveTimestamp: String(received.firstReceivedMs),
      ...(received.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: arnOf(received.deadLetterSource) }),
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

  function describeMove(task: MoveTask): JsonObject {
    return {
      ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
      Status: task.status,
      SourceArn: arnOf(task.source),
      ...(task.destination !== undefined && { DestinationArn: arnOf(task.destination) }),
      MaxNumberOfMessagesPerSecond: task.perSecond,
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.toMove,
      StartedTimestamp: task.startedMs,
      ...(task.failure !== undefined && { FailureReason: task.failure }),
    };
  }

  const reading: Reading = {
    GetQueueUrl: (view, request) => ({ QueueUrl: urlOf(getConfig(view, parseRequest(requests.getQueueUrl, request).QueueName).name) }),
    ListQueues(view, request) {
      const { QueueNamePrefix = "", MaxResults = 1000, NextToken = "" } = parseRequest(requests.listQueues, request);
      const names = listConfigs(view).map(({ name }) => name);
      const found = names.filter((name) => name.startsWith(QueueNamePrefix) && name > NextToken);
      const shown = found.slice(0, MaxResults);
      return { QueueUrls: shown.map(urlOf), ...(found.length > shown.length && { NextToken: shown.at(-1) as string }) };
    },
    GetQueueAttributes(view, request) {
      const { QueueUrl, AttributeNames = [] } = parseRequest(requests.getAttributes, request);
      const all = Object.entries(attributesOf(view, getConfig(view, queueNameOf(QueueUrl))));
      const wanted = all.filter(([name]) => AttributeNames.includes("All") || AttributeNames.includes(name));
      return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
    },
    ListDeadLetterSourceQueues(view, request) {
      const name = getConfig(view, queueNameOf(parseRequest(requests.sources, request).QueueUrl)).name;
      const sources = listConfigs(view).filter((config) => redrivePolicyOf(config)?.queueName === name);
      return { queueUrls: sources.map((source) => urlOf(source.name)) };
    },
    ListMessageMoveTasks(view, request) {
      const { SourceArn, MaxResults = 1 } = parseRequest(requests.listMoves, request);
      return { Results: moves.list(view, queueNameOf(SourceArn), MaxResults).map(describeMove) };
    },
    ListQueueTags: (view, request) => ({
      Tags: getConfig(view, queueNameOf(parseRequest(requests.oneQueue, request).QueueUrl)).tags ?? {},
    }),
  };

  const writing: Writing = {
    CreateQueue(tx, request) {
      const { QueueName, Attributes = {}, tags } = parseRequest(requests.createQueue, request);
      createQueue(tx, QueueName, Attributes, tags);
      return { QueueUrl: urlOf(QueueName) };
    },
    DeleteQueue(tx, request) {
      const { name } = getConfig(tx, queueNameOf(parseRequest(requests.oneQueue, request).QueueUrl));
      purge(tx, name);
      removeConfig(tx, name);
      return {};
    },
    SetQueueAttributes(tx, request) {
      const { QueueUrl, Attributes } = parseRequest(requests.setAttributes, request);
      checkAttributes(Attributes);
      const config = getConfig(tx, queueNameOf(QueueUrl));
      putConfig(tx, { ...config, attributes: { ...config.attributes, ...Attributes }, modifiedMs: clock.nowMs() });
      return {};
    },
    PurgeQueue(tx, request) {
      purge(tx, getConfig(tx, queueNameOf(parseRequest(requests.oneQueue, request).QueueUrl)).name);
      return {};
    },
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
    StartMessageMoveTask(tx, request) {
      const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond } = parseRequest(requests.startMove, request);
      const { handle } = moves.start(tx, {
        source: queueNameOf(SourceArn),
        ...(DestinationArn !== undefined && { destination: queueNameOf(DestinationArn) }),
        ...(MaxNumberOfMessagesPerSecond !== undefined && { perSecond: MaxNumberOfMessagesPerSecond }),
      });
      return { TaskHandle: handle };
    },
    CancelMessageMoveTask: (tx, request) => ({
      ApproximateNumberOfMessagesMoved: moves.cancel(tx, parseRequest(requests.cancelMove, request).TaskHandle).moved,
    }),
    TagQueue(tx, request) {
      const { QueueUrl, Tags } = parseRequest(requests.tag, request);
      const config = getConfig(tx, queueNameOf(QueueUrl));
      putConfig(tx, { ...config, tags: { ...config.tags, ...Tags } });
      return {};
    },
    UntagQueue(tx, request) {
      const { QueueUrl, TagKeys } = parseRequest(requests.untag, request);
      const config = getConfig(tx, queueNameOf(QueueUrl));
      putConfig(tx, { ...config, tags: Object.fromEntries(Object.entries(config.tags ?? {}).filter(([key]) => !TagKeys.includes(key))) });
      return {};
    },
  };

  function query(view: ReadView, operation: string, request: JsonObject): JsonObject {
    const read = Object.hasOwn(reading, operation) ? reading[operation] : undefined;
    if (read === undefined) throw new QueueError("UnknownOperationException", `The operation ${operation} is not known.`);
    return read(view, request);
  }

  return {
    createQueue,
    query,
    execute(tx, operation, request) {
      const write = Object.hasOwn(writing, operation) ? writing[operation] : undefined;
      return write === undefined ? query(tx, operation, request) : write(tx, request);
    },
  };
}

function purge(tx: Transaction, name: string): void {
  for (const one of readWaiting(tx, name)) removeWaiting(tx, name, one);
  for (const { serial } of readFlying(tx, name)) removeFlying(tx, name, serial);
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}

/** `All` and `.*` stand for every name, `Prefix.*` for those that begin so. */
function isWanted(name: string, wanted: string): boolean {
  return wanted === "All" || wanted === name || (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2)));
}
