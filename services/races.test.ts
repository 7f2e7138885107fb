/** The races of the domain (X1–X16). Each names what must come out, in whatever order the calls arrive. */
import { names } from "@serverlesspresso/contract";
import type { Identity, Item, JsonObject, JsonValue } from "@serverlesspresso/ports";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, type Bar, openBar } from "./test-support/bar.ts";
import { latte, type Steps, stepsIn } from "./test-support/guest-steps.ts";

let bar: Bar;
let steps: Steps;
beforeEach(async () => {
  bar = await openBar();
  steps = stepsIn(bar);
});
afterEach(async () => {
  expect([bar.errors, bar.inThreads]).toEqual([[], []]);
  await bar.close();
});

const statuses = (answers: readonly Answer[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const { status } of answers) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
};
const many = (count: number): Identity[] => Array.from({ length: count }, (_, at) => bar.guest(`guest-${at}`));
const spend = (guest: Identity, code: string, key?: string) =>
  bar.call(guest, `POST /qr-code?token=${code}`, key === undefined ? {} : { key });
const patch = (orderId: string, set: Item) =>
  bar.tables.updateItem({
    tableName: names.orderTable,
    key: { PK: "orders", SK: orderId },
    updateExpression: `SET ${Object.keys(set)
      .map((name) => `#${name} = :${name}`)
      .join(", ")}`,
    names: Object.fromEntries(Object.keys(set).map((name) => [`#${name}`, name])),
    values: Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
  });

const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
/** The orders whose workflow runs. */
const inProcess = async (): Promise<string[]> => {
  const { executions } = await bar.execute("ListExecutions", { stateMachineArn, statusFilter: "RUNNING", maxResults: 1000 });
  return (executions as readonly JsonObject[]).map(({ name }) => name as string);
};
/** The orders of which there are events of a type. */
const ordersOf = (detailType: string) => new Set(bar.events(detailType).map(({ detail }) => (detail as JsonObject).orderId as string));
/** Until so many orders have been let in or refused, and no other runs than those let in: one that was refused and has not ended yet counts for those who come next. */
const allDecided = async (count: number): Promise<void> => {
  for (let decided = false; !decided; ) {
    await bar.settle();
    const [started, refused] = [ordersOf("OrderProcessor.WorkflowStarted"), ordersOf("OrderProcessor.ShopUnavailable")];
    const finished = ordersOf("OrderProcessor.orderFinished");
    const running = await inProcess();
    decided = started.size + refused.size >= count && running.every((orderId) => started.has(orderId) && !finished.has(orderId));
  }
};
/** Who gets in depends on evaluations, which a busy thread answers later. */
const evaluations = [
  { come: "at once", evaluatesLate: false },
  { come: "late", evaluatesLate: true },
];

describe("spending tokens", () => {
  test("X1: 100 guests, 10 drinks: exactly 10 orders, 90 refusals, nothing left", async () => {
    const code = await steps.code();
    const answers = await bar.finish(Promise.all(many(100).map((guest) => spend(guest, code))));
    expect(statuses(answers)).toEqual({ 201: 10, 429: 90 });
    expect(await steps.remaining()).toBe(0);
    expect(answers.find(({ status }) => status === 429)?.headers).toMatchObject({ "retry-after": "300" });
  });

  test("X2, X3: one guest taps 20 times, on two phones: one order, one token, one answer", async () => {
    const code = await steps.code();
    const ada = bar.guest("ada");
    const answers = await bar.finish(Promise.all(Array.from({ length: 20 }, () => spend(ada, code))));
    expect(statuses(answers)).toEqual({ 201: 20 });
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
    expect(await steps.remaining()).toBe(9);
    await bar.settle();
    expect(bar.events("Validator.NewOrder")).toHaveLength(1);
  });

  test("X3: two windows' codes at once: one open order, and the other window keeps its token", async () => {
    const first = await steps.code();
    await bar.clock.advance(300_000);
    const second = await steps.code();
    const ada = bar.guest("ada");
    const answers = await bar.finish(Promise.all([spend(ada, first), spend(ada, second)]));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  test("X4: 20 displays ask for a new window's code at once: one code", async () => {
    const codes = await Promise.all(Array.from({ length: 20 }, () => steps.code()));
    expect(new Set(codes).size).toBe(1);
  });

  test("X5: at the window's last millisecond and 29 s later it counts against its own window; 31 s later it is over", async () => {
    const code = await steps.code();
    const [a, b, c] = many(3) as [Identity, Identity, Identity];
    const toEndMs = 300_000 - (bar.clock.nowMs() % 300_000);
    await bar.clock.advance(toEndMs - 1);
    expect((await spend(a, code)).status).toBe(201);
    await bar.clock.advance(29_001);
    const next = await steps.code();
    expect(next).not.toBe(code);
    expect((await spend(b, code)).status).toBe(201);
    expect(await steps.remaining()).toBe(10);
    await bar.clock.advance(2_000);
    expect((await spend(c, code)).status).toBe(410);
    expect((await spend(b, code)).status).toBe(201);
  });

  test("a repeat under the same key answers the same order even when that has ended", async () => {
    const ada = bar.guest("ada");
    const code = await steps.code();
    const first = await spend(ada, code, "key-1");
    await bar.settle();
    await steps.act(ada, first.body.orderId as string, "cancel");
    expect(await spend(ada, code, "key-1")).toEqual(first);
    expect((await spend(ada, code, "key-2")).body.orderId).not.toBe(first.body.orderId);
  });

  test("unknown and wrong codes look alike, and after ten of them a minute none is looked at", async () => {
    const eve = bar.guest("eve");
    const code = await steps.code();
    const wrong = `${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`;
    const answers = await Promise.all(
      [wrong, "nonsense", "zzz.zzz", ...Array.from({ length: 7 }, () => wrong)].map((one) => spend(eve, one)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(400);
    expect((await spend(eve, code)).status).toBe(429);
    expect((await spend(bar.guest("ada"), code)).status).toBe(201);
    await bar.clock.advance(60_000);
    expect((await spend(eve, code)).status).toBe(201);
  });

  test("X15: the day's limit is the shop's own day; cancelled and timed-out drinks do not count", async () => {
    await bar.call(bar.barista, "PUT /config", { body: { maxDrinksPerUserPerDay: 1, timeZone: "America/Sao_Paulo" } });
    const ada = bar.guest("ada");
    const cancelled = await steps.scan(ada);
    await steps.act(ada, cancelled, "cancel");
    const timedOut = await steps.scan(ada);
    await bar.clock.advance(300_000);
    expect(await steps.state(timedOut)).toBe("TIMEDOUT");
    const drunk = await steps.order(ada);
    await steps.act(bar.barista, drunk, "complete");
    expect(await spend(ada, await steps.code())).toMatchObject({ status: 409, body: { type: expect.stringContaining("daily-limit") } });
    // It is 09:05 in UTC and 06:05 in São Paulo: midnight in UTC is not yet a new day there.
    await bar.clock.advance(17 * 3_600_000);
    expect((await spend(ada, await steps.code())).status).toBe(409);
    await bar.clock.advance(3_600_000);
    expect((await spend(ada, await steps.code())).status).toBe(201);
  });
});

describe("the queue", () => {
  test.each(evaluations)(
    "X6: 100 orders at once, 20 places: exactly 20 get in: evaluations come $come",
    async ({ evaluatesLate }) => {
      bar.evaluatesLate = evaluatesLate;
      const starts = many(100).map(({ sub }) => {
        const input = JSON.stringify({ detail: { orderId: sub, userId: sub } });
        return bar.execute("StartExecution", { stateMachineArn, name: sub, input });
      });
      await Promise.all(starts);
      await allDecided(100);
      expect(bar.events("OrderProcessor.WorkflowStarted")).toHaveLength(20);
      expect(bar.events("OrderProcessor.ShopUnavailable")).toHaveLength(80);
    },
    60_000,
  );
});

describe("choosing", () => {
  test("X8: the drink comes before the token: nobody waits, and the token's coming resumes", async () => {
    bar.held.add("WorkflowStarted");
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    const startMs = bar.clock.nowMs();
    expect(await steps.place(ada, orderId)).toMatchObject({ status: 200, body: { orderState: "SUBMITTED" } });
    expect(bar.clock.nowMs()).toBe(startMs);
    await bar.settle();
    expect(steps.story(orderId)).not.toContain("OrderProcessor.WaitingCompletion");
    await bar.invoke("WorkflowStarted", bar.events("OrderProcessor.WorkflowStarted").at(-1) as unknown as JsonValue);
    await bar.settle();
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "SUBMITTED", orderNumber: 1 });
  });

  test("X8: a token that never comes: the workflow goes on by itself when the guest's time is up", async () => {
    bar.held.add("WorkflowStarted");
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    expect((await steps.place(ada, orderId)).status).toBe(200);
    await bar.clock.advance(300_000);
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "SUBMITTED", orderNumber: 1 });
    expect(bar.events("OrderProcessor.OrderTimeOut")).toEqual([]);
  });

  test("a drink is chosen before the shop has admitted the order; refused, it is refused with its drink", async () => {
    bar.held.add("NewOrder");
    const ada = bar.guest("ada");
    const [first, second] = [await steps.scan(ada), await steps.scan(bar.guest("bob"))];
    for (const [who, orderId] of [
      [ada, first],
      [bar.guest("bob"), second],
    ] as const)
      expect((await steps.place(who, orderId)).status).toBe(200);
    await bar.putEvent("Validator.NewOrder", { orderId: first, userId: "ada" });
    expect(await bar.order(first)).toMatchObject({ ORDERSTATE: "SUBMITTED", orderNumber: 1, TaskToken: expect.any(String) });
    await bar.call(bar.barista, "PUT /store?state=closed");
    await bar.putEvent("Validator.NewOrder", { orderId: second, userId: "bob" });
    expect(await bar.order(second)).toMatchObject({ ORDERSTATE: "REFUSED", reason: "closed" });
  });

  test("an order that was cancelled before the shop refuses it ends as cancelled, and nothing else is said of it", async () => {
    bar.held.add("NewOrder");
    const orderId = await steps.scan(bar.guest("ada"));
    expect((await steps.act(bar.guest("ada"), orderId, "cancel")).status).toBe(200);
    await bar.call(bar.barista, "PUT /store?state=closed");
    await bar.putEvent("Validator.NewOrder", { orderId, userId: "ada" });
    expect(await steps.state(orderId)).toBe("CANCELLED");
    expect(bar.events("OrderProcessor.ShopUnavailable")).toEqual([]);
    expect(bar.events("OrderProcessor.orderFinished")[0]?.detail).toMatchObject({ orderId, outcome: "cancelled" });
  });

  test("X9: the drink at the very instant of the timeout: one wins, and all agree", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    bar.held.add("OrderTimedOut");
    await bar.clock.advance(300_000);
    const answer = await steps.place(ada, orderId);
    expect(answer).toMatchObject({ status: 409, body: { type: expect.stringContaining("order-timed-out") } });
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "CREATED", drinkOrder: "null" });
    await bar.invoke("OrderTimedOut", bar.events("OrderProcessor.OrderTimeOut")[0] as unknown as JsonValue);
    expect(await steps.state(orderId)).toBe("TIMEDOUT");
    expect(steps.story(orderId)).not.toContain("OrderManager.WaitingCompletion");
  });

  test("the same drink twice is one order; another drink comes too late", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    const answers = await bar.finish(Promise.all([1, 2, 3].map(() => bar.call(ada, `PUT /orders/${orderId}`, { body: latte }))));
    expect(statuses(answers)).toEqual({ 200: 3 });
    await bar.settle();
    expect(bar.events("OrderManager.WaitingCompletion")).toHaveLength(1);
    expect((await steps.place(ada, orderId, { ...latte, drink: "Espresso", modifiers: [] })).status).toBe(409);
    expect((await steps.place(ada, orderId)).status).toBe(200);
  });

  test("two different drinks at once: one is ordered", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    const espresso = { drink: "Espresso", name: "Ada" };
    const answers = await bar.finish(Promise.all([latte, espresso].map((body) => bar.call(ada, `PUT /orders/${orderId}`, { body }))));
    expect(statuses(answers)).toEqual({ 200: 1, 409: 1 });
  });
});

describe("at the bar", () => {
  test("X10: two baristas claim: one gets it, the other is told without a name", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    const answers = await Promise.all([steps.act(bar.barista, orderId, "make"), steps.act(bar.colleague, orderId, "claimOrder")]);
    expect(statuses(answers)).toEqual({ 200: 1, 409: 1 });
    expect(JSON.stringify(answers.find(({ status }) => status === 409))).not.toContain("barista-");
    expect(bar.events("OrderManager.MakeOrder")).toHaveLength(1);
  });

  test("making twice is making once; putting back what nobody makes is refused, but a repeat is answered", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    expect((await steps.act(bar.barista, orderId, "unmake")).status).toBe(409);
    const first = await steps.act(bar.barista, orderId, "make");
    expect(await steps.act(bar.barista, orderId, "make")).toEqual(first);
    expect((await steps.act(bar.colleague, orderId, "unmake")).body).toMatchObject({ orderState: "SUBMITTED", baristaUserId: "" });
    expect((await steps.act(bar.colleague, orderId, "unmake")).status).toBe(200);
    expect((await steps.act(bar.barista, orderId, "unmake")).status).toBe(409);
    expect(bar.events("OrderManager.MakeOrder").map(({ detail }) => (detail as JsonObject).baristaUserId)).toEqual(["barista-1", ""]);
  });

  const ends = ["complete", "cancel by guest", "cancel by bar", "timeout"] as const;
  const permutations = (all: readonly (typeof ends)[number][]): (typeof ends)[number][][] =>
    all.length === 0 ? [[]] : all.flatMap((one) => permutations(all.filter((other) => other !== one)).map((rest) => [one, ...rest]));

  test.each(permutations(ends).map((order) => ({ order })))("X11: $order: one end, one event, all agree", async ({ order }) => {
    const ada = bar.guest("ada");
    const orderId = await steps.order(ada);
    await steps.act(bar.barista, orderId, "make");
    await bar.clock.advance(899_990);
    const end = {
      complete: () => bar.call(bar.barista, `PUT /orders/${orderId}?action=complete`),
      "cancel by guest": () => bar.call(ada, `PUT /orders/${orderId}?action=cancel`),
      "cancel by bar": () => bar.call(bar.colleague, `PUT /orders/${orderId}?action=cancel`),
      timeout: () => bar.clock.advance(100).then(() => undefined),
    };
    const answers = (await bar.finish(Promise.all(order.map((one) => end[one]())))).filter((answer) => answer !== undefined);
    await bar.clock.advance(1_000);
    const state = await steps.state(orderId);
    const finals = steps.story(orderId).filter((type) => /OrderCompleted|OrderCancelled|OrderTimeOut/.test(type));
    const expected = {
      COMPLETED: "OrderManager.OrderCompleted",
      CANCELLED: "OrderManager.OrderCancelled",
      TIMEDOUT: "OrderProcessor.OrderTimeOut",
    };
    expect(finals).toEqual([expected[state as keyof typeof expected]]);
    const finished = bar.events("OrderProcessor.orderFinished").map(({ detail }) => (detail as JsonObject).outcome);
    expect(finished).toEqual(state === "TIMEDOUT" ? [] : [String(state).toLowerCase()]);
    expect(bar.executionStatus(orderId)).toBe("SUCCEEDED");
    const won = answers.filter(({ status }) => status === 200).map(({ body }) => body.orderState);
    expect(new Set(won).size).toBeLessThanOrEqual(1);
    if (state !== "TIMEDOUT") expect(won[0]).toBe(state);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  });
});

describe("the time ran out, the order is not closed yet", () => {
  const endsTold = () =>
    bar.published.filter(({ payload }) =>
      ["OrderProcessor.OrderTimeOut", "OrderProcessor.ShopUnavailable"].includes(payload.type as string),
    );
  const close = async (detailType: string) => bar.invoke("OrderTimedOut", bar.events(detailType)[0] as unknown as JsonValue);

  test("phones, tablets and displays hear of the end once it is written", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    bar.held.add("OrderTimedOut");
    await bar.clock.advance(300_000);
    expect(bar.events("OrderProcessor.OrderTimeOut")).toHaveLength(1);
    expect(endsTold()).toEqual([]);
    await close("OrderProcessor.OrderTimeOut");
    expect(await steps.state(orderId)).toBe("TIMEDOUT");
    expect(endsTold().map(({ topic, payload }) => [topic, (payload.detail as JsonObject).orderId])).toEqual([
      [names.adminTopic, orderId],
      [`${names.userTopicPrefix}ada`, orderId],
    ]);
  });

  test("a refusal likewise", async () => {
    const ada = bar.guest("ada");
    const code = await steps.code();
    bar.held.add("OrderTimedOut");
    await bar.call(bar.barista, "PUT /config", { body: { maxOrdersInQueue: 1 } });
    await spend(bar.guest("first"), code);
    await spend(ada, code);
    await bar.settle();
    expect(bar.events("OrderProcessor.ShopUnavailable")).toHaveLength(1);
    expect(endsTold()).toEqual([]);
    await close("OrderProcessor.ShopUnavailable");
    expect(endsTold().map(({ topic }) => topic)).toEqual([names.adminTopic, `${names.userTopicPrefix}ada`]);
  });

  test("an end that comes after another end is not told", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    bar.held.add("OrderTimedOut");
    await bar.clock.advance(300_000);
    await patch(orderId, { ORDERSTATE: "COMPLETED" });
    await close("OrderProcessor.OrderTimeOut");
    expect(endsTold()).toEqual([]);
  });

  test.each([
    { action: "complete", prepare: ["make"], state: "MAKING" },
    { action: "cancel", prepare: [], state: "SUBMITTED" },
  ])("$action comes too late and leaves $state as it was", async ({ action, prepare, state }) => {
    const orderId = await steps.order(bar.guest("ada"));
    for (const before of prepare) await steps.act(bar.barista, orderId, before);
    bar.held.add("OrderTimedOut");
    await bar.clock.advance(900_000);
    expect(await steps.act(bar.barista, orderId, action)).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining("order-timed-out") },
    });
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: state, reason: "" });
    await bar.invoke("OrderTimedOut", bar.events("OrderProcessor.OrderTimeOut")[0] as unknown as JsonValue);
    expect(await steps.state(orderId)).toBe("TIMEDOUT");
    expect(steps.story(orderId)).not.toContain("OrderManager.OrderCancelled");
    expect(steps.story(orderId)).not.toContain("OrderManager.OrderCompleted");
  });
});

describe("X7: places that free while others wait to start", () => {
  test.each(evaluations)("are given to those who come next, and none is lost: evaluations come $come", async ({ evaluatesLate }) => {
    await bar.call(bar.barista, "PUT /config", { body: { maxOrdersInQueue: 3, drinksPerBarcode: 200 } });
    const first = [];
    for (const guest of many(3)) first.push(await steps.order(guest));
    await bar.clock.advance(300_000);
    const code = await steps.code();
    const scans = (who: string) => Array.from({ length: 30 }, (_, at) => spend(bar.guest(`${who}-${at}`), code));
    bar.evaluatesLate = evaluatesLate;
    const ends = first.map((orderId) => bar.call(bar.barista, `PUT /orders/${orderId}?action=complete`));
    expect(statuses(await Promise.all([...scans("meanwhile"), ...ends]))).toEqual({ 200: 3, 201: 30 });
    await allDecided(3 + 30);
    // Who comes while three are still in process is refused rightly, and how many do is up to who is faster.
    expect((await inProcess()).length).toBeLessThanOrEqual(3);
    await Promise.all(scans("next"));
    await allDecided(3 + 30 + 30);
    expect(await inProcess()).toHaveLength(3);
  });
});

describe("X12: a call that stopped half way is finished by its repeat", () => {
  test("the drink was stored, the workflow not resumed", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    await patch(orderId, { ORDERSTATE: "SUBMITTED", drinkOrder: JSON.stringify({ drink: "Latte", modifiers: ["Oat"] }), name: "Ada" });
    expect((await steps.place(ada, orderId)).status).toBe(200);
    await bar.settle();
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "SUBMITTED", orderNumber: 1 });
  });

  test("the drink was stored, nobody repeats: at the timeout the workflow goes on", async () => {
    const orderId = await steps.scan(bar.guest("ada"));
    await patch(orderId, { ORDERSTATE: "SUBMITTED", drinkOrder: JSON.stringify({ drink: "Latte", modifiers: [] }) });
    await bar.clock.advance(300_000);
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "SUBMITTED", orderNumber: 1 });
    expect(bar.events("OrderProcessor.OrderTimeOut")).toEqual([]);
  });

  test.each([
    { action: "complete", state: "COMPLETED", type: "OrderManager.OrderCompleted", outcome: "completed" },
    { action: "cancel", state: "CANCELLED", type: "OrderManager.OrderCancelled", outcome: "cancelled" },
  ])("$action was written, neither resumed nor told", async ({ action, state, type, outcome }) => {
    const orderId = await steps.order(bar.guest("ada"));
    await patch(orderId, { ORDERSTATE: state, pending: type });
    expect(await steps.act(bar.barista, orderId, action)).toMatchObject({ status: 200, body: { orderState: state } });
    await bar.settle();
    expect(bar.events(type)).toHaveLength(1);
    expect(bar.events("OrderProcessor.orderFinished")[0]?.detail).toMatchObject({ outcome });
    expect(await bar.order(orderId)).not.toHaveProperty("TaskToken");
    expect((await steps.act(bar.barista, orderId, action)).status).toBe(200);
    expect(bar.events(type)).toHaveLength(1);
  });

  test("complete was written and resumed, not told", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    await patch(orderId, { ORDERSTATE: "COMPLETED", pending: "OrderManager.OrderCompleted" });
    const taskToken = (await bar.order(orderId))?.TaskToken as string;
    await bar.execute("SendTaskSuccess", { taskToken, output: JSON.stringify({ ORDERSTATE: "COMPLETED" }) });
    expect((await steps.act(bar.barista, orderId, "complete")).status).toBe(200);
    expect(bar.events("OrderManager.OrderCompleted")).toHaveLength(1);
    expect(bar.events("OrderProcessor.orderFinished")).toHaveLength(1);
  });

  test("complete was written, nobody repeats: the workflow never says that it timed out", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    await patch(orderId, { ORDERSTATE: "COMPLETED", pending: "OrderManager.OrderCompleted" });
    await bar.clock.advance(900_000);
    expect(bar.events("OrderProcessor.OrderTimeOut")).toEqual([]);
    expect(bar.events("OrderProcessor.orderFinished")[0]?.detail).toMatchObject({ outcome: "completed" });
  });

  test("make was written, not told", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    await patch(orderId, { ORDERSTATE: "MAKING", baristaUserId: "barista-1", pending: "OrderManager.MakeOrder" });
    expect((await steps.act(bar.barista, orderId, "make")).status).toBe(200);
    expect(bar.events("OrderManager.MakeOrder")).toHaveLength(1);
    expect(await bar.order(orderId)).not.toHaveProperty("pending");
  });

  test("the order's number and token were stored, the bar not told", async () => {
    bar.held.add("WaitingCompletion");
    const orderId = await steps.order(bar.guest("ada"));
    const waiting = bar.events("OrderProcessor.WaitingCompletion")[0] as unknown as JsonValue;
    await bar.invoke("WaitingCompletion", waiting);
    await patch(orderId, { untold: true });
    await bar.invoke("WaitingCompletion", waiting);
    await bar.invoke("WaitingCompletion", waiting);
    expect(bar.events("OrderManager.WaitingCompletion")).toHaveLength(2);
  });
});

describe("X13: repeated and reordered deliveries", () => {
  test("every event again, and all backwards: nothing changes", async () => {
    const ada = bar.guest("ada");
    const done = await steps.order(ada);
    await steps.act(bar.barista, done, "make");
    await steps.act(bar.barista, done, "complete");
    const open = await steps.order(bar.guest("bob"));
    const late = await steps.scan(bar.guest("cem"));
    await bar.clock.advance(300_000);
    const before = [await bar.order(done), await bar.order(open), await bar.order(late), bar.events().length];
    const handlers: Record<string, string> = {
      "OrderProcessor.WorkflowStarted": "WorkflowStarted",
      "OrderProcessor.WaitingCompletion": "WaitingCompletion",
      "OrderProcessor.OrderTimeOut": "OrderTimedOut",
    };
    for (const envelope of [...bar.events(), ...bar.events().toReversed()]) {
      const handler = handlers[envelope["detail-type"]];
      if (handler !== undefined) await bar.invoke(handler, envelope as unknown as JsonValue);
    }
    const again = bar.events("Validator.NewOrder").map(({ detail }) => detail as JsonObject);
    for (const detail of again) await bar.putEvent("Validator.NewOrder", detail);
    const after = [await bar.order(done), await bar.order(open), await bar.order(late), bar.events().length - again.length];
    expect(after).toEqual(before);
    const window = await bar.tables.getItem({
      tableName: names.validatorTable,
      key: { PK: String(Math.floor(Date.UTC(2026, 0, 1, 9) / 300_000)) },
    });
    expect(window?.availableTokens).toBe(8);
  });

  test("the late event of a refusal does not touch an order that went on", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    await steps.act(bar.barista, orderId, "complete");
    await bar.putEvent("OrderProcessor.OrderTimeOut", { orderId, userId: "ada", cause: "Barista timedout" });
    expect(await steps.state(orderId)).toBe("COMPLETED");
  });
});
