/**
 * Resumes a workflow whose order went on before its task token was stored.
 *
 * P15. No client waits for a token: the second of two writes resumes. The order manager changes the order and sees in the same write
 *      whether the token is there; the function that stores the token sees in the same write whether the change is there. Both writes are on
 *      one item, so at least one of the two sees the other.
 * P16. Both may see each other, and an event comes again: a token that no longer resumes a task has done its work.
 */
import type { TaskToken } from "@serverlesspresso/contract/ids";
import type { Tasks } from "@serverlesspresso/ports";
import { isNamed } from "../shared/errors.ts";
import type { Order } from "../shared/order.ts";

/** P16. */
const usedTokens = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

/** Resumes the wait for the guest, if the guest has chosen or cancelled. */
export async function resumeChosen(tasks: Tasks, order: Order, taskToken: TaskToken): Promise<void> {
  const { state, drinkOrder, name, note } = order;
  if (state === "CANCELLED") return cancel(tasks, order, taskToken);
  if (state !== "SUBMITTED" && state !== "MAKING" && state !== "COMPLETED") return;
  const drink = drinkOrder && { ...drinkOrder, modifiers: [...drinkOrder.modifiers] };
  await unlessUsed(tasks.sendTaskSuccess({ taskToken, output: { drinkOrder: drink, name, note } }));
}

/** Resumes the wait for the bar, if the order has ended by a guest or the bar. */
export async function resumeEnded(tasks: Tasks, order: Order, taskToken: TaskToken): Promise<void> {
  if (order.state === "CANCELLED") return cancel(tasks, order, taskToken);
  if (order.state === "COMPLETED") await unlessUsed(tasks.sendTaskSuccess({ taskToken, output: { ORDERSTATE: "COMPLETED" } }));
}

/** The workflow catches it. */
function cancel(tasks: Tasks, { reason }: Order, taskToken: TaskToken): Promise<void> {
  return unlessUsed(tasks.sendTaskFailure({ taskToken, error: "OrderCancelled", cause: reason }));
}

async function unlessUsed(call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!usedTokens.some((name) => isNamed(error, name))) throw error;
  }
}
