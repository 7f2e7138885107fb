/**
 * What must hold of one order.
 *
 * I5. It has one final state and one final event; table, workflow and archive agree.
 * I6. One barista at a time holds it, and nothing happens to it after its end.
 * I7. Once finished it holds no task token and no change under way.
 * Of I11: no timer of it ran out early.
 */
import { finalStates } from "@serverlesspresso/contract";
import type { ExecutionRecord, Fact, OrderRecord } from "./books.ts";
import type { ShopLimits } from "./judge.ts";

const isFinal: ReadonlySet<unknown> = new Set(finalStates);
const finalTypes = ["OrderProcessor.orderFinished", "OrderProcessor.OrderTimeOut", "OrderProcessor.ShopUnavailable"];

export function orderViolations(
  order: OrderRecord,
  facts: readonly Fact[],
  execution: ExecutionRecord | undefined,
  config: ShopLimits,
): string[] {
  const ends = facts.filter(({ type }) => finalTypes.includes(type));
  const expected: Record<string, string> = {
    COMPLETED: "orderFinished",
    CANCELLED: "orderFinished",
    TIMEDOUT: "OrderTimeOut",
    REFUSED: "ShopUnavailable",
  };
  const name = `order ${order.SK} (${order.ORDERSTATE})`;
  const found: string[] = [];
  if (!isFinal.has(order.ORDERSTATE)) found.push(`I5: ${name} is not final after quiet`);
  if (ends.length !== 1) found.push(`I5: ${name} has final events ${ends.map(({ type }) => type).join(", ") || "none"}`);
  else if (ends[0]?.type !== `OrderProcessor.${expected[order.ORDERSTATE]}`) found.push(`I5: ${name} ended with ${ends[0]?.type}`);
  const outcome = ends[0]?.detail.outcome;
  if (outcome !== undefined && outcome !== order.ORDERSTATE.toLowerCase())
    found.push(`I5: ${name} ended with outcome ${JSON.stringify(outcome)}`);
  const told = facts.filter(({ type }) => type === "OrderManager.OrderCompleted" || type === "OrderManager.OrderCancelled");
  const wanted = order.ORDERSTATE === "COMPLETED" || order.ORDERSTATE === "CANCELLED" ? 1 : 0;
  if (told.length !== wanted) found.push(`I5: ${name} was told ${told.length} times, expected ${wanted}`);
  if (execution?.status !== "SUCCEEDED") found.push(`I5: ${name} has an execution ${execution?.status ?? "that never was"}`);
  if (order.TaskToken !== undefined || order.pending !== undefined)
    found.push(`I7: ${name} still holds a token or a change that is pending`);
  found.push(...claimViolations(name, facts));
  for (const { type, detail } of facts) {
    if (type !== "OrderProcessor.OrderTimeOut") continue;
    const seconds = detail.cause === "Customer timedout" ? config.customerTimeoutSeconds : config.baristaTimeoutSeconds;
    const waitedMs = waitedUntilTimeout(execution);
    if (waitedMs === undefined || waitedMs < seconds * 1000)
      found.push(`I11: ${name}: "${detail.cause}" came ${(waitedMs ?? Number.NaN) / 1000} s after the wait began, expected ${seconds}`);
  }
  return found;
}

/**
 * Returns how long the task that timed out had waited, by the history, in ms; undefined without such a task. The events of the bus carry
 * their own time, cut to whole seconds and read after the decision that set the deadline: at this clock rate a pause of 25 ms between
 * the two is a second.
 */
function waitedUntilTimeout(execution: ExecutionRecord | undefined): number | undefined {
  const events = execution?.events ?? [];
  const end = events.findLastIndex(({ type }) => type === "TaskTimedOut");
  const begin = events.slice(0, Math.max(end, 0)).findLast(({ type }) => type === "TaskScheduled");
  return end === -1 || begin === undefined ? undefined : Math.round((events[end]?.atMs ?? Number.NaN) - begin.atMs);
}

/** I6, from the facts in the order in which they came to be. */
function claimViolations(name: string, facts: readonly Fact[]): string[] {
  const found: string[] = [];
  let holder = "";
  let ended = "";
  for (const { type, detail } of facts) {
    if (type === "OrderManager.MakeOrder") {
      const barista = `${detail.baristaUserId ?? ""}`;
      if (ended !== "") found.push(`I6: ${name} was claimed or put back after ${ended}`);
      if (barista !== "" && holder !== "") found.push(`I6: ${name} was claimed by ${barista} while ${holder} held it`);
      if (barista === "" && holder === "") found.push(`I6: ${name} was put back though nobody held it`);
      holder = barista;
    }
    if (type === "OrderManager.OrderCompleted" || type === "OrderManager.OrderCancelled") ended = type;
  }
  return found;
}
