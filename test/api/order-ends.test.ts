/** How an order can end, and what cannot be ordered: the "done when" at the HTTP and MQTT boundary. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import { brought, latte, listen, type ProblemView, problemNamed, scanned, stateOf, submitted } from "./steps.ts";

watchAnswers();
let bar: Bar;
let admin: Person;
beforeAll(async () => {
  bar = await openBar();
  admin = await bar.admin();
  await bar.configure({ drinksPerBarcode: 10_000, maxOrdersInQueue: 400 });
  await bar.nextWindow();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

const factsOf = (orderId: string): { type: string; detail: Record<string, unknown> }[] =>
  bar.events().filter(({ detail }) => detail.orderId === orderId);
const fact = (orderId: string, type: string) => factsOf(orderId).filter((event) => event.type === type);

describe("a closed shop", () => {
  test("answers 503 to a scan, in words, with Retry-After, and spends nothing", async () => {
    const [guest] = (await bar.guests(1)) as [Person];
    const { code, remaining } = await bar.nextWindow();
    expect((await admin.call("PUT", "/store?state=closed")).status).toBe(200);
    const refused = await guest.call<ProblemView>("POST", `/qr-code?token=${code}`);
    expect(refused).toMatchObject({ status: 503, body: { type: problemNamed("shop-closed"), detail: expect.stringContaining("closed") } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await admin.call("GET", "/qr-code")).body).toMatchObject({ remaining });
    expect((await guest.call("GET", "/myOrders")).body).toEqual({ orders: [], next: null });
    expect((await admin.call("PUT", "/store?state=open")).status).toBe(200);
    expect((await guest.scan(code)).status).toBe(201);
    await bar.quiet();
  });

  test("an order whose workflow starts after closing is refused, with the reason, and has its token and place back", async () => {
    const [guest] = (await bar.guests(1)) as [Person];
    const window = await bar.nextWindow();
    const ear = await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`);
    // The order's event waits until the shop has closed.
    await bar.platform.store.transact((tx) =>
      bar.platform.bus.execute(tx, "DisableRule", { Name: "NewOrder", EventBusName: "Serverlesspresso" }),
    );
    const { orderId } = (await guest.scan(window.code)).body;
    await bar.quiet();
    await admin.call("PUT", "/store?state=closed");
    await bar.platform.store.transact((tx) =>
      bar.platform.bus.execute(tx, "EnableRule", { Name: "NewOrder", EventBusName: "Serverlesspresso" }),
    );
    await bar.deliverAgain(bar.events().filter(({ type, detail }) => type === "Validator.NewOrder" && detail.orderId === orderId));
    await bar.quiet();
    expect(await guest.order(orderId)).toMatchObject({ orderState: "REFUSED", reason: "closed" });
    expect(fact(orderId, "OrderProcessor.ShopUnavailable")).toMatchObject([{ detail: { reason: "closed", userId: guest.sub } }]);
    expect(bar.execution(orderId)?.status).toBe("SUCCEEDED");
    await expect.poll(() => ear.heard.find(({ type }) => type === "OrderProcessor.ShopUnavailable")?.detail.reason).toBe("closed");
    await admin.call("PUT", "/store?state=open");
    expect((await admin.call("GET", "/qr-code")).body).toMatchObject({ remaining: window.remaining });
    expect((await guest.act(orderId, "placeOrder", latte)).status).toBe(409);
    expect((await guest.scan(window.code)).status).toBe(201);
    await bar.quiet();
    ear.end();
  });

  test("closing changes nothing for orders that are in", async () => {
    const { guest, orderId } = await scanned(bar);
    await admin.call("PUT", "/store?state=closed");
    expect((await guest.act(orderId, "placeOrder", latte)).status).toBe(200);
    await bar.quiet();
    expect((await admin.act(orderId, "complete")).status).toBe(200);
    await admin.call("PUT", "/store?state=open");
  });
});

describe("its workflow ends before the order does", () => {
  const stop = (orderId: string) =>
    bar.platform.store.transact((tx) =>
      bar.platform.workflows.execute(tx, "StopExecution", {
        executionArn: `arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:${orderId}`,
      }),
    );

  test("stopped before a drink was chosen: closed, the phone hears it, place free, token back", async () => {
    await bar.nextWindow();
    const { guest, orderId } = await scanned(bar);
    const { remaining } = (await admin.call<{ remaining: number }>("GET", "/qr-code")).body;
    const ear = await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`);
    await stop(orderId);
    await bar.quiet();
    expect(await guest.order(orderId)).toMatchObject({ orderState: "TIMEDOUT", reason: "Workflow stopped" });
    await expect.poll(() => ear.heard.find(({ type }) => type === "OrderProcessor.OrderTimeOut")?.detail.cause).toBe("Workflow stopped");
    expect(fact(orderId, "OrderProcessor.OrderTimeOut")).toMatchObject([{ detail: { userId: guest.sub, TS: expect.any(Number) } }]);
    expect((await admin.call("GET", "/qr-code")).body).toMatchObject({ remaining: remaining + 1 });
    expect((await guest.act(orderId, "placeOrder", latte)).status).toBe(409);
    expect((await guest.scan((await bar.nextWindow()).code)).status).toBe(201);
    await bar.quiet();
    ear.end();
  });

  test("stopped at the bar: closed, the token stays spent; told once however often the event comes", async () => {
    const { guest, orderId } = await submitted(bar);
    const { remaining } = (await admin.call<{ remaining: number }>("GET", "/qr-code")).body;
    await stop(orderId);
    await bar.quiet();
    await bar.deliverAgain(bar.events().filter(({ type, detail }) => type.startsWith("Step Functions") && detail.name === orderId));
    expect(await stateOf(guest, orderId)).toBe("TIMEDOUT");
    expect(fact(orderId, "OrderProcessor.OrderTimeOut")).toHaveLength(1);
    expect((await admin.call("GET", "/qr-code")).body).toMatchObject({ remaining });
    expect((await admin.act(orderId, "complete")).status).toBe(409);
  });

  test("an order that has ended stays as it ended", async () => {
    const { guest, orderId } = await submitted(bar);
    expect((await admin.act(orderId, "complete")).status).toBe(200);
    await bar.quiet();
    const detail = { status: "FAILED", name: orderId, input: JSON.stringify({ detail: { orderId, userId: guest.sub } }) };
    await bar.platform.functions.invoke("OrderWorkflowEnded", { source: "aws.states", detail });
    expect(await stateOf(guest, orderId)).toBe("COMPLETED");
    expect(fact(orderId, "OrderProcessor.OrderTimeOut")).toEqual([]);
  });
});

describe("nobody acts in time", () => {
  test("the guest: TIMEDOUT at five minutes, not before; cause, live message, freed place, token back", async () => {
    await bar.configure({ maxOrdersInQueue: 400 });
    await bar.nextWindow();
    const { guest, orderId } = await scanned(bar);
    const { remaining } = (await admin.call<{ remaining: number }>("GET", "/qr-code")).body;
    const ear = await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`);
    const running = bar.running();
    await bar.clock.advance(299_000);
    expect(await stateOf(guest, orderId)).toBe("CREATED");
    await bar.clock.advance(1_000);
    await bar.quiet();
    expect(await guest.order(orderId)).toMatchObject({ orderState: "TIMEDOUT", reason: "Customer timedout" });
    expect(fact(orderId, "OrderProcessor.OrderTimeOut")).toMatchObject([
      { detail: { cause: "Customer timedout", userId: guest.sub, orderId, Message: expect.any(String) } },
    ]);
    expect(bar.execution(orderId)?.status).toBe("SUCCEEDED");
    expect(bar.running()).toBeLessThan(running);
    await expect
      .poll(() => ear.heard.find(({ type }) => type === "OrderProcessor.OrderTimeOut"))
      .toMatchObject({ topic: `serverlesspresso-user-${guest.sub}`, detail: { cause: "Customer timedout", orderId } });
    const window = await bar.platform.tables.query(bar.platform.store, "Scan", { TableName: "serverlesspresso-validator-table" });
    const items = window.Items as { drinks?: { N: string }; availableTokens?: { N: string } }[];
    expect(items.map(({ availableTokens }) => Number(availableTokens?.N))).toContain(remaining + 1);
    expect((await guest.act(orderId, "placeOrder", latte)).status).toBe(409);
    ear.end();
    await scanned(bar, guest);
  });

  test.each(["SUBMITTED", "MAKING"] as const)("the bar, an order that is %s: fifteen minutes from its number on", async (state) => {
    const { guest, orderId } = await brought(bar, state);
    const ear = await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`);
    await bar.clock.advance(899_000);
    expect(await stateOf(guest, orderId)).toBe(state);
    await bar.clock.advance(1_000);
    await bar.quiet();
    expect(await guest.order(orderId)).toMatchObject({ orderState: "TIMEDOUT", reason: "Barista timedout" });
    expect(fact(orderId, "OrderProcessor.OrderTimeOut")).toMatchObject([{ detail: { cause: "Barista timedout", userId: guest.sub } }]);
    await expect.poll(() => ear.heard.find(({ type }) => type === "OrderProcessor.OrderTimeOut")?.detail.cause).toBe("Barista timedout");
    admin = await bar.admin();
    for (const action of ["make", "unmake", "complete", "cancel", "announce"]) expect((await admin.act(orderId, action)).status).toBe(409);
    expect(bar.running()).toBe(0);
    ear.end();
    await scanned(bar, guest);
    await bar.clock.advance(300_000);
  });
});

describe("the 21st order", () => {
  test("is refused as full and told so; a freed place is given again", async () => {
    await bar.clock.advance(1_000_000);
    await bar.configure({ maxOrdersInQueue: 2 });
    admin = await bar.admin();
    const [first] = [await scanned(bar), await scanned(bar)];
    const third = await scanned(bar);
    expect(await third.guest.order(third.orderId)).toMatchObject({ orderState: "REFUSED", reason: "full" });
    expect(fact(third.orderId, "OrderProcessor.ShopUnavailable")).toMatchObject([{ detail: { reason: "full" } }]);
    await first.guest.act(first.orderId, "cancel");
    await bar.quiet();
    const again = await scanned(bar, third.guest);
    expect(await stateOf(again.guest, again.orderId)).toBe("CREATED");
    await bar.configure({ maxOrdersInQueue: 400 });
  });
});

describe("what cannot be made is refused with 422 and named, and changes nothing", () => {
  let order: { guest: Person; orderId: string };
  beforeAll(async () => {
    order = await scanned(bar);
  });
  test.each([
    { what: "an unknown drink", body: { drink: "Tea" }, field: "drink", says: 'There is no "Tea" on the menu.' },
    { what: "no drink", body: { modifiers: ["Oat"] }, field: undefined, says: "Choose a drink first." },
    { what: "an unknown option", body: { drink: "Latte", modifiers: ["Gold"] }, field: "modifiers", says: 'Latte has no option "Gold".' },
    {
      what: "an option of another drink",
      body: { drink: "Espresso", modifiers: ["Oat"] },
      field: "modifiers",
      says: 'Espresso has no option "Oat".',
    },
    {
      what: "an option twice",
      body: { drink: "Latte", modifiers: ["Oat", "Oat"] },
      field: "modifiers",
      says: 'The option "Oat" was chosen twice.',
    },
    {
      what: "two of one group",
      body: { drink: "Latte", modifiers: ["Regular", "Oat"] },
      field: "modifiers",
      says: "Only one of Milk can be chosen: Regular or Oat.",
    },
  ])("$what", async ({ body, field, says }) => {
    const { guest, orderId } = order;
    const before = await guest.order(orderId);
    const { status, body: problem } = await guest.call<ProblemView>("PUT", `/orders/${orderId}?action=`, body);
    expect([status, problem.type, problem.detail]).toEqual([422, problemNamed("wrong-order"), says]);
    if (field !== undefined) expect(problem.errors).toEqual([{ field, message: says }]);
    expect(await guest.order(orderId)).toEqual(before);
  });

  test("a sold-out drink; it can be ordered once it is back", async () => {
    const { guest, orderId } = order;
    const { menu } = (await guest.call<{ menu: { drink: string; available: boolean }[] }>("GET", "/config")).body;
    await admin.call(
      "PUT",
      "/menu",
      menu.map((entry) => ({ ...entry, available: entry.drink !== "Latte" })),
    );
    const { status, body } = await guest.call<ProblemView>("PUT", `/orders/${orderId}?action=placeOrder`, latte);
    expect([status, body.detail, body.errors]).toEqual([422, "Latte is sold out.", [{ field: "drink", message: "Latte is sold out." }]]);
    await admin.call("PUT", "/menu", { menu });
    expect((await guest.act(orderId, "placeOrder", latte)).status).toBe(200);
  });

  test("all that is wrong is said at once", async () => {
    const { guest, orderId } = await scanned(bar);
    const { body } = await guest.call<ProblemView>("PUT", `/orders/${orderId}?action=`, {
      drink: "Latte",
      modifiers: ["Gold", "Oat", "Oat"],
    });
    expect(body.errors?.map(({ message }) => message)).toEqual(
      ['Latte has no option "Gold".', 'The option "Oat" was chosen twice.'].sort((a, b) => body.detail.indexOf(a) - body.detail.indexOf(b)),
    );
    expect(body.errors).toHaveLength(2);
  });
});

describe("cancelling", () => {
  const cells = (["CREATED", "SUBMITTED", "MAKING"] as const).flatMap((state) =>
    (["guest", "barista"] as const).map((by) => ({ state, by })),
  );
  test.each(cells)("an order that is $state, by the $by", async ({ state, by }) => {
    const { guest, orderId } = await brought(bar, state);
    const ear = await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`);
    const running = bar.running();
    const who = by === "guest" ? guest : admin;
    const { status, body } = await who.act(orderId, "cancel", { reason: "  the train\u202e left  " });
    expect([status, body.orderState, body.reason]).toEqual([200, "CANCELLED", "the train left"]);
    await bar.quiet();
    expect(await guest.order(orderId)).toMatchObject({ orderState: "CANCELLED", reason: "the train left" });
    expect(fact(orderId, "OrderManager.OrderCancelled")).toMatchObject([{ detail: { userId: guest.sub, ORDERSTATE: "CANCELLED" } }]);
    expect(fact(orderId, "OrderProcessor.orderFinished")).toMatchObject([{ detail: { outcome: "cancelled" } }]);
    expect(bar.running()).toBe(running - 1);
    expect(bar.execution(orderId)?.status).toBe("SUCCEEDED");
    await expect.poll(() => ear.heard.map(({ type }) => type)).toContain("OrderManager.OrderCancelled");
    // The very action that finished it answers the same again; every other is refused as finished.
    expect((await who.act(orderId, "cancel", { reason: "again" })).body).toMatchObject({
      orderState: "CANCELLED",
      reason: "the train left",
    });
    for (const action of ["make", "unmake", "complete", "announce"]) expect((await admin.act(orderId, action)).status).toBe(409);
    expect((await guest.act(orderId, "placeOrder", latte)).status).toBe(409);
    await bar.quiet();
    expect(fact(orderId, "OrderManager.OrderCancelled")).toHaveLength(1);
    ear.end();
    await scanned(bar, guest);
  });

  test("a completed order stays completed, whoever cancels", async () => {
    const { guest, orderId } = await brought(bar, "MAKING");
    expect((await admin.act(orderId, "completeOrder")).body.orderState).toBe("COMPLETED");
    await bar.quiet();
    const before = factsOf(orderId);
    for (const who of [guest, admin]) {
      const answer = await who.call<ProblemView>("PUT", `/orders/${orderId}?action=cancelOrder`, {});
      expect(answer).toMatchObject({ status: 409, body: { type: problemNamed("order-finished") } });
    }
    expect((await admin.act(orderId, "complete")).status).toBe(200);
    await bar.quiet();
    expect(await stateOf(guest, orderId)).toBe("COMPLETED");
    expect(factsOf(orderId)).toEqual(before);
  });
});

describe("announcing", () => {
  test("calls a completed order again and changes nothing else", async () => {
    const { guest, orderId } = await submitted(bar);
    expect(await admin.call<ProblemView>("PUT", `/orders/${orderId}?action=announce`, {})).toMatchObject({
      status: 409,
      body: { type: problemNamed("order-not-completed") },
    });
    await admin.act(orderId, "complete");
    await bar.quiet();
    const ears = [
      await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`),
      await listen(bar.url, admin, "serverlesspresso-admin"),
    ];
    const [before, tables] = [await admin.order(orderId), bar.tables()];
    expect(await admin.act(orderId, "announce")).toMatchObject({ status: 200, body: before });
    await bar.quiet();
    for (const { heard } of ears)
      await expect
        .poll(() => heard.filter(({ type }) => type === "OrderManager.OrderAnnounced"))
        .toMatchObject([{ detail: { orderId, userId: guest.sub, orderNumber: before.orderNumber } }]);
    expect(bar.tables()).toEqual(tables);
    expect((await guest.act(orderId, "announce")).status).toBe(403);
    for (const ear of ears) ear.end();
  });
});

describe("the steps in between", () => {
  test("make and unmake: one barista holds it, any may put it back, and repeats say nothing twice", async () => {
    const { guest, orderId } = await submitted(bar);
    for (const action of ["make", "claimOrder"])
      expect((await admin.act(orderId, action)).body).toMatchObject({ orderState: "MAKING", baristaUserId: admin.sub });
    expect(await stateOf(guest, orderId)).toBe("MAKING");
    for (let i = 0; i < 2; i++)
      expect((await admin.act(orderId, "unmake")).body).toMatchObject({ orderState: "SUBMITTED", baristaUserId: "" });
    await bar.quiet();
    expect(fact(orderId, "OrderManager.MakeOrder").map(({ detail }) => detail.baristaUserId)).toEqual([admin.sub, ""]);
  });

  test("an unknown action is a 400 that names the known ones; a drink cannot be made before it is chosen", async () => {
    const { guest, orderId } = await scanned(bar);
    for (const who of [guest, admin])
      expect(await who.call<ProblemView>("PUT", `/orders/${orderId}?action=drink`, {})).toMatchObject({
        status: 400,
        body: { type: problemNamed("unknown-action") },
      });
    for (const action of ["make", "complete"])
      expect(await admin.call("PUT", `/orders/${orderId}?action=${action}`, {})).toMatchObject({
        status: 409,
        body: { type: problemNamed("order-not-placed") },
      });
    expect((await admin.act(orderId, "placeOrder", latte)).status).toBe(403);
    expect(await stateOf(guest, orderId)).toBe("CREATED");
  });

  test("order numbers follow one another without a gap, whatever ends in between", async () => {
    const numbers: number[] = [];
    for (const ending of ["complete", "cancel", "complete"]) {
      const { orderId } = await submitted(bar);
      numbers.push((await admin.order(orderId)).orderNumber as number);
      await admin.act(orderId, ending);
    }
    const [first = 0] = numbers;
    expect(numbers).toEqual([first, first + 1, first + 2]);
  });
});
