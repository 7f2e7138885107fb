/** A call repeated under its `Idempotency-Key` is answered again, not done again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrderView, Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import { latte, type ProblemView, problemNamed, scanned } from "./steps.ts";

watchAnswers();
let bar: Bar;
let admin: Person;
beforeAll(async () => {
  bar = await openBar();
  admin = await bar.admin();
  await bar.configure({ drinksPerBarcode: 10_000, maxOrdersInQueue: 400, maxOrdersPerUser: 50 });
  await bar.nextWindow();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

const keyed = (key: string): Record<string, string> => ({ "idempotency-key": key });
const place = (guest: Person, orderId: string, key: string, body: object = latte) =>
  guest.call<OrderView & ProblemView>("PUT", `/orders/${orderId}?action=`, body, keyed(key));
const told = (orderId: string, type: string): number =>
  bar.events().filter((event) => event.type === type && event.detail.orderId === orderId).length;

test("the same key, the same answer, once", async () => {
  const { guest, orderId } = await scanned(bar);
  const first = await place(guest, orderId, "a");
  await bar.quiet();
  const before = bar.tables();
  expect((await guest.order(orderId)).orderNumber).toEqual(expect.any(Number));
  expect(await place(guest, orderId, "a")).toMatchObject({ status: 200, body: first.body });
  await bar.quiet();
  expect(bar.tables()).toEqual(before);
});

test("twenty at once: one is done, all are answered alike", async () => {
  const { guest, orderId } = await scanned(bar);
  const answers = await Promise.all(Array.from({ length: 20 }, () => place(guest, orderId, "b")));
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  await bar.quiet();
  expect(told(orderId, "OrderManager.WaitingCompletion")).toBe(1);
});

test("the same key for another body or another order: 422, and nothing is done", async () => {
  const [one, two] = [await scanned(bar), await scanned(bar)];
  await place(one.guest, one.orderId, "c");
  for (const answer of [
    await place(one.guest, one.orderId, "c", { ...latte, note: "hot" }),
    await one.guest.call<ProblemView>("PUT", `/orders/${one.orderId}?action=placeOrder`, latte, keyed("c")),
    await one.guest.call<ProblemView>("PUT", "/orders/other?action=", latte, keyed("c")),
  ])
    expect(answer).toMatchObject({ status: 422, body: { type: problemNamed("idempotency-key-reused") } });
  // The key is the user's own: another may use the same word.
  expect((await place(two.guest, two.orderId, "c")).status).toBe(200);
});

test("a refusal is not kept: the repeat is looked at anew", async () => {
  const { guest, orderId } = await scanned(bar);
  expect((await place(guest, orderId, "d", { drink: "Tea" })).status).toBe(422);
  await admin.call("PUT", "/menu", [
    { drink: "Tea", icon: "tea", available: true, modifiers: [] },
    { drink: "Latte", icon: "latte", available: true, modifiers: [{ Name: "Milk", Options: ["Regular", "Oat"] }] },
  ]);
  expect((await place(guest, orderId, "d", { drink: "Tea" })).status).toBe(200);
});

test("a scan: one order for one key, though its order is over by the time of the repeat", async () => {
  const [guest] = (await bar.guests(1)) as [Person];
  const { code, remaining } = await bar.nextWindow();
  const scan = (key: string) => guest.call<{ orderId: string }>("POST", `/qr-code?token=${code}`, undefined, keyed(key));
  const answers = await Promise.all(Array.from({ length: 5 }, () => scan("scan-1")));
  const [first] = answers;
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.orderId}`)).size).toBe(1);
  await bar.quiet();
  await guest.act(first?.body.orderId ?? "", "cancel");
  expect(await scan("scan-1")).toMatchObject({ status: 201, body: first?.body });
  const elsewhere = await guest.call<ProblemView>("POST", "/qr-code?token=1.other", undefined, keyed("scan-1"));
  expect(elsewhere).toMatchObject({ status: 422, body: { type: problemNamed("idempotency-key-reused") } });
  expect((await scan("scan-2")).body.orderId).not.toBe(first?.body.orderId);
  expect((await admin.call("GET", "/qr-code")).body).toMatchObject({ remaining: remaining - 2 });
});

test("two long keys that differ in their last letter are two keys", async () => {
  const [guest] = (await bar.guests(1)) as [Person];
  const { code } = await bar.nextWindow();
  const scan = (key: string) => guest.call<{ orderId: string }>("POST", `/qr-code?token=${code}`, undefined, keyed(key));
  const long = "k".repeat(127);
  const first = await scan(`${long}1`);
  await bar.quiet();
  await guest.act(first.body.orderId, "cancel");
  const second = await scan(`${long}2`);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body.orderId).not.toBe(first.body.orderId);
});

test.each([
  { name: "longer than the document allows", key: "k".repeat(129) },
  { name: "with a space", key: "a b" },
])("a key $name is refused with 400", async ({ key }) => {
  const { guest, orderId } = await scanned(bar);
  expect(await place(guest, orderId, key)).toMatchObject({ status: 400, body: { type: problemNamed("invalid-request") } });
});

test("an admin's change of the configuration is done once under its key, and a restart keeps the key", async () => {
  const put = () => admin.call("PUT", "/config", { customerTimeoutSeconds: 240 }, keyed("config-1"));
  const first = await put();
  await admin.call("PUT", "/config", { customerTimeoutSeconds: 300 });
  await bar.restart();
  expect(await put()).toMatchObject({ status: 200, body: first.body });
  expect((await admin.call("GET", "/config")).body).toMatchObject({ customerTimeoutSeconds: 300 });
});
