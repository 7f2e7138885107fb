/** The whole journey of an order over HTTP and MQTT, as in docs/spec.md section 1. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestShop, type Person, type TestShop } from "./test-support.ts";

interface OrderBody {
  readonly orderId: string;
  readonly orderNumber: number | null;
  readonly orderState: string;
  readonly userId?: string;
}

let shop: TestShop;
let admin: Person;

beforeAll(async () => {
  shop = await openTestShop();
  admin = await shop.admin();
});
afterAll(() => shop.close());

async function scan(guest: Person): Promise<string> {
  const window = await admin.call<{ code: string }>("GET", "/qr-code");
  const spent = await guest.call<{ orderId: string }>("POST", `/qr-code?token=${encodeURIComponent(window.body.code)}`);
  expect(spent.status).toBe(201);
  return spent.body.orderId;
}
const act = (person: Person, orderId: string, action: string, body = {}) =>
  person.call<OrderBody>("PUT", `/orders/${orderId}?action=${action}`, body);
const latte = { drink: "Latte", modifiers: ["Oat"], name: "Ada", note: "hot" };
const order = async (person: Person, orderId: string): Promise<OrderBody> =>
  (await person.call<OrderBody>("GET", `/orders/${orderId}`)).body;
const numbered = (guest: Person, orderId: string): Promise<void> =>
  expect.poll(async () => (await order(guest, orderId)).orderNumber).toBeGreaterThan(0) as Promise<void>;

test("from the code to the cup: every step answered, told live, and in the tables", async () => {
  const guest = await shop.guest();
  const heard = await shop.listen(guest, `serverlesspresso-user-${guest.sub}`);
  const seen = await shop.listen(admin, "serverlesspresso-admin");
  const orderId = await scan(guest);
  expect(await act(guest, orderId, "", latte)).toMatchObject({ status: 200, body: { orderState: "SUBMITTED" } });
  await numbered(guest, orderId);
  expect(await act(admin, orderId, "make")).toMatchObject({ status: 200, body: { orderState: "MAKING", baristaUserId: admin.sub } });
  expect(await act(admin, orderId, "unmake")).toMatchObject({ status: 200, body: { orderState: "SUBMITTED", baristaUserId: "" } });
  expect(await act(admin, orderId, "make")).toMatchObject({ status: 200 });
  expect(await act(admin, orderId, "complete")).toMatchObject({ status: 200, body: { orderState: "COMPLETED" } });
  expect(await act(admin, orderId, "complete")).toMatchObject({ status: 200 });
  expect(await act(admin, orderId, "cancel")).toMatchObject({ status: 409 });
  await expect
    .poll(() => heard.map(({ type }) => type))
    .toEqual(
      expect.arrayContaining([
        "OrderProcessor.WorkflowStarted",
        "OrderManager.WaitingCompletion",
        "OrderManager.MakeOrder",
        "OrderManager.OrderCompleted",
        "OrderProcessor.orderFinished",
      ]),
    );
  await expect
    .poll(() => seen.map(({ type }) => type))
    .toEqual(expect.arrayContaining(["Validator.NewOrder", "OrderManager.OrderCompleted"]));
  const { bus, store } = shop.platform;
  const finals = bus
    .listEvents(store)
    .events.filter(({ envelope }) => ["OrderManager.OrderCompleted", "OrderProcessor.orderFinished"].includes(envelope["detail-type"]));
  expect(finals).toHaveLength(2);
  expect(shop.errors).toEqual([]);
});

test("task tokens reach nobody", async () => {
  const guest = await shop.guest();
  const heard = [
    ...(await Promise.all([shop.listen(guest, `serverlesspresso-user-${guest.sub}`), shop.listen(admin, "serverlesspresso-admin")])),
  ];
  const orderId = await scan(guest);
  const answers = [await act(guest, orderId, "", latte)];
  await numbered(guest, orderId);
  const { bus, store } = shop.platform;
  const tokens = bus
    .listEvents(store)
    .events.flatMap(({ envelope }) => String((envelope.detail as { TaskToken?: string }).TaskToken ?? "") || []);
  expect(tokens.length).toBeGreaterThan(1);
  answers.push(await act(admin, orderId, "make"), await act(admin, orderId, "complete"));
  await expect.poll(() => heard.flat().some(({ type }) => type === "OrderProcessor.orderFinished")).toBe(true);
  const shown = JSON.stringify([
    answers.map(({ body }) => body),
    heard,
    (await admin.call("GET", "/orders")).body,
    (await guest.call("GET", "/myOrders")).body,
  ]);
  for (const token of tokens) expect(shown).not.toContain(token);
  expect(shown).not.toContain("TaskToken");
});

test("others' orders are not there, whatever one tries", async () => {
  const [ada, eve] = [await shop.guest("Ada"), await shop.guest("Eve")];
  const orderId = await scan(ada);
  const unknown = await eve.call("GET", "/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  const hers = await eve.call("GET", `/orders/${orderId}`);
  expect([hers.status, hers.body]).toEqual([404, unknown.body]);
  for (const action of ["", "make", "complete", "cancel"]) expect((await act(eve, orderId, action)).status).toBeGreaterThanOrEqual(403);
  expect((await act(eve, orderId, "cancel")).status).toBe(404);
  expect(await act(ada, orderId, "cancel", { reason: "changed my mind" })).toMatchObject({
    status: 200,
    body: { orderState: "CANCELLED" },
  });
});

test.each([
  { name: "an unknown drink", body: { drink: "Tea", modifiers: [] }, status: 422 },
  { name: "an unknown option", body: { drink: "Latte", modifiers: ["Gold"] }, status: 422 },
  { name: "two of one group", body: { drink: "Latte", modifiers: ["Oat", "Regular"] }, status: 422 },
  { name: "members of the stored order", body: { ...latte, userId: "x", ORDERSTATE: "COMPLETED", TaskToken: "t" }, status: 422 },
  { name: "a note too long", body: { ...latte, note: "x".repeat(81) }, status: 422 },
])("$name is refused with words", async ({ body, status }) => {
  const guest = await shop.guest();
  const orderId = await scan(guest);
  const answer = await guest.call("PUT", `/orders/${orderId}?action=placeOrder`, body);
  expect(answer).toMatchObject({
    status,
    body: { type: expect.stringMatching(/^urn:serverlesspresso:problem:/), detail: expect.any(String) },
  });
  await act(guest, orderId, "cancel");
});

test("a closed shop refuses, is told to all, and opens again", async () => {
  const guest = await shop.guest();
  const heard = await shop.listen(shop.nobody, "serverlesspresso-config");
  expect((await admin.call("PUT", "/store?state=shut")).status).toBe(400);
  expect((await guest.call("PUT", "/store?state=closed")).status).toBe(403);
  expect((await admin.call("PUT", "/store?state=closed")).status).toBe(200);
  const window = await admin.call<{ code: string }>("GET", "/qr-code");
  expect((await guest.call("POST", `/qr-code?token=${window.body.code}`)).status).toBe(503);
  await expect.poll(() => heard.map(({ type }) => type)).toContain("ConfigService.ConfigChanged");
  expect((await admin.call("PUT", "/store?state=open")).status).toBe(200);
});

test("a restart in the middle loses nothing: the same order goes on, with the next number", async () => {
  const guest = await shop.guest();
  const orderId = await scan(guest);
  await act(guest, orderId, "", latte);
  await numbered(guest, orderId);
  const before = await order(guest, orderId);
  await shop.restart();
  expect(await order(guest, orderId)).toEqual(before);
  expect(await act(admin, orderId, "make")).toMatchObject({ status: 200 });
  expect(await act(admin, orderId, "complete")).toMatchObject({ status: 200, body: { orderNumber: before.orderNumber } });
});

test("an event put on the bus by hand starts a workflow of its own", async () => {
  const { executionArn } = await shop.platform.startExecution(undefined, { detail: { orderId: "1", userId: "testuser" } });
  const { workflows, store } = shop.platform;
  await expect.poll(async () => (await admin.call("GET", "/orders/1")).status).toBe(200);
  expect(workflows.query(store, "DescribeExecution", { executionArn })).toMatchObject({ status: "RUNNING" });
  await expect.poll(async () => (await act(admin, "1", "cancel")).status).toBe(200);
  await expect.poll(() => workflows.query(store, "DescribeExecution", { executionArn }).status).toBe("SUCCEEDED");
});
