import type { EventEnvelope } from "@serverlesspresso/ports";
import type { OrderItem } from "../shared/order-item.ts";

/** Whether an event of `time` may replace the token that the order has. Of two within the same second the later delivery counts. */
export function isNewer(taskToken: string, time: string, { TaskToken, tokenAt }: OrderItem): boolean {
  if (TaskToken === taskToken) return false;
  return TaskToken === undefined || tokenAt === undefined || Date.parse(tokenAt) <= Date.parse(time);
}

/** The execution that put an event on the bus, which it names among the event's resources. */
export function executionOf({ resources }: EventEnvelope): { readonly executionArn?: string } {
  const executionArn = resources?.find((arn) => /^arn:[^:]+:states:.*:execution:/.test(arn));
  return executionArn === undefined ? {} : { executionArn };
}
