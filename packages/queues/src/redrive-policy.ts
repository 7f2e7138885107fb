/** Where a queue's messages go that are received too often. */
import type { ReadView } from "@serverlesspresso/store";
import { invalidValue } from "./errors.ts";
import { findConfig, isFifo, type QueueConfig, queueNameOf } from "./queue-config.ts";

/** Where a message goes after `maxReceiveCount` receives. */
export interface RedrivePolicy {
  readonly queueName: string;
  readonly maxReceiveCount: number;
}

const most = 1000;

/** The policy, or undefined where it is the empty text that takes one away. @throws {QueueError} `InvalidParameterValueException` */
export function parseRedrivePolicy(text: string): RedrivePolicy | undefined {
  if (text === "") return undefined;
  const refuse = (reason: string): Error => invalidValue(text, "RedrivePolicy", reason);
  const policy = parseMap(text);
  if (policy === undefined) throw refuse("Redrive policy is not a valid JSON map.");
  for (const name of ["deadLetterTargetArn", "maxReceiveCount"]) {
    if (policy[name] === undefined) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  const { deadLetterTargetArn: arn, maxReceiveCount: count } = policy;
  if (!/^\d+$/.test(String(count)) || Number(count) < 1 || Number(count) > most) {
    throw refuse(`Invalid value for maxReceiveCount: ${String(count)}, valid values are from 1 to ${most} both inclusive.`);
  }
  return { queueName: queueNameOf(String(arn)), maxReceiveCount: Number(count) };
}

function parseMap(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws {QueueError} for a dead-letter queue that is not there, of another kind, or not for this queue */
export function checkRedrivePolicy(view: ReadView, name: string, text: string): void {
  const policy = parseRedrivePolicy(text);
  if (policy === undefined) return;
  const target = findConfig(view, policy.queueName);
  if (target === undefined) throw invalidValue(text, "RedrivePolicy", "Dead letter target does not exist.");
  if (isFifo({ name }) !== isFifo({ name: policy.queueName })) {
    throw invalidValue(text, "RedrivePolicy", "Dead-letter queue must be same type of queue as the source.");
  }
  if (!allows(target.attributes.RedriveAllowPolicy, name)) {
    throw invalidValue(text, "RedrivePolicy", `The RedriveAllowPolicy of ${policy.queueName} does not allow ${name} to use it.`);
  }
}

const mostSources = 10;

interface AllowPolicy {
  readonly redrivePermission?: unknown;
  readonly sourceQueueArns?: unknown;
}

/** @throws {QueueError} `InvalidParameterValueException` */
export function checkRedriveAllowPolicy(text: string): void {
  if (text === "") return;
  const refuse = (reason: string): Error => invalidValue(text, "RedriveAllowPolicy", reason);
  const policy: AllowPolicy | undefined = parseMap(text);
  if (policy === undefined) throw refuse("Redrive allow policy is not a valid JSON map.");
  const { redrivePermission, sourceQueueArns } = policy;
  if (!["allowAll", "denyAll", "byQueue"].includes(String(redrivePermission))) {
    throw refuse("redrivePermission is expected to be allowAll, denyAll or byQueue.");
  }
  const isList = Array.isArray(sourceQueueArns) && sourceQueueArns.length > 0 && sourceQueueArns.length <= mostSources;
  if (redrivePermission === "byQueue" ? !isList : sourceQueueArns !== undefined) {
    throw refuse(`sourceQueueArns has 1 to ${mostSources} ARNs with byQueue, and is not there otherwise.`);
  }
}

function allows(text: string | undefined, source: string): boolean {
  const policy: AllowPolicy = (text && parseMap(text)) || {};
  if (policy.redrivePermission === "denyAll") return false;
  if (policy.redrivePermission !== "byQueue" || !Array.isArray(policy.sourceQueueArns)) return true;
  return policy.sourceQueueArns.some((arn) => queueNameOf(String(arn)) === source);
}

/** The policy of a queue, or undefined. @throws {QueueError} `InvalidParameterValueException` */
export function redrivePolicyOf({ attributes }: QueueConfig): RedrivePolicy | undefined {
  return attributes.RedrivePolicy === undefined ? undefined : parseRedrivePolicy(attributes.RedrivePolicy);
}
