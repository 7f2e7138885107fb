/** What a queue is: its name, its attributes as SQS names them, and what they mean. */
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { noSuchQueue, QueueError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";

/** A queue as stored: the attributes that it was given, without defaults. */
export interface QueueConfig {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** When it was last purged. */
  readonly purgedMs?: number;
}

interface Bounds {
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

/** Numeric attributes of a queue, with SQS's defaults and bounds. */
const numeric = {
  VisibilityTimeout: { value: 30, least: 0, most: 43_200 },
  DelaySeconds: { value: 0, least: 0, most: 900 },
  MessageRetentionPeriod: { value: 345_600, least: 60, most: 1_209_600 },
  MaximumMessageSize: { value: 1_048_576, least: 1024, most: 1_048_576 },
  ReceiveMessageWaitTimeSeconds: { value: 0, least: 0, most: 20 },
} as const satisfies Readonly<Record<string, Bounds>>;
const keyReuse: Bounds = { value: 300, least: 60, most: 86_400 };
const truth: readonly string[] = ["true", "false"];

/** Its other attributes: the values allowed, or undefined for any text. */
const textual: Readonly<Record<string, readonly string[] | undefined>> = {
  Policy: undefined,
  RedrivePolicy: undefined,
  RedriveAllowPolicy: undefined,
  KmsMasterKeyId: undefined,
  SqsManagedSseEnabled: truth,
};
const fifoOnly: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ["true"],
  ContentBasedDeduplication: truth,
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
};
const fifoDefaults = { ContentBasedDeduplication: "false", DeduplicationScope: "queue", FifoThroughputLimit: "perQueue" };

/** A numeric attribute in force, the default included: seconds, or bytes of `MaximumMessageSize`. */
export function numberOf({ attributes }: QueueConfig, name: keyof typeof numeric): number {
  return Number(attributes[name] ?? numeric[name].value);
}

/** The attributes in force, defaults included; one set to an empty text counts as absent. */
export function allAttributes({ name, attributes }: Pick<QueueConfig, "name" | "attributes">): Record<string, string> {
  const defaults = Object.entries(numeric).map(([attribute, { value }]) => [attribute, String(value)]);
  const set = Object.entries(attributes).filter(([, value]) => value !== "");
  return {
    ...Object.fromEntries(defaults),
    SqsManagedSseEnabled: "false",
    ...(isFifo({ name }) && fifoDefaults),
    ...Object.fromEntries(set),
  };
}

/** @throws {QueueError} `InvalidAttributeName` or `InvalidAttributeValue` */
export function checkAttributes(name: string, attributes: Readonly<Record<string, string>>): void {
  const allowed: Readonly<Record<string, Bounds | readonly string[] | undefined>> = {
    ...numeric,
    KmsDataKeyReusePeriodSeconds: keyReuse,
    ...textual,
    ...(isFifo({ name }) && fifoOnly),
  };
  for (const [attribute, value] of Object.entries(attributes)) {
    if (!Object.hasOwn(allowed, attribute)) throw new QueueError("InvalidAttributeName", `Unknown Attribute ${attribute}.`);
    if (!isAllowed(value, allowed[attribute])) {
      throw new QueueError("InvalidAttributeValue", `Invalid value for the parameter ${attribute}.`);
    }
  }
}

/** Whether there is an attribute of that name, in whichever kind of queue. */
export function isAttribute(name: string): boolean {
  return [numeric, textual, fifoOnly].some((names) => Object.hasOwn(names, name)) || name === "KmsDataKeyReusePeriodSeconds";
}

function isAllowed(value: string, allowed: Bounds | readonly string[] | undefined): boolean {
  if (allowed === undefined) return true;
  if ("value" in allowed) return /^\d{1,9}$/.test(value) && Number(value) >= allowed.least && Number(value) <= allowed.most;
  return allowed.includes(value);
}

/** Whether a queue is FIFO: its name says so. */
export const isFifo = ({ name }: Pick<QueueConfig, "name">): boolean => name.endsWith(".fifo");

/** A queue is named by its name, its URL or its ARN. */
export function queueNameOf(nameUrlOrArn: string): string {
  const at = Math.max(nameUrlOrArn.lastIndexOf("/"), nameUrlOrArn.startsWith("arn:") ? nameUrlOrArn.lastIndexOf(":") : -1);
  return nameUrlOrArn.slice(at + 1);
}

const configKey = (name: string): Key => kinds.queues.key(name);

/** The queue of this name, or undefined. */
export const findConfig = (view: ReadView, name: string): QueueConfig | undefined => view.get<QueueConfig>(configKey(name));
/** All queues, by name. */
export const listConfigs = (view: ReadView): QueueConfig[] => view.scan<QueueConfig>(kinds.queues.range()).map(([, config]) => config);
/** Writes a queue. */
export const putConfig = (tx: Transaction, config: QueueConfig): void => tx.put(configKey(config.name), config);
/** Removes a queue; its messages are removed on their own. */
export const removeConfig = (tx: Transaction, name: string): void => tx.delete(configKey(name));

/** @throws {QueueError} `QueueDoesNotExist` */
export function getConfig(view: ReadView, name: string): QueueConfig {
  const config = findConfig(view, name);
  if (config === undefined) throw noSuchQueue();
  return config;
}
