/**
 * The workflow waits for the guest's choice: its token is stored with the order.
 *
 * P1. An order that was cancelled or closed meanwhile takes no token. A token of an earlier event never replaces a later one's.
 * P2. An event put on the bus by hand, or an execution started by hand, has no order yet: it is made.
 * P3. Executions may be started by hand under the same order id again and again: once the order of the last one has ended, the next
 *     one's begins anew. An order that took a token at the display never does.
 */
import { WorkflowStarted } from "@serverlesspresso/contract/events";
import type { UserId } from "@serverlesspresso/contract/ids";
import { ruleFunction } from "../edges/rule-function.ts";
import { isFinal, newOrder, type Order } from "../shared/order.ts";
import { changeOrder, type OrderChange, putNewOrder } from "../shared/order-store.ts";
import { isNewer, type Token, tokenOf } from "./token.ts";

/** The rule's function. */
export const workflowStarted = ruleFunction(WorkflowStarted, ({ tables, clock, names }) => async ({ detail, ...event }) => {
  const tableName = names.orderTable;
  const { orderId, userId, TaskToken } = detail;
  const token = tokenOf(TaskToken, event);
  const keepToken = () => changeOrder({ tables, clock, tableName }, orderId, (order) => withToken(order, userId, token, clock.nowMs()));
  // → blueprint/workflows/order-manager.asl.json sends the token back once the guest has chosen.
  const kept = await keepToken();
  if (kept.kind !== "absent") return;
  const made = await putNewOrder(tables, tableName, { ...newOrder(orderId, userId, clock.nowMs()), ...token });
  if (!made) await keepToken();
});

function withToken(order: Order, userId: UserId, token: Token, nowMs: number): OrderChange | undefined {
  if (order.state === "CREATED") return isNewer(token, order) ? { set: token } : undefined;
  if (!beginsAnew(order, token)) return undefined;
  const { id: _, stampMs: __, ...fresh } = newOrder(order.id, userId, nowMs);
  return { set: { ...fresh, ...token }, remove: ["orderNumber", "unmadeBy"] };
}

/** P3. */
function beginsAnew(order: Order, { tokenAt, executionArn }: Token): boolean {
  if (!isFinal(order) || order.bucket !== undefined || executionArn === undefined) return false;
  return executionArn !== order.executionArn && Date.parse(tokenAt) >= Date.parse(order.tokenAt ?? "");
}
