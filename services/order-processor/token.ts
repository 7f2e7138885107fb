import type { TaskToken } from "@serverlesspresso/contract/ids";
import type { Received } from "../edges/envelope.ts";
import type { Order } from "../shared/order.ts";

/** What an event with a task token brings to its order. */
export interface Token {
  readonly taskToken: TaskToken;
  readonly tokenAt: string;
  readonly executionArn?: string;
}

/** Reads the token of an event, and the execution that put it on the bus, which it names among its resources. */
export function tokenOf(taskToken: TaskToken, { time, resources }: Pick<Received, "time" | "resources">): Token {
  const executionArn = resources.find((arn) => /^arn:[^:]+:states:.*:execution:/.test(arn));
  return { taskToken, tokenAt: time, ...(executionArn !== undefined && { executionArn }) };
}

/** Returns whether a token may replace the one that the order has. Of two within the same second the later delivery counts. */
export function isNewer(token: Token, { taskToken, tokenAt }: Order): boolean {
  if (taskToken === token.taskToken) return false;
  return taskToken === undefined || tokenAt === undefined || Date.parse(tokenAt) <= Date.parse(token.tokenAt);
}
