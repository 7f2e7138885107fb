/**
 * Reads the data folder of a bar that has been stopped and says which invariants do not hold. Table, history and archive are
 * read each on its own, so that they can disagree. Numbers as in the README's list of invariants.
 */
import { createIds, createManualClock } from "@serverlesspresso/clock";
import { createEventBus } from "@serverlesspresso/event-bus";
import type { JsonObject } from "@serverlesspresso/ports";
import { createQueues } from "@serverlesspresso/queues";
import { openStore, type ReadView, rangeOf } from "@serverlesspresso/store";
import { createTables, unmarshall } from "@serverlesspresso/tables";
import { createWorkflows } from "@serverlesspresso/workflow";
import type { Acknowledged } from "./load.ts";

interface OrderRecord {
  readonly SK: string;
  readonly USERID: string;
  readonly ORDERSTATE: string;
  readonly drinkOrder: string;
  readonly createdMs: number;
  readonly TS: number;
  readonly orderNumber?: number;
  readonly TaskToken?: string;
  readonly pending?: string;
  readonly bucket?: { readonly window: string };
}
interface Fact {
  readonly type: string;
  readonly atMs: number;
  readonly detail: JsonObject;
}
interface ExecutionRecord {
  readonly name: string;
  readonly status: string;
  readonly types: readonly string[];
  readonly entered: readonly string[];
}
/** Everything a stopped bar's folder holds of its orders. */
export interface Books {
  readonly orders: readonly OrderRecord[];
  readonly facts: readonly Fact[];
  readonly executions: ReadonlyMap<string, ExecutionRecord>;
  readonly windows: readonly { readonly PK: string; readonly drinks: number; readonly availableTokens: number }[];
  readonly drawn: number;
  readonly metrics: ReadonlyMap<string, number>;
  readonly logLines: number;
  readonly undelivered: number;
  readonly dead: number;
  readonly queued: number;
  readonly timers: number;
}

const account = "123456789012";
const region = "us-east-1";
const finalTypes = ["OrderProcessor.orderFinished", "OrderProcessor.OrderTimeOut", "OrderProcessor.ShopUnavailable"];
const finalStates = ["COMPLETED", "CANCELLED", "TIMEDOUT", "REFUSED"];
/** How far along an acknowledgement says an order is. */
const rank: Readonly<Record<string, number>> = { CREATED: 0, SUBMITTED: 1, MAKING: 1, COMPLETED: 2, CANCELLED: 2, TIMEDOUT: 2, REFUSED: 2 };

/** Opens the folder, reads its books, lets go of it. */
export async function readBooks(folder: string): Promise<Books> {
  const store = await openStore({
    folder,
    onFailure: (error) => {
      throw error;
    },
  });
  const clock = createManualClock(0);
  const ids = createIds(clock);
  const common = { store, clock, ids, account, region, onError: () => {} };
  try {
    const tables = createTables(common);
    const bus = createEventBus({ ...common, targets: {} });
    const queues = createQueues(common);
    const workflows = createWorkflows({
      ...common,
      integrations: {},
      invokeFunction: () => Promise.reject(new Error("nothing runs here")),
      evaluator: {
        evaluateNow: () => ({ kind: "pending" }),
        evaluate: () => Promise.reject(new Error("nothing runs here")),
      },
      log: () => {},
    });
    const scanTable = <T>(name: string): T[] => scanAll(tables, store, name) as T[];
    const executions = readExecutions((operation, request) => workflows.query(store, operation, request));
    const validator = scanTable<{ PK: string; drinks?: number; availableTokens: number }>("serverlesspresso-validator-table");
    const metrics = scanTable<{ PK: string; SK: string; val: number }>("serverlesspresso-metrics-table");
    return {
      orders: scanTable<OrderRecord>("serverlesspresso-order-table").filter((item) => (item as unknown as { PK: string }).PK === "orders"),
      facts: readFacts(bus, store),
      executions,
      windows: validator.filter((item) => item.drinks !== undefined) as Books["windows"],
      drawn: scanTable<{ PK: string; IDvalue: number }>("serverlesspresso-counting-table").find(({ PK }) => PK === "orderID")?.IDvalue ?? 0,
      metrics: sumByName(metrics.filter(({ PK }) => PK === "Aggregate")),
      logLines: countLogLines(store),
      undelivered: bus.pendingDeliveries(store),
      dead: bus.deadDeliveries(store).length,
      queued: countQueued(queues, store),
      timers: store.scan(rangeOf("timer", "workflow")).length,
    };
  } finally {
    await store.close();
  }
}

function scanAll(tables: ReturnType<typeof createTables>, view: Parameters<typeof tables.query>[0], TableName: string): unknown[] {
  const items: unknown[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = tables.query(view, "Scan", { TableName, ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }) } as JsonObject);
    items.push(...(page.Items as JsonObject[]).map((item) => unmarshall(item as never)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

function readFacts(bus: ReturnType<typeof createEventBus>, view: Parameters<typeof bus.listEvents>[0]): Fact[] {
  const facts: Fact[] = [];
  let from: number | undefined;
  do {
    const page = bus.listEvents(view, { limit: 1000, ...(from === undefined ? {} : { fromSequence: from }) });
    facts.push(
      ...page.events.map(({ envelope }) => ({
        type: envelope["detail-type"],
        atMs: Date.parse(envelope.time),
        detail: envelope.detail as JsonObject,
      })),
    );
    from = page.nextSequence;
  } while (from !== undefined);
  return facts;
}

function readExecutions(query: (operation: string, request: JsonObject) => JsonObject): Map<string, ExecutionRecord> {
  const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:OrderProcessorWorkflow`;
  const found = new Map<string, ExecutionRecord>();
  let nextToken: unknown;
  do {
    const page = query("ListExecutions", {
      stateMachineArn,
      maxResults: 1000,
      ...(nextToken === undefined ? {} : { nextToken }),
    } as JsonObject);
    for (const { executionArn, name, status } of page.executions as { executionArn: string; name: string; status: string }[]) {
      const history = query("GetExecutionHistory", { executionArn, maxResults: 1000 }).events as {
        id: number;
        type: string;
        stateEnteredEventDetails?: { name: string };
      }[];
      const entered = history.flatMap(({ stateEnteredEventDetails }) =>
        stateEnteredEventDetails === undefined ? [] : [stateEnteredEventDetails.name],
      );
      const isWhole = history.every(({ id }, index) => id === index + 1);
      found.set(name, { name, status, types: isWhole ? history.map(({ type }) => type) : ["gap in history"], entered });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

function sumByName(items: readonly { SK: string; val: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { SK, val } of items) {
    const name = SK.slice(SK.indexOf("#") + 1);
    sums.set(name, (sums.get(name) ?? 0) + val);
  }
  return sums;
}

/** Lines of the bus's own log group, from its chunks. */
function countLogLines(view: ReadView): number {
  return view.scan<{ e: unknown[] }>(rangeOf("le", "/aws/events/serverlesspressoEventBus")).reduce((sum, [, { e }]) => sum + e.length, 0);
}

function countQueued(queues: ReturnType<typeof createQueues>, view: Parameters<typeof queues.query>[0]): number {
  const { QueueUrls } = queues.query(view, "ListQueues", {}) as { QueueUrls?: string[] };
  return (QueueUrls ?? []).reduce((sum, QueueUrl) => {
    const { Attributes } = queues.query(view, "GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] }) as {
      Attributes: Record<string, string>;
    };
    return sum + Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
  }, 0);
}

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
