/**
 * Which invariants the books of a stopped bar break.
 *
 * I2. Drinks left, spent and given back of a window add up to what it began with.
 * I3. No user has more open orders than allowed.
 * I4. Order numbers are 1 to n, in the order of drawing.
 * I8. What was acknowledged is there.
 * I9. Every event is delivered or dead-lettered, and logged once.
 * I11. No timer is left.
 * I12. With all orders final nothing runs, and no queue holds a message.
 *
 * I1, I5 to I7, I10, I13 stand in files of their own beside this one; I14, what phones received, is judged while the bar runs (watch.ts).
 */
import type { Books } from "./books.ts";
import { createFindings, groupBy, type ShopLimits } from "./judge.ts";
import { capacityViolations } from "./judge-capacity.ts";
import { historyViolations } from "./judge-history.ts";
import { metricsViolations } from "./judge-metrics.ts";
import { orderViolations } from "./judge-order.ts";
import type { Acknowledged } from "./ledger.ts";

/** The first of these closes its order. */
const closingTypes = [
  "OrderManager.OrderCompleted",
  "OrderManager.OrderCancelled",
  "OrderProcessor.OrderTimeOut",
  "OrderProcessor.ShopUnavailable",
];
/** How far along an acknowledgement says an order is. */
const rank: Readonly<Record<string, number>> = { CREATED: 0, SUBMITTED: 1, MAKING: 1, COMPLETED: 2, CANCELLED: 2, TIMEDOUT: 2, REFUSED: 2 };

/** What does not hold, in words; empty where everything does. */
export function findViolations(books: Books, acknowledged: readonly Acknowledged[], config: ShopLimits): string[] {
  const { found, check } = createFindings();
  const factsOf = groupBy(books.facts, ({ detail }) => `${detail.orderId}`);
  const orders = new Map(books.orders.map((order) => [order.SK, order]));

  for (const window of books.windows) {
    const spent = books.orders.filter(({ bucket }) => bucket?.window === window.PK);
    const givenBack = spent.filter(({ ORDERSTATE, drinkOrder }) => ["TIMEDOUT", "REFUSED"].includes(ORDERSTATE) && drinkOrder === "null");
    check(
      window.availableTokens >= 0 && window.availableTokens + spent.length - givenBack.length === window.drinks,
      () =>
        `I2: window ${window.PK} has ${window.availableTokens} left, ${spent.length} spent, ${givenBack.length} given back of ${window.drinks}`,
    );
  }

  const closedAt = new Map<string, number>();
  for (const [at, { type, detail }] of books.facts.entries()) {
    if (closingTypes.includes(type) && !closedAt.has(`${detail.orderId}`)) closedAt.set(`${detail.orderId}`, at);
  }
  const begunAt = new Map(
    books.facts.flatMap(({ type, detail }, at) => (type === "Validator.NewOrder" ? [[`${detail.orderId}`, at]] : [])),
  );
  for (const [user, own] of groupBy(books.orders, ({ USERID }) => USERID)) {
    const inTime = own.toSorted((a, b) => (begunAt.get(a.SK) ?? 0) - (begunAt.get(b.SK) ?? 0));
    check(
      inTime.every(
        ({ SK }, index) => index === 0 || (begunAt.get(SK) ?? 0) > (closedAt.get(inTime[index - 1]?.SK ?? "") ?? Number.POSITIVE_INFINITY),
      ),
      () => `I3: user ${user} had more than one open order`,
    );
  }

  const numbers = books.facts
    .filter(({ type }) => type === "OrderProcessor.WaitingCompletion")
    .map(({ detail }) => Number(detail.orderNumber));
  check(
    numbers.every((number, index) => number === index + 1) && numbers.length === books.drawn,
    () => `I4: numbers drawn are ${numbers.join(" ").slice(0, 200)}, the counter stands at ${books.drawn}`,
  );
  const shown = books.orders.flatMap(({ orderNumber }) => (orderNumber === undefined ? [] : [orderNumber]));
  check(new Set(shown).size === shown.length, () => "I4: two orders show one number");

  for (const order of books.orders)
    found.push(...orderViolations(order, factsOf.get(order.SK) ?? [], books.executions.get(order.SK), config));
  check(books.executions.size <= books.orders.length, () => `I5: ${books.executions.size} executions for ${books.orders.length} orders`);

  for (const { orderId, what } of acknowledged) {
    const order = orders.get(orderId);
    const isFinalAck = what === "COMPLETED" || what === "CANCELLED";
    const holds = order !== undefined && (isFinalAck ? order.ORDERSTATE === what : (rank[order.ORDERSTATE] ?? -1) >= (rank[what] ?? 0));
    check(holds, () => `I8: order ${orderId} was acknowledged as ${what} and is ${order?.ORDERSTATE ?? "not there"}`);
    if (what === "SUBMITTED") check(order?.drinkOrder !== "null", () => `I8: order ${orderId} has lost its drink`);
  }

  check(books.undelivered === 0 && books.dead === 0, () => `I9: ${books.undelivered} deliveries pending, ${books.dead} dead after quiet`);
  check(books.logLines === books.facts.length, () => `I9: the log group has ${books.logLines} lines for ${books.facts.length} events`);
  check(books.timers === 0, () => `I11: ${books.timers} timers are left though every order is final`);
  check(books.queued === 0, () => `I12: ${books.queued} messages are left in queues`);
  const running = [...books.executions.values()].filter(({ status }) => status === "RUNNING");
  check(running.length === 0, () => `I12: ${running.length} executions are still running`);

  const histories = [...books.executions.values()].flatMap(historyViolations);
  return [...found, ...histories, ...capacityViolations(books, config), ...metricsViolations(books, config)];
}
