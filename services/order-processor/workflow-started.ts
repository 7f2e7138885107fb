/**
 * The workflow waits for the guest's choice: its token is stored with the order.
 *
 * P1. An order that was cancelled or closed meanwhile takes no token. A token of an earlier event never replaces a later one's.
 * P2. An event put on the bus by hand, or an execution started by hand, has no order yet: it is made.
 * P3. Executions may be started by hand under the same order id again and again: once the order of the last one has ended, the next
 *     one's begins anew. An order that took a token at the display never does.
 * P17. An order whose guest chose or cancelled before is resumed at once (P15).
 */
import { WorkflowStarted } from "@serverlesspresso/contract/events";
import type { UserId } from "@serverlesspresso/contract/ids";
import { ruleFunction } from "../edges/rule-function.ts";
import { isFinal, newOrder, type Order } from "../shared/order.ts";
import { changeOrder, type OrderChange, putNewOrder } from "../shared/order-store.ts";
import { resumeChosen } from "./resume.ts";
import { isNewer, type Token, tokenOf } from "./token.ts";

/** The rule's function. */
export const workflowStarted = ruleFunction(WorkflowStarted, ({ tables, clock, names, tasks }) => async ({ detail, ...event }) => {
  const tableName = names.orderTable;
  const { orderId, userId, TaskToken } = detail;
  const token = tokenOf(TaskToken, event);
  const keepToken = () => changeOrder({ tables, clock, tableName }, orderId, (order) => withToken(order, userId, token, clock.nowMs()));
  // → blueprint/workflows/order-manager.asl.json sends the token back once the guest has chosen.
  let kept = await keepToken();
  if (kept.kind === "absent") {
    await putNewOrder(tables, tableName, { ...newOrder(orderId, userId, clock.nowMs()), ...token });
    kept = await keepToken();
  }
  if (kept.kind !== "absent" && waitsWith(kept.order, token)) await resumeChosen(tasks, kept.order, TaskToken);
});

function withToken(order: Order, userId: UserId, token: Token, nowMs: number): OrderChange | undefined {
  if (beginsAnew(order, token)) {
    const { id: _, stampMs: __, ...fresh } = newOrder(order.id, userId, nowMs);
    return { set: { ...fresh, ...token }, remove: ["orderNumber", "unmadeBy", "closing", "pending"] };
  }
  if (isFinal(order) || order.orderNumber !== undefined || !isNewer(token, order)) return undefined;
  // No client sees a token; a later stamp would only be in the way of what guests and baristas do meanwhile.
  return { set: token, keepsStamp: true };
}

/** P3. */
function beginsAnew(order: Order, { tokenAt, executionArn }: Token): boolean {
  if (!isFinal(order) || order.bucket !== undefined || executionArn === undefined) return false;
  return executionArn !== order.executionArn && Date.parse(tokenAt) >= Date.parse(order.tokenAt ?? "");
}

/** P17. With a number, the workflow has left this wait. */
function waitsWith(order: Order, { taskToken }: Token): boolean {
  return order.orderNumber === undefined && (isFinal(order) || order.taskToken === taskToken);
}
