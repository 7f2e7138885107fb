/**
 * Which invariants the books of a stopped bar break.
 *
 * I2. Drinks left, spent and given back of a window add up to what it began with.
 * I3. Nobody has more open orders than allowed.
 * I4. Order numbers are 1 to n, in the order of drawing.
 * I5. An order has one final state and one final event; table, workflow and archive agree.
 * I7. A finished order holds no task token and no change under way.
 * I8. What was acknowledged is there.
 * I9. Every event is delivered or dead-lettered, and logged once.
 * I10. A history is without gaps and ends as its execution did.
 * I11. No timer ran out early; none is left.
 * I12. With all orders final nothing runs, and no queue holds a message.
 * I13. Metrics are a recount of the archive.
 */
import type { Books, ExecutionRecord, Fact, OrderRecord } from "./books.ts";
import type { Acknowledged } from "./load.ts";

const finalTypes = ["OrderProcessor.orderFinished", "OrderProcessor.OrderTimeOut", "OrderProcessor.ShopUnavailable"];
const finalStates = ["COMPLETED", "CANCELLED", "TIMEDOUT", "REFUSED"];
/** How far along an acknowledgement says an order is. */
const rank: Readonly<Record<string, number>> = { CREATED: 0, SUBMITTED: 1, MAKING: 1, COMPLETED: 2, CANCELLED: 2, TIMEDOUT: 2, REFUSED: 2 };

/** What does not hold, in words; empty where everything does. */
export function findViolations(
  books: Books,
  acknowledged: readonly Acknowledged[],
  config: { readonly customerTimeoutSeconds: number; readonly baristaTimeoutSeconds: number },
): string[] {
  const found: string[] = [];
  const check = (holds: boolean, what: () => string): void => {
    if (!holds) found.push(what());
  };
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

  for (const [user, own] of groupBy(books.orders, ({ USERID }) => USERID)) {
    const inTime = own.toSorted((a, b) => a.createdMs - b.createdMs);
    check(
      inTime.every((order, index) => index === 0 || order.createdMs >= (inTime[index - 1]?.createdMs ?? 0)) &&
        inTime.filter(({ ORDERSTATE }) => !finalStates.includes(ORDERSTATE)).length <= 1,
      () => `I3: user ${user} has more than one open order`,
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

  for (const order of books.orders) found.push(...violationsOf(order, factsOf.get(order.SK) ?? [], books.executions.get(order.SK), config));
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

  const made = books.facts.filter(({ type }) => type === "OrderManager.WaitingCompletion").length;
  check(
    (books.metrics.get("TotalSales") ?? 0) === made,
    () => `I13: TotalSales is ${books.metrics.get("TotalSales") ?? 0}, the archive has ${made}`,
  );
  return found;
}

function violationsOf(
  order: OrderRecord,
  facts: readonly Fact[],
  execution: ExecutionRecord | undefined,
  config: { readonly customerTimeoutSeconds: number; readonly baristaTimeoutSeconds: number },
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
  if (!finalStates.includes(order.ORDERSTATE)) found.push(`I5: ${name} is not final after quiet`);
  if (ends.length !== 1) found.push(`I5: ${name} has final events ${ends.map(({ type }) => type).join(", ") || "none"}`);
  else if (ends[0]?.type !== `OrderProcessor.${expected[order.ORDERSTATE]}`) found.push(`I5: ${name} ended with ${ends[0]?.type}`);
  const outcome = ends[0]?.detail.outcome;
  if (outcome !== undefined && outcome !== order.ORDERSTATE.toLowerCase())
    found.push(`I5: ${name} ended with outcome ${JSON.stringify(outcome)}`);
  const told = facts.filter(({ type }) => type === "OrderManager.OrderCompleted" || type === "OrderManager.OrderCancelled");
  const wanted = order.ORDERSTATE === "COMPLETED" || order.ORDERSTATE === "CANCELLED" ? 1 : 0;
  if (told.length !== wanted) found.push(`I5: ${name} was told ${told.length} times, expected ${wanted}`);
  if (execution?.status !== "SUCCEEDED") found.push(`I5: ${name} has an execution ${execution?.status ?? "that never was"}`);
  if (execution !== undefined && execution.types.at(-1) !== "ExecutionSucceeded")
    found.push(`I10: the history of ${name} ends with ${execution.types.at(-1)}`);
  if (order.TaskToken !== undefined || order.pending !== undefined)
    found.push(`I7: ${name} still holds a token or a change that is pending`);
  for (const { type, atMs, detail } of facts) {
    if (type !== "OrderProcessor.OrderTimeOut") continue;
    const isGuest = detail.cause === "Customer timedout";
    const begun = facts.find((fact) => fact.type === (isGuest ? "OrderProcessor.WorkflowStarted" : "OrderProcessor.WaitingCompletion"));
    const seconds = isGuest ? config.customerTimeoutSeconds : config.baristaTimeoutSeconds;
    // The envelope's time is cut to whole seconds, so a second less may be seen.
    if (begun === undefined || atMs - begun.atMs < (seconds - 1) * 1000)
      found.push(
        `I11: ${name}: "${detail.cause}" came ${(atMs - (begun?.atMs ?? Number.NaN)) / 1000} s after the wait began, expected ${seconds}`,
      );
  }
  return found;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
