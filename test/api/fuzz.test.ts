/** Whatever is sent to a route, it is answered as the document says, never with a failure of the bar's own, and the shop goes on. */
import { blueprint } from "@serverlesspresso/blueprint";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi, type Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import { latte, listen, scanned } from "./steps.ts";

watchAnswers();
const requests = Number(process.env.FUZZ_REQUESTS ?? 120);
let bar: Bar;
let admin: Person;
let order: { guest: Person; orderId: string };
beforeAll(async () => {
  bar = await openBar();
  admin = await bar.admin();
  await bar.configure({ drinksPerBarcode: 10_000, maxOrdersInQueue: 400 });
  await bar.nextWindow();
  order = await scanned(bar);
});
afterAll(() => bar.close());

const words = [
  "__proto__",
  "constructor",
  "toString",
  "",
  " ",
  "\u0000",
  "\u202eabc",
  "\ud800",
  "null",
  "NaN",
  "-1",
  "1e999",
  "9007199254740993",
  "<script>",
  "{{7*7}}",
  "' OR 1=1",
  "../..",
  "a".repeat(300),
  "TaskToken",
  "\u{1f980}",
];
const text = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(0, -0, 1.5, 2 ** 53 + 1, 1e308, -1, true, null));
const members = fc.constantFrom(
  "drink",
  "modifiers",
  "name",
  "note",
  "reason",
  "state",
  "menu",
  "maxOrdersInQueue",
  "drinksPerBarcode",
  "timeZone",
  "token",
  "userId",
  "TaskToken",
  "__proto__",
  "PK",
);
const bodies: Record<string, object> = {
  actOnOrder: latte,
  putConfig: { maxOrdersInQueue: 20 },
  putMenu: { menu: [{ drink: "Latte", icon: "latte", available: true, modifiers: [{ Name: "Milk", Options: ["Regular", "Oat"] }] }] },
  signInAsGuest: { name: "Ada" },
};
const bodyOf = (operationId: string) =>
  fc.oneof(
    fc.dictionary(members, value, { maxKeys: 4 }).map((changes) => ({ ...bodies[operationId], ...changes })),
    value,
    fc.constant(bodies[operationId]),
  );
const queryOf = fc.dictionary(
  fc.oneof(fc.constantFrom("action", "state", "token", "maxItems", "next", "minutes"), text),
  fc.oneof(fc.constantFrom("", "placeOrder", "make", "unmake", "cancel", "complete", "announce", "open", "closed", "CREATED", "5"), text),
  { maxKeys: 3 },
);

test.each(blueprint.routes)("RELIABILITY 42: $method $path", async ({ method, path, operationId }) => {
  const samples = fc.sample(
    fc.record({ body: bodyOf(operationId), query: queryOf, id: fc.oneof(fc.constant(order.orderId), text), isAdmin: fc.boolean() }),
    { numRuns: requests, seed: 20_260_601 },
  );
  for (const { body, query, id, isAdmin } of samples) {
    const address = new URL(bar.url + path.replace("{id}", encoded(id)));
    for (const [name, given] of Object.entries(query)) address.searchParams.append(name.toWellFormed(), given.toWellFormed());
    const { status } = await callApi(
      bar.url,
      (isAdmin ? admin : order.guest).token,
      method,
      address.pathname + address.search,
      method === "GET" ? undefined : body,
    );
    expect([status, status < 500 || status === 503], `${address.search} ${JSON.stringify(body)}`).toEqual([status, true]);
  }
});

/** As a browser would write it; what would be another path or none is something else. */
function encoded(id: string): string {
  const text = encodeURIComponent(id.toWellFormed());
  return /^(|\.|\.\.)$/.test(text) ? "x" : text;
}

test("and the shop goes on: a drink is ordered and made, and nothing broke inside", async () => {
  await admin.call("PUT", "/store?state=open");
  await admin.call("PUT", "/menu", bodies.putMenu);
  await bar.configure({
    maxOrdersInQueue: 400,
    drinksPerBarcode: 10,
    barcodeMinutes: 5,
    customerTimeoutSeconds: 300,
    maxDrinksPerUserPerDay: 0,
    maxOrdersPerDevicePerWindow: 3,
  });
  await bar.nextWindow();
  const { guest, orderId } = await scanned(bar);
  const ear = await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`);
  expect((await guest.act(orderId, "", latte)).status).toBe(200);
  await bar.quiet();
  expect((await admin.act(orderId, "complete")).body.orderState).toBe("COMPLETED");
  await expect.poll(() => ear.heard.map(({ type }) => type)).toContain("OrderManager.OrderCompleted");
  ear.end();
  expect(bar.errors).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect((Object.prototype as Record<string, unknown>).isAdmin).toBeUndefined();
});
