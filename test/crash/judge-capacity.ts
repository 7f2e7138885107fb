/**
 * I1. No more orders are in flight than the shop takes, and none is refused as full while fewer are.
 *
 * An execution is ahead of another that it started before and that it has not ended before. The list of those that run is taken at some
 * moment between the scheduling of its task and the end of its state, and who is ahead grows ever fewer; so an order may get in if few
 * enough were ahead at the end, and may be refused if enough were at the beginning.
 */
import type { Books, ExecutionRecord } from "./books.ts";
import { createFindings, type ShopLimits } from "./judge.ts";

const admission = "Emit - Workflow Started TT";
const question = "ListExecutions";

export function capacityViolations({ executions, facts }: Books, { maxOrdersInQueue }: ShopLimits): string[] {
  const { found, check } = createFindings();
  const all = [...executions.values()];
  const refusedAsFull = new Set(
    facts
      .filter(({ type, detail }) => type === "OrderProcessor.ShopUnavailable" && detail.reason === "full")
      .map(({ detail }) => detail.orderId),
  );
  for (const one of all) {
    const [fromMs, toMs] = askedWithin(one);
    if (fromMs === undefined || toMs === undefined) continue;
    const earlier = all.filter(({ startMs }) => startMs < one.startMs);
    const surelyAhead = earlier.filter(({ stopMs }) => stopMs === undefined || stopMs > toMs).length;
    const perhapsAhead = earlier.filter(({ stopMs }) => stopMs === undefined || stopMs >= fromMs).length;
    if (one.events.some(({ type, state }) => type === "TaskStateEntered" && state === admission))
      check(
        surelyAhead < maxOrdersInQueue,
        () => `I1: order ${one.name} got in with ${surelyAhead} ahead of it, the shop takes ${maxOrdersInQueue}`,
      );
    if (refusedAsFull.has(one.name))
      check(
        perhapsAhead >= maxOrdersInQueue,
        () => `I1: order ${one.name} was refused as full with ${perhapsAhead} ahead of it, the shop takes ${maxOrdersInQueue}`,
      );
  }
  return found;
}

/** When the task of the question was scheduled, and when its state was left. */
function askedWithin({ events }: ExecutionRecord): [number | undefined, number | undefined] {
  const entered = events.findIndex(({ type, state }) => type === "TaskStateEntered" && state === question);
  const scheduled = events.slice(entered + 1).find(({ type }) => type === "TaskScheduled");
  const left = events.find(({ type, state }) => type === "TaskStateExited" && state === question);
  return [entered === -1 ? undefined : scheduled?.atMs, left?.atMs];
}
