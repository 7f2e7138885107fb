/** Where a queue's messages go that are received too often. */
import type { ReadView } from "@serverlesspresso/store";
import { invalidValue } from "./errors.ts";
import { findConfig, isFifo, type QueueConfig, queueNameOf } from "./queue-config.ts";

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

/** @throws {QueueError} for a dead-letter queue that is not there or of another kind */
export function checkRedrivePolicy(view: ReadView, name: string, text: string): void {
  const policy = parseRedrivePolicy(text);
  if (policy === undefined) return;
  if (findConfig(view, policy.queueName) === undefined) throw invalidValue(text, "RedrivePolicy", "Dead letter target does not exist.");
  if (isFifo({ name }) !== isFifo({ name: policy.queueName })) {
    throw invalidValue(text, "RedrivePolicy", "Dead-letter queue must be same type of queue as the source.");
  }
}

export function redrivePolicyOf({ attributes }: QueueConfig): RedrivePolicy | undefined {
  return attributes.RedrivePolicy === undefined ? undefined : parseRedrivePolicy(attributes.RedrivePolicy);
}
