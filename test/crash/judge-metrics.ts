/** I13. The metrics are a recount of the archive: each day of the events' own dates, each drink, each way to end; an order whose event went out twice was sold once. */
import type { Books, Fact } from "./books.ts";
import type { ShopLimits } from "./judge.ts";

const outcomes: Readonly<Record<string, string>> = {
  "OrderManager.OrderCompleted": "Completed",
  "OrderManager.OrderCancelled": "Cancelled",
  "OrderProcessor.OrderTimeOut": "TimedOut",
};

export function metricsViolations({ facts, metrics }: Books, { timeZone }: ShopLimits): string[] {
  const days = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const expected = new Map<string, number>();
  for (const fact of firstTold(facts))
    for (const name of namesOf(fact)) {
      const key = `${days.format(fact.atMs)}#${name}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
  const keys = [...new Set([...expected.keys(), ...metrics.keys()])];
  return keys
    .filter((key) => (expected.get(key) ?? 0) !== (metrics.get(key) ?? 0))
    .map((key) => `I13: ${key} is ${metrics.get(key) ?? 0}, the archive has ${expected.get(key) ?? 0}`);
}

/** Without events of an order and a number that had one before. */
function firstTold(facts: readonly Fact[]): Fact[] {
  const told = new Set<string>();
  return facts.filter(({ type, detail: { orderId, orderNumber = null } }) => {
    if (type !== "OrderManager.WaitingCompletion" || orderNumber === null) return true;
    const key = JSON.stringify([orderId, orderNumber]);
    const isFirst = !told.has(key);
    told.add(key);
    return isFirst;
  });
}

function namesOf({ type, detail }: Fact): string[] {
  const outcome = outcomes[type];
  if (outcome !== undefined) return [outcome];
  if (type !== "OrderManager.WaitingCompletion") return [];
  const order = (typeof detail.drinkOrder === "string" ? JSON.parse(detail.drinkOrder) : detail.drinkOrder) as { readonly drink: string };
  return ["TotalSales", order.drink];
}
