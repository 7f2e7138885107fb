/**
 * The workflow waits for the guest's choice: its token is stored with the order.
 *
 * P1. An order that was cancelled or closed meanwhile takes no token. A token of an earlier event never replaces a later one's.
 * P2. An event put on the bus by hand, or an execution started by hand, has no order yet: it is made.
 * P3. Executions may be started by hand under the same order id again and again: once the order of the last one has ended, the next
 *     one's begins anew. An order that took a token at the display never does.
 */
import type { FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { type AboutOrder, aboutOrder, leave, text } from "../shared/events.ts";
import { changeOrder, isFinal, newOrder, type OrderChange, type OrderItem, putNewOrder } from "../shared/order-item.ts";
import { executionOf, isNewer } from "./token.ts";

interface Token {
  readonly TaskToken: string;
  readonly tokenAt: string;
  readonly executionArn?: string;
}

/** The rule's function. */
export function workflowStarted({ tables, clock, names }: Deps): FunctionHandler {
  const tableName = names.orderTable;
  return async (event, context) => {
    const about = aboutOrder(event);
    const taskToken = text(about?.detail.TaskToken);
    if (about === undefined || taskToken === "") return leave(context, "no order or no token in the event");
    const token: Token = { TaskToken: taskToken, tokenAt: about.envelope.time, ...executionOf(about.envelope) };
    const store = () => changeOrder({ tables, clock, tableName }, about.orderId, (order) => withToken(order, about, token, clock.nowMs()));
    const stored = await store();
    if (stored.kind !== "absent") return undefined;
    const made = await putNewOrder(tables, tableName, { ...newOrder(about.orderId, about.userId, clock.nowMs()), ...token });
    if (!made) await store();
    return undefined;
  };
}

function withToken(order: OrderItem, about: AboutOrder, token: Token, nowMs: number): OrderChange | undefined {
  if (order.ORDERSTATE === "CREATED") return isNewer(token.TaskToken, token.tokenAt, order) ? { set: { ...token } } : undefined;
  if (!beginsAnew(order, token)) return undefined;
  const { PK: _, SK: __, TS: ___, ...fresh } = newOrder(about.orderId, about.userId, nowMs);
  return { set: { ...fresh, ...token }, remove: ["orderNumber", "unmadeBy"] };
}

/** P3. */
function beginsAnew(order: OrderItem, { tokenAt, executionArn }: Token): boolean {
  if (!isFinal(order) || order.bucket !== undefined || executionArn === undefined) return false;
  return executionArn !== order.executionArn && Date.parse(tokenAt) >= Date.parse(order.tokenAt ?? "");
}
