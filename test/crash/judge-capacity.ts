/**
 * I1. No more orders are in flight than the shop takes, and none is refused as full while fewer are.
 *
 * An execution is ahead of another that started before it and has not ended. Two that touch in one millisecond count for either side.
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
    const askedMs = exitOf(one, question);
    if (askedMs === undefined) continue;
    const earlier = all.filter(({ startMs }) => startMs < one.startMs);
    const surelyAhead = earlier.filter(({ stopMs }) => stopMs === undefined || stopMs > askedMs).length;
    const perhapsAhead = earlier.filter(({ stopMs }) => stopMs === undefined || stopMs >= askedMs).length;
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

function exitOf({ events }: ExecutionRecord, name: string): number | undefined {
  return events.find(({ type, state }) => type === "TaskStateExited" && state === name)?.atMs;
}
