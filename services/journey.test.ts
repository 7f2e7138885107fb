/** The journeys of docs/spec.md section 1, on the real engines. */
import { names } from "@serverlesspresso/contract";
import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bar, openBar } from "./test-support/bar.ts";
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
/** Scans once more: of the guest's orders only the new one is open. */
async function scansAgain(user: string): Promise<void> {
  const orderId = await steps.scan(bar.guest(user));
  const item = await bar.tables.getItem({ tableName: names.validatorTable, key: { PK: `user#${user}` } });
  expect(item?.openOrders).toEqual(new Set([orderId]));
}

test("from scan to pick-up: states, numbers, events, and nothing left behind", async () => {
  const ada = bar.guest("ada");
  const orderId = await steps.scan(ada);
  expect(bar.executionStatus(orderId)).toBe("RUNNING");
  expect(await steps.place(ada, orderId)).toEqual({
    status: 200,
    body: {
      orderId,
      orderNumber: null,
      orderState: "SUBMITTED",
      name: "Ada",
      note: "",
      drinkOrder: { drink: "Latte", modifiers: ["Oat"] },
      reason: "",
      createdMs: bar.clock.nowMs(),
      updatedMs: expect.any(Number),
    },
  });
  await bar.settle();
  const made = await steps.act(bar.barista, orderId, "make");
  expect(made).toMatchObject({ status: 200, body: { orderNumber: 1, orderState: "MAKING", baristaUserId: "barista-1", userId: "ada" } });
  expect(await steps.act(bar.barista, orderId, "complete")).toMatchObject({ status: 200, body: { orderState: "COMPLETED" } });
  await bar.settle();
  expect(bar.executionStatus(orderId)).toBe("SUCCEEDED");
  expect(steps.story(orderId).toSorted()).toEqual([
    "OrderManager.MakeOrder",
    "OrderManager.OrderCompleted",
    "OrderManager.WaitingCompletion",
    "OrderProcessor.WaitingCompletion",
    "OrderProcessor.WorkflowStarted",
    "OrderProcessor.orderFinished",
    "Validator.NewOrder",
  ]);
  expect(await bar.order(orderId)).not.toMatchObject({ TaskToken: expect.anything() });
  expect(await bar.order(orderId)).not.toHaveProperty("pending");
  expect(await bar.order(orderId)).not.toHaveProperty("untold");
  await scansAgain("ada");
});

test("a task token goes to no topic and into no answer", async () => {
  const ada = bar.guest("ada");
  const orderId = await steps.order(ada);
  const answers = [
    await bar.call(ada, `GET /orders/${orderId}`),
    await bar.call(ada, "GET /myOrders"),
    await bar.call(bar.barista, "GET /orders"),
    await steps.act(bar.barista, orderId, "make"),
  ];
  const token = (await bar.order(orderId))?.TaskToken as string;
  expect(token.length).toBeGreaterThan(20);
  expect(JSON.stringify([answers, bar.published])).not.toContain(token);
  expect(JSON.stringify([answers, bar.published])).not.toMatch(/tasktoken/i);
  expect(new Set(bar.published.map(({ topic }) => topic))).toEqual(
    new Set(["serverlesspresso-admin", "serverlesspresso-config", "serverlesspresso-user-ada"]),
  );
});

test("every stamp of an order is later than the one before", async () => {
  const orderId = await steps.order(bar.guest("ada"));
  for (const action of ["make", "unmake", "make", "complete"]) expect((await steps.act(bar.barista, orderId, action)).status).toBe(200);
  const stamps = bar
    .events()
    .map(({ detail }) => detail as JsonObject)
    .filter((detail) => detail.orderId === orderId && typeof detail.TS === "number")
    .map(({ TS }) => TS as number);
  expect(stamps).toEqual([...new Set(stamps)].toSorted((a, b) => a - b));
  expect((await bar.order(orderId))?.TS).toBe(stamps.at(-1));
});

describe("nobody acts in time", () => {
  test("the guest: closed after 5 minutes, the token and the place given back", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    const startMs = bar.clock.nowMs();
    expect(await steps.remaining()).toBe(9);
    await bar.clock.advance(299_999);
    expect(await steps.state(orderId)).toBe("CREATED");
    await bar.clock.advance(1);
    expect(bar.events("OrderProcessor.OrderTimeOut")[0]?.detail).toMatchObject({ orderId, userId: "ada", cause: "Customer timedout" });
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "TIMEDOUT", reason: "Customer timedout" });
    expect(bar.executionStatus(orderId)).toBe("SUCCEEDED");
    const window = await bar.tables.getItem({ tableName: names.validatorTable, key: { PK: String(Math.floor(startMs / 300_000)) } });
    expect(window?.availableTokens).toBe(10);
    expect((await steps.place(ada, orderId)).status).toBe(409);
    await steps.scan(ada);
  });

  test("the bar: closed after 15 minutes, no token given back", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    await bar.clock.advance(900_000);
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "TIMEDOUT", reason: "Barista timedout" });
    expect(steps.story(orderId)).not.toContain("OrderProcessor.orderFinished");
    expect((await steps.act(bar.barista, orderId, "complete")).status).toBe(409);
    expect((await steps.act(bar.barista, orderId, "cancel")).status).toBe(409);
    await scansAgain("ada");
  });

  test("the times are those of the configuration", async () => {
    await bar.call(bar.barista, "PUT /config", { body: { customerTimeoutSeconds: 20, baristaTimeoutSeconds: 30 } });
    const first = await steps.scan(bar.guest("ada"));
    const second = await steps.order(bar.guest("bob"));
    await bar.clock.advance(20_000);
    expect(await steps.state(first)).toBe("TIMEDOUT");
    expect(await steps.state(second)).toBe("SUBMITTED");
    await bar.clock.advance(10_000);
    expect(await steps.state(second)).toBe("TIMEDOUT");
  });
});

describe("the shop refuses", () => {
  test("closed between scan and start: the order is refused and costs nothing", async () => {
    const ada = bar.guest("ada");
    bar.held.add("NewOrder");
    const orderId = await steps.scan(ada);
    await bar.call(bar.barista, "PUT /store?state=closed");
    bar.held.clear();
    await bar.putEvent("Validator.NewOrder", { orderId, userId: "ada" });
    expect(bar.events("OrderProcessor.ShopUnavailable")[0]?.detail).toMatchObject({ orderId, userId: "ada", reason: "closed" });
    expect(await bar.order(orderId)).toMatchObject({ ORDERSTATE: "REFUSED", reason: "closed" });
    expect(await steps.remaining()).toBe(10);
    await bar.call(bar.barista, "PUT /store?state=open");
    await scansAgain("ada");
  });

  test("a pause ends by itself, for codes and workflows alike", async () => {
    const paused = await bar.call(bar.barista, "PUT /store?state=closed&minutes=5");
    expect(paused.body).toMatchObject({ storeOpen: false, reopensAt: "2026-01-01T09:05:00.000Z" });
    const ada = bar.guest("ada");
    expect(await bar.call(ada, `POST /qr-code?token=${await steps.code()}`)).toMatchObject({ status: 503 });
    await bar.clock.advance(300_000);
    expect((await bar.call(null, "GET /config")).body).toMatchObject({ storeOpen: true, reopensAt: null });
    const orderId = await steps.order(ada);
    expect(await steps.state(orderId)).toBe("SUBMITTED");
  });

  test("the 21st is refused as full; a place that frees goes to the next", async () => {
    await bar.call(bar.barista, "PUT /config", { body: { maxOrdersInQueue: 2 } });
    const first = await steps.scan(bar.guest("a"));
    await steps.scan(bar.guest("b"));
    const third = await steps.scan(bar.guest("c"));
    expect(await bar.order(third)).toMatchObject({ ORDERSTATE: "REFUSED", reason: "full" });
    expect((await steps.act(bar.guest("a"), first, "cancel")).status).toBe(200);
    await bar.settle();
    expect(await steps.state(await steps.scan(bar.guest("c")))).toBe("CREATED");
  });
});

describe("cancelling", () => {
  test.each([
    { state: "CREATED", prepare: async (_: string) => {}, orderNumber: null },
    { state: "SUBMITTED", prepare: async (orderId: string) => void (await steps.place(bar.guest("ada"), orderId)), orderNumber: 1 },
    {
      state: "MAKING",
      async prepare(orderId: string) {
        await steps.place(bar.guest("ada"), orderId);
        await bar.settle();
        await steps.act(bar.barista, orderId, "make");
      },
      orderNumber: 1,
    },
  ])("from $state by its guest", async ({ prepare, orderNumber }) => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    await prepare(orderId);
    await bar.settle();
    const answer = await steps.act(ada, orderId, "cancel", { reason: "in a hurry" });
    expect(answer).toMatchObject({ status: 200, body: { orderState: "CANCELLED", reason: "in a hurry", orderNumber } });
    await bar.settle();
    expect(bar.executionStatus(orderId)).toBe("SUCCEEDED");
    expect(bar.events("OrderProcessor.orderFinished")[0]?.detail).toMatchObject({ orderId, userId: "ada", outcome: "cancelled" });
    expect(bar.events("OrderManager.OrderCancelled")[0]?.detail).toMatchObject({ orderId, orderNumber, ORDERSTATE: "CANCELLED" });
    expect(await steps.act(ada, orderId, "cancelOrder")).toEqual(answer);
    expect(bar.events("OrderManager.OrderCancelled")).toHaveLength(1);
    if (orderNumber === null) await scansAgain("ada");
  });
});

describe("who may do what", () => {
  test("a stranger's order and an unknown one look alike", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    const stranger = bar.guest("eve");
    for (const action of ["placeOrder", "cancel"]) {
      const [foreign, unknown] = [await steps.act(stranger, orderId, action, latte), await steps.act(stranger, "nothing", action, latte)];
      expect(foreign.status).toBe(404);
      expect(foreign).toEqual(unknown);
    }
    expect(await bar.call(stranger, `GET /orders/${orderId}`)).toEqual(await bar.call(stranger, "GET /orders/nothing"));
    expect((await bar.call(stranger, "GET /myOrders")).body.orders).toEqual([]);
  });

  test.each(["make", "claimOrder", "unmake", "complete", "completeOrder", "announce"])("%s is the bar's alone", async (action) => {
    const ada = bar.guest("ada");
    const orderId = await steps.order(ada);
    expect(await steps.act(ada, orderId, action)).toMatchObject({ status: 403, body: { type: expect.stringContaining("not-allowed") } });
    expect(await steps.state(orderId)).toBe("SUBMITTED");
  });

  test("the bar does not choose a guest's drink", async () => {
    const orderId = await steps.scan(bar.guest("ada"));
    expect((await steps.place(bar.barista, orderId)).status).toBe(403);
  });

  test("an unknown action is no action", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    expect((await steps.act(bar.barista, orderId, "drink")).status).toBe(400);
  });

  test("the body's word on users, states and numbers is refused", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    for (const field of ["ORDERSTATE", "orderNumber", "TaskToken", "baristaUserId", "robot"]) {
      expect((await steps.place(ada, orderId, { ...latte, [field]: "x" })).status).toBe(422);
    }
    expect(await steps.state(orderId)).toBe("CREATED");
    const { status, body } = await steps.place(ada, orderId, { ...latte, userId: "x", icon: "x" });
    expect([status, JSON.stringify(body).includes('"x"')]).toEqual([200, false]);
  });
});

describe("wrong orders", () => {
  test.each([
    { body: {}, says: /choose a drink/i },
    { body: { drink: "Absinthe" }, says: /no "Absinthe"/ },
    { body: { drink: "Espresso", modifiers: ["Oat"] }, says: /no option "Oat"/ },
    { body: { drink: "Latte", modifiers: ["Oat", "Regular"] }, says: /only one of Milk/i },
    { body: { drink: "Latte", modifiers: ["Oat", "Oat"] }, says: /twice/ },
    { body: { drink: "Latte", note: "x".repeat(81) }, says: /note/i },
  ])("$body", async ({ body, says }) => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    const answer = await steps.place(ada, orderId, body);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(says);
    expect(await steps.state(orderId)).toBe("CREATED");
    expect((await steps.place(ada, orderId)).status).toBe(200);
  });

  test("sold out while choosing", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.scan(ada);
    const { menu } = (await bar.call(null, "GET /config")).body as { readonly menu: readonly JsonObject[] };
    const soldOut = menu.map((entry) => (entry.drink === "Latte" ? { ...entry, available: false } : entry));
    expect((await bar.call(bar.barista, "PUT /menu", { body: soldOut })).status).toBe(200);
    expect(await steps.place(ada, orderId)).toMatchObject({ status: 422, body: { detail: "Latte is sold out." } });
  });
});

describe("at the counter", () => {
  test("a coffee that is poured at once is completed without a claim", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    expect((await steps.act(bar.colleague, orderId, "completeOrder")).body).toMatchObject({ orderState: "COMPLETED", baristaUserId: "" });
  });

  test("a completed drink is called again and stays as it is; another is not called", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    expect((await steps.act(bar.barista, orderId, "announce")).status).toBe(409);
    const completed = await steps.act(bar.barista, orderId, "complete");
    const before = await bar.order(orderId);
    expect(await steps.act(bar.barista, orderId, "announce")).toEqual(completed);
    expect(await bar.order(orderId)).toEqual(before);
    expect(bar.events("OrderManager.OrderAnnounced")[0]?.detail).toMatchObject({ orderId, userId: "ada", orderNumber: 1, TS: before?.TS });
  });

  test.each(["make", "unmake", "complete"])("%s needs a drink to be chosen", async (action) => {
    const orderId = await steps.scan(bar.guest("ada"));
    expect(await steps.act(bar.barista, orderId, action)).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining("not-placed") },
    });
  });

  test.each(["make", "unmake", "cancel", "placeOrder"])("%s on a completed order changes nothing", async (action) => {
    const ada = bar.guest("ada");
    const orderId = await steps.order(ada);
    await steps.act(bar.barista, orderId, "complete");
    const before = [await bar.order(orderId), bar.events().length];
    const who = action === "placeOrder" ? ada : bar.barista;
    expect((await steps.act(who, orderId, action, action === "placeOrder" ? latte : {})).status).toBe(409);
    expect([await bar.order(orderId), bar.events().length]).toEqual(before);
  });
});

describe("reading", () => {
  test("pages are whole, newest first, and hold no order twice", async () => {
    await bar.call(bar.barista, "PUT /config", { body: { drinksPerBarcode: 50, maxOrdersInQueue: 50 } });
    const made: string[] = [];
    for (let i = 0; i < 7; i++) {
      made.push(await steps.order(bar.guest(`g${i}`)));
      await bar.clock.advance(10);
    }
    for (const path of ["/orders?", "/orders?state=SUBMITTED&"]) {
      const read: string[] = [];
      let next: unknown = "";
      do {
        const answer = await bar.call(bar.barista, `GET ${path}maxItems=3${next === "" ? "" : `&next=${String(next)}`}`);
        expect(answer.status).toBe(200);
        read.push(...(answer.body.orders as readonly JsonObject[]).map(({ orderId }) => orderId as string));
        next = answer.body.next;
      } while (next !== null);
      expect(read).toEqual(made.toReversed());
    }
    const mine = await bar.call(bar.guest("g3"), "GET /myOrders");
    expect(mine.body).toMatchObject({ orders: [{ orderId: made[3], drinkOrder: { drink: "Latte" } }], next: null });
    expect(JSON.stringify(mine.body)).not.toContain("userId");
  });

  test.each(["nonsense", "WyIiXQ", "e30", "W3siYSI6MX1d"])("a next that no page answered is refused: %s", async (next) => {
    for (const path of [`/orders?next=${next}`, `/orders?state=MAKING&next=${next}`]) {
      expect((await bar.call(bar.barista, `GET ${path}`)).status).toBe(400);
    }
    expect((await bar.call(bar.guest("ada"), `GET /myOrders?next=${next}`)).status).toBe(400);
  });
});

describe("by hand", () => {
  const manage = async (input: JsonObject): Promise<JsonObject> => {
    const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderManagerStateMachine";
    const { status, output } = await bar.finish(bar.workflows.startSyncExecution({ stateMachineArn, input: JSON.stringify(input) }));
    expect(status).toBe("SUCCEEDED");
    return JSON.parse(output as string) as JsonObject;
  };

  test("an order manager started without anybody's name changes nothing", async () => {
    const orderId = await steps.order(bar.guest("ada"));
    const before = await bar.order(orderId);
    for (const input of [{ action: "cancel", orderId }, { action: "make", orderId }, { orderId }, { orderId, body: 1 }, {}])
      expect(await manage(input)).toMatchObject({ statusCode: 401 });
    expect(await manage({ action: "drink", orderId, baristaUserId: "3" })).toMatchObject({ statusCode: 400 });
    expect(await manage({ action: "make", orderId, body: { userId: "ada" } })).toMatchObject({ statusCode: 403 });
    expect(await manage({ action: "make", baristaUserId: "3" })).toMatchObject({ statusCode: 404 });
    expect(await manage({ action: "cancel", orderId, body: { userId: "eve" } })).toMatchObject({ statusCode: 404 });
    expect(await bar.order(orderId)).toEqual(before);
  });

  test("an order manager started in the workshop's words does what the API does: guest and barista are those named", async () => {
    const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
    await bar.execute("StartExecution", { stateMachineArn, input: JSON.stringify({ detail: { orderId: "2", userId: "1" } }) });
    await bar.settle();
    const body = { userId: "1", drink: "Cappuccino", modifiers: [], icon: "barista-icons_cappuccino-alternative" };
    const named = { orderId: "2", baristaUserId: "3" };
    expect(await manage({ ...named, action: "placeOrder", body: { ...body, drink: "milkshake" } })).toMatchObject({ statusCode: 422 });
    expect(await manage({ ...named, action: "placeOrder", body: { ...body, userId: "9" } })).toMatchObject({ statusCode: 404 });
    const placed = { orderState: "SUBMITTED", drinkOrder: { drink: "Cappuccino", modifiers: [] } };
    for (const action of ["", "placeOrder"])
      expect(await manage({ ...named, action, body })).toMatchObject({ statusCode: 200, body: placed });
    await bar.settle();
    expect(await bar.order("2")).toMatchObject({ orderNumber: 1 });
    const made = { orderState: "MAKING", baristaUserId: "3", userId: "1", orderNumber: 1 };
    expect(await manage({ ...named, action: "make", body: {} })).toMatchObject({ statusCode: 200, body: made });
    expect(await manage({ ...named, baristaUserId: "4", action: "make", body: {} })).toMatchObject({ statusCode: 409 });
    expect(await manage({ ...named, action: "complete", body })).toMatchObject({ statusCode: 200, body: { orderState: "COMPLETED" } });
    await bar.settle();
    expect(bar.events("OrderProcessor.orderFinished")[0]?.detail).toMatchObject({ orderId: "2", outcome: "completed" });
    expect(await manage({ ...named, action: "cancel", body })).toMatchObject({ statusCode: 409 });
  });

  test("an execution started with the shortest input makes its order, and goes all the way by task tokens alone", async () => {
    const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
    const input = JSON.stringify({ detail: { orderId: "1", userId: "testuser" } });
    const { executionArn } = await bar.execute("StartExecution", { stateMachineArn, input });
    await bar.settle();
    expect(await bar.order("1")).toMatchObject({ ORDERSTATE: "CREATED", USERID: "testuser", executionArn });
    const resume = async () => {
      const taskToken = (await bar.order("1"))?.TaskToken as string;
      await bar.execute("SendTaskSuccess", { taskToken, output: "{}" });
      await bar.settle();
    };
    await resume();
    expect(await bar.order("1")).toMatchObject({ ORDERSTATE: "SUBMITTED", orderNumber: 1 });
    await resume();
    expect((await bar.execute("DescribeExecution", { executionArn: executionArn as string })).status).toBe("SUCCEEDED");
    expect(await bar.order("1")).toMatchObject({ ORDERSTATE: "COMPLETED" });
    expect(await bar.order("1")).not.toHaveProperty("TaskToken");
    expect(bar.events("OrderManager.OrderCompleted")).toHaveLength(1);
  });

  test("the same order id may be started by hand again, once its last order has ended", async () => {
    const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
    const input = JSON.stringify({ detail: { orderId: "1", userId: "testuser" } });
    await bar.execute("StartExecution", { stateMachineArn, input });
    await bar.clock.advance(300_000);
    expect(await steps.state("1")).toBe("TIMEDOUT");
    await bar.execute("StartExecution", { stateMachineArn, input });
    await bar.settle();
    expect(await bar.order("1")).toMatchObject({ ORDERSTATE: "CREATED", reason: "", TaskToken: expect.any(String) });
    expect((await steps.place({ sub: "testuser", groups: [] }, "1")).status).toBe(200);
    const [first] = bar.events("OrderProcessor.WorkflowStarted");
    await bar.settle();
    await steps.act(bar.barista, "1", "complete");
    await bar.invoke("WorkflowStarted", first as unknown as JsonObject);
    expect(await steps.state("1")).toBe("COMPLETED");
  });

  test("a workflow stopped by the operator leaves an order that the bar can still close", async () => {
    const ada = bar.guest("ada");
    const orderId = await steps.order(ada);
    const executionArn = (await bar.order(orderId))?.executionArn as string;
    await bar.execute("StopExecution", { executionArn });
    expect((await steps.act(bar.barista, orderId, "cancel")).body).toMatchObject({ orderState: "CANCELLED" });
    expect(bar.events("OrderManager.OrderCancelled")).toHaveLength(1);
    await bar.clock.advance(300_000);
    await steps.scan(ada);
  });
});
