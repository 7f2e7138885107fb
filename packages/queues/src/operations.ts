/** SQS's operations by name, on the shapes of its JSON protocol. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { forgetAccepted } from "./deduplication.ts";
import { invalid, QueueError } from "./errors.ts";
import { createMessageOperations } from "./message-operations.ts";
import { readFlying, readWaiting, removeFlying, removeWaiting } from "./message-store.ts";
import { forgetMoveTasks, type MoveTask } from "./move-tasks.ts";
import type { OperationsOptions, Reading, Writing } from "./operation-types.ts";
import {
  allAttributes,
  checkAttributes,
  findConfig,
  getConfig,
  isAttribute,
  isFifo,
  listConfigs,
  putConfig,
  type QueueConfig,
  queueNameOf,
  removeConfig,
} from "./queue-config.ts";
import { checkRedriveAllowPolicy, checkRedrivePolicy, redrivePolicyOf } from "./redrive-policy.ts";
import { parseRequest, requests } from "./requests.ts";

export interface Operations {
  createQueue(tx: Transaction, name: string, attributes: Readonly<Record<string, string>>): void;
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
  /** The names of the operations there are. */
  readonly operations: readonly string[];
}

export function createOperations(options: OperationsOptions): Operations {
  const { clock, account, region, endpoint, moves } = options;
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
    if (isFifo({ name }) !== (attributes.FifoQueue === "true")) {
      throw invalid(
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length; its attribute FifoQueue must be true.",
      );
    }
    checkAllAttributes(tx, name, attributes);
    const before = findConfig(tx, name);
    if (before !== undefined) {
      const now = allAttributes(before);
      const differs = Object.entries(attributes).find(([attribute, value]) => (now[attribute] ?? "") !== value);
      if (differs === undefined) return;
      throw new QueueError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${differs[0]}`,
      );
    }
    const nowMs = clock.nowMs();
    putConfig(tx, { name, attributes, createdMs: nowMs, modifiedMs: nowMs, ...(tags !== undefined && { tags }) });
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
      checkAsked(AttributeNames);
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
      forgetAccepted(tx, name);
      forgetMoveTasks(tx, name);
      removeConfig(tx, name);
      return {};
    },
    SetQueueAttributes(tx, request) {
      const { QueueUrl, Attributes } = parseRequest(requests.setAttributes, request);
      const config = getConfig(tx, queueNameOf(QueueUrl));
      checkAllAttributes(tx, config.name, Attributes);
      putConfig(tx, { ...config, attributes: { ...config.attributes, ...Attributes }, modifiedMs: clock.nowMs() });
      return {};
    },
    PurgeQueue(tx, request) {
      const config = getConfig(tx, queueNameOf(parseRequest(requests.oneQueue, request).QueueUrl));
      const nowMs = clock.nowMs();
      if (config.purgedMs !== undefined && nowMs < config.purgedMs + purgeIntervalMs) {
        throw new QueueError("PurgeQueueInProgress", `Only one PurgeQueue operation on ${config.name} is allowed every 60 seconds.`);
      }
      purge(tx, config.name);
      putConfig(tx, { ...config, purgedMs: nowMs });
      return {};
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
    ...createMessageOperations(options),
  };

  function query(view: ReadView, operation: string, request: JsonObject): JsonObject {
    const read = Object.hasOwn(reading, operation) ? reading[operation] : undefined;
    if (read === undefined) throw new QueueError("UnknownOperationException", `The operation ${operation} is not known.`);
    return read(view, request);
  }

  return {
    createQueue,
    query,
    operations: [...Object.keys(reading), ...Object.keys(writing)],
    execute(tx, operation, request) {
      const write = Object.hasOwn(writing, operation) ? writing[operation] : undefined;
      return write === undefined ? query(tx, operation, request) : write(tx, request);
    },
  };
}

const purgeIntervalMs = 60_000;

function checkAllAttributes(view: ReadView, name: string, attributes: Readonly<Record<string, string>>): void {
  checkAttributes(name, attributes);
  if (attributes.RedrivePolicy !== undefined) checkRedrivePolicy(view, name, attributes.RedrivePolicy);
  if (attributes.RedriveAllowPolicy !== undefined) checkRedriveAllowPolicy(attributes.RedriveAllowPolicy);
}

/** Attributes that are told of a queue beside those it was given. */
const told = [
  "QueueArn",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
];

function checkAsked(names: readonly string[]): void {
  const unknown = names.find((name) => name !== "All" && !told.includes(name) && !isAttribute(name));
  if (unknown !== undefined) throw new QueueError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
}

function purge(tx: Transaction, name: string): void {
  for (const one of readWaiting(tx, name)) removeWaiting(tx, name, one);
  for (const { serial } of readFlying(tx, name)) removeFlying(tx, name, serial);
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}
