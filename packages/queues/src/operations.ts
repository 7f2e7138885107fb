/** SQS's operations on queues. */
import { absent } from "@serverlesspresso/aws-service";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { forgetAccepted } from "./deduplication.ts";
import { arnOf, list, type QueuesEngine, read, write } from "./engine.ts";
import { invalid, QueueError } from "./errors.ts";
import { countWaiting, readFlying, readWaiting, removeFlying, removeWaiting } from "./message-store.ts";
import { forgetMoveTasks } from "./move-tasks.ts";
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
import { AttributeNames, QueueUrl, Texts, whole } from "./request.ts";

const ByQueue = z.object({ QueueUrl });
const GetQueueUrl = z.object({ QueueName: z.string() });
const page = {
  MaxResults: whole(1, 1000, "MaxResults must be between 1 and 1000.").optional(),
  NextToken: z.string().optional(),
};
const ListQueues = z.object({ QueueNamePrefix: z.string().optional(), ...page });
const ListDeadLetterSourceQueues = z.object({ QueueUrl, ...page });
const nameReason = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";
const CreateQueue = z.object({
  QueueName: z.string().regex(/^(?:[\w-]{1,80}|[\w-]{1,75}\.fifo)$/, { error: nameReason }),
  Attributes: Texts.optional(),
  tags: Texts.optional(),
});
const GetQueueAttributes = z.object({ QueueUrl, AttributeNames });
const SetQueueAttributes = z.object({ QueueUrl, Attributes: Texts });
const TagQueue = z.object({ QueueUrl, Tags: Texts });
const UntagQueue = z.object({ QueueUrl, TagKeys: z.array(z.string()).meta({ queryName: "TagKey" }) });

/** Those that list, make, change and delete queues. */
export const queueOperations = {
  GetQueueUrl: read(GetQueueUrl, (engine, view, { QueueName }) => ({ QueueUrl: urlOf(engine, getConfig(view, QueueName).name) })),
  ListQueues: list(ListQueues, (engine, view, { QueueNamePrefix = "" }, page) => {
    const after = page.after(z.string()) ?? "";
    const names = listConfigs(view).map(({ name }) => name);
    const found = names.filter((name) => name.startsWith(QueueNamePrefix) && name > after);
    const shown = found.slice(0, page.limit);
    return { QueueUrls: shown.map((name) => urlOf(engine, name)), ...page.next(found.length > shown.length ? shown.at(-1) : undefined) };
  }),
  GetQueueAttributes: read(GetQueueAttributes, (engine, view, { QueueUrl, AttributeNames = [] }) => {
    checkAsked(AttributeNames);
    const isWanted = (name: string): boolean => AttributeNames.includes("All") || AttributeNames.includes(name);
    const found = attributesOf(engine, view, getConfig(view, queueNameOf(QueueUrl)), counted.some(isWanted));
    const wanted = Object.entries(found).filter(([name]) => isWanted(name));
    return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
  }),
  ListDeadLetterSourceQueues: list(ListDeadLetterSourceQueues, (engine, view, { QueueUrl }, page) => {
    const { name } = getConfig(view, queueNameOf(QueueUrl));
    const { items, next } = page.cut(listConfigs(view).filter((config) => redrivePolicyOf(config)?.queueName === name));
    return { queueUrls: items.map((source) => urlOf(engine, source.name)), ...next };
  }),
  ListQueueTags: read(ByQueue, (_engine, view, { QueueUrl }) => ({ Tags: getConfig(view, queueNameOf(QueueUrl)).tags ?? {} })),
  CreateQueue: write(CreateQueue, (engine, tx, { QueueName, Attributes = {}, tags }) => {
    createQueue(engine, tx, QueueName, Attributes, tags);
    return { QueueUrl: urlOf(engine, QueueName) };
  }),
  DeleteQueue: write(ByQueue, (_engine, tx, { QueueUrl }) => {
    const { name } = getConfig(tx, queueNameOf(QueueUrl));
    purge(tx, name);
    forgetAccepted(tx, name);
    forgetMoveTasks(tx, name);
    removeConfig(tx, name);
    return {};
  }),
  SetQueueAttributes: write(SetQueueAttributes, ({ clock }, tx, { QueueUrl, Attributes }) => {
    const config = getConfig(tx, queueNameOf(QueueUrl));
    checkAllAttributes(tx, config.name, Attributes);
    putConfig(tx, { ...config, attributes: { ...config.attributes, ...Attributes }, modifiedMs: clock.nowMs() });
    return {};
  }),
  PurgeQueue: write(ByQueue, ({ clock }, tx, { QueueUrl }) => {
    const config = getConfig(tx, queueNameOf(QueueUrl));
    const nowMs = clock.nowMs();
    if (config.purgedMs !== undefined && nowMs < config.purgedMs + purgeIntervalMs) {
      throw new QueueError("PurgeQueueInProgress", `Only one PurgeQueue operation on ${config.name} is allowed every 60 seconds.`);
    }
    purge(tx, config.name);
    putConfig(tx, { ...config, purgedMs: nowMs });
    return {};
  }),
  TagQueue: write(TagQueue, (_engine, tx, { QueueUrl, Tags }) => {
    const config = getConfig(tx, queueNameOf(QueueUrl));
    putConfig(tx, { ...config, tags: { ...config.tags, ...Tags } });
    return {};
  }),
  UntagQueue: write(UntagQueue, (_engine, tx, { QueueUrl, TagKeys }) => {
    const config = getConfig(tx, queueNameOf(QueueUrl));
    putConfig(tx, { ...config, tags: Object.fromEntries(Object.entries(config.tags ?? {}).filter(([key]) => !TagKeys.includes(key))) });
    return {};
  }),
  ...absent("there is one account", ["AddPermission", "RemovePermission"]),
};

/** Makes the queue where it is missing. @throws {QueueError} `QueueNameExists` where it has other attributes */
export function createQueue(
  { clock }: QueuesEngine,
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
    throw new QueueError("QueueNameExists", `A queue already exists with the same name and a different value for attribute ${differs[0]}`);
  }
  const nowMs = clock.nowMs();
  putConfig(tx, { name, attributes, createdMs: nowMs, modifiedMs: nowMs, ...(tags !== undefined && { tags }) });
}

function urlOf({ endpoint, account }: QueuesEngine, name: string): string {
  return `${endpoint}/${account}/${name}`;
}

function attributesOf(engine: QueuesEngine, view: ReadView, config: QueueConfig, hasCounts: boolean): Record<string, string> {
  return {
    QueueArn: arnOf(engine, config.name),
    ...(hasCounts && countsOf(engine, view, config.name)),
    CreatedTimestamp: seconds(config.createdMs),
    LastModifiedTimestamp: seconds(config.modifiedMs),
    ...allAttributes(config),
  };
}

function countsOf({ clock }: QueuesEngine, view: ReadView, name: string): Record<string, string> {
  const nowMs = clock.nowMs();
  const [visible, waiting] = countWaiting(view, name, nowMs);
  const flying = readFlying(view, name);
  const due = flying.filter(({ untilMs }) => untilMs <= nowMs).length;
  return {
    ApproximateNumberOfMessages: String(visible + due),
    ApproximateNumberOfMessagesNotVisible: String(flying.length - due),
    ApproximateNumberOfMessagesDelayed: String(waiting - visible),
  };
}

const purgeIntervalMs = 60_000;

function checkAllAttributes(view: ReadView, name: string, attributes: Readonly<Record<string, string>>): void {
  checkAttributes(name, attributes);
  if (attributes.RedrivePolicy !== undefined) checkRedrivePolicy(view, name, attributes.RedrivePolicy);
  if (attributes.RedriveAllowPolicy !== undefined) checkRedriveAllowPolicy(attributes.RedriveAllowPolicy);
}

/** Attributes for which messages are counted. */
const counted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"];
/** Attributes that SQS counts or sets itself. */
const ownAttributes = ["QueueArn", ...counted, "CreatedTimestamp", "LastModifiedTimestamp"];

function checkAsked(names: readonly string[]): void {
  const unknown = names.find((name) => name !== "All" && !ownAttributes.includes(name) && !isAttribute(name));
  if (unknown !== undefined) throw new QueueError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
}

function purge(tx: Transaction, name: string): void {
  for (const one of readWaiting(tx, name)) removeWaiting(tx, name, one);
  for (const { serial } of readFlying(tx, name)) removeFlying(tx, name, serial);
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}
