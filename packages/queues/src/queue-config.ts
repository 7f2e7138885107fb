/** What a queue is: its name, its attributes as SQS names them, and what they mean. */
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { noSuchQueue, QueueError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";

export interface QueueConfig {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Whole numbers a queue can be told, with SQS's defaults and bounds. */
const numeric: Readonly<Record<string, { readonly value: number; readonly least: number; readonly most: number }>> = {
  VisibilityTimeout: { value: 30, least: 0, most: 43_200 },
  DelaySeconds: { value: 0, least: 0, most: 900 },
  MessageRetentionPeriod: { value: 345_600, least: 60, most: 1_209_600 },
  MaximumMessageSize: { value: 262_144, least: 1024, most: 1_048_576 },
  ReceiveMessageWaitTimeSeconds: { value: 0, least: 0, most: 20 },
};
const textual = new Set([
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "SqsManagedSseEnabled",
]);

export function numberOf({ attributes }: QueueConfig, name: keyof typeof numeric & string): number {
  return Number(attributes[name] ?? numeric[name]?.value);
}

/** The attributes in force, defaults included. */
export function allAttributes({ attributes }: QueueConfig): Record<string, string> {
  const defaults = Object.entries(numeric).map(([name, { value }]) => [name, String(value)]);
  return { ...Object.fromEntries(defaults), SqsManagedSseEnabled: "false", ...attributes };
}

/** @throws {QueueError} `InvalidAttributeName` or `InvalidAttributeValue` */
export function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const bounds = Object.hasOwn(numeric, name) ? numeric[name] : undefined;
    if (bounds === undefined && !textual.has(name)) throw new QueueError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    if (bounds !== undefined && !(/^\d+$/.test(value) && Number(value) >= bounds.least && Number(value) <= bounds.most)) {
      throw new QueueError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
    }
  }
  if (attributes.RedrivePolicy !== undefined) parseRedrivePolicy(attributes.RedrivePolicy);
}

export interface RedrivePolicy {
  readonly queueName: string;
  readonly maxReceiveCount: number;
}

function parseRedrivePolicy(text: string): RedrivePolicy | undefined {
  if (text === "") return undefined;
  const invalid = (): QueueError =>
    new QueueError(
      "InvalidParameterValueException",
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Redrive policy is not a valid JSON map.`,
    );
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown } | null;
  try {
    policy = JSON.parse(text) as typeof policy;
  } catch {
    throw invalid();
  }
  const count = Number(policy?.maxReceiveCount);
  if (typeof policy?.deadLetterTargetArn !== "string" || !(Number.isInteger(count) && count >= 1 && count <= 1000)) throw invalid();
  return { queueName: queueNameOf(policy.deadLetterTargetArn), maxReceiveCount: count };
}

export function redrivePolicyOf({ attributes }: QueueConfig): RedrivePolicy | undefined {
  return attributes.RedrivePolicy === undefined ? undefined : parseRedrivePolicy(attributes.RedrivePolicy);
}

export const isFifo = ({ name }: Pick<QueueConfig, "name">): boolean => name.endsWith(".fifo");

/** A queue is named by its name, its URL or its ARN. */
export function queueNameOf(nameUrlOrArn: string): string {
  const at = Math.max(nameUrlOrArn.lastIndexOf("/"), nameUrlOrArn.startsWith("arn:") ? nameUrlOrArn.lastIndexOf(":") : -1);
  return nameUrlOrArn.slice(at + 1);
}

const configKey = (name: string): Key => kinds.queues.key(name);

export const findConfig = (view: ReadView, name: string): QueueConfig | undefined => view.get<QueueConfig>(configKey(name));
export const listConfigs = (view: ReadView): QueueConfig[] => view.scan<QueueConfig>(kinds.queues.range()).map(([, config]) => config);
export const putConfig = (tx: Transaction, config: QueueConfig): void => tx.put(configKey(config.name), config);
export const removeConfig = (tx: Transaction, name: string): void => tx.delete(configKey(name));

/** @throws {QueueError} `QueueDoesNotExist` */
export function getConfig(view: ReadView, name: string): QueueConfig {
  const config = findConfig(view, name);
  if (config === undefined) throw noSuchQueue();
  return config;
}
