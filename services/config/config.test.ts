import { names } from "@serverlesspresso/contract";
import type { JsonObject, Ports, Tables } from "@serverlesspresso/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHandlers, services } from "../index.ts";
import { type Bar, openBar } from "../test-support/bar.ts";

let bar: Bar;
beforeEach(async () => {
  bar = await openBar();
});
afterEach(async () => {
  expect(bar.errors).toEqual([]);
  await bar.close();
});
const config = async () => (await bar.call(null, "GET /config")).body;

test("a new shop", async () => {
  expect(await config()).toMatchObject({
    storeOpen: true,
    reopensAt: null,
    maxOrdersInQueue: 20,
    maxOrdersPerUser: 1,
    drinksPerBarcode: 10,
    barcodeMinutes: 5,
    customerTimeoutSeconds: 300,
    baristaTimeoutSeconds: 900,
    maxDrinksPerUserPerDay: 0,
    timeZone: expect.any(String),
  });
  const { menu } = (await config()) as { readonly menu: readonly JsonObject[] };
  expect(menu.map(({ drink }) => drink)).toEqual(["Espresso", "Cappuccino", "Latte", "Flat White", "Americano", "Coffee of the day"]);
  expect(menu[2]).toEqual({ drink: "Latte", icon: "latte", available: true, modifiers: [{ Name: "Milk", Options: ["Regular", "Oat"] }] });
});

test("each change is told once, in plain values, to every client", async () => {
  const before = bar.events("ConfigService.ConfigChanged").length;
  await bar.call(bar.barista, "PUT /store?state=closed");
  await bar.call(bar.barista, "PUT /config", { body: { maxOrdersInQueue: 5 } });
  await bar.settle();
  const details = bar
    .events("ConfigService.ConfigChanged")
    .slice(before)
    .map(({ detail }) => detail as JsonObject);
  expect(details).toMatchObject([
    { Message: "The shop is closed.", NewImage: { PK: "config", storeOpen: false, maxOrdersInQueue: 20 } },
    { Message: "The shop's limits changed.", NewImage: { storeOpen: false, maxOrdersInQueue: 5 } },
  ]);
  expect(bar.published.filter(({ topic }) => topic === "serverlesspresso-config")).toHaveLength(before + 2);
});

test("closing twice tells nothing twice", async () => {
  await bar.call(bar.barista, "PUT /store?state=closed");
  await bar.settle();
  const before = bar.events().length;
  expect((await bar.call(bar.barista, "PUT /store?state=closed")).status).toBe(200);
  await bar.settle();
  expect(bar.events().length).toBe(before);
});

test("C3. what an admin does between the look and the write of a pause's end is not overwritten", async () => {
  await bar.call(bar.barista, "PUT /store?state=closed&minutes=1");
  await bar.clock.advance(60_000);
  const tables: Tables = {
    ...bar.tables,
    async getItem(request) {
      const item = await bar.tables.getItem(request);
      await bar.call(bar.barista, "PUT /store?state=closed");
      return item;
    },
  };
  const endings = createHandlers(services, { clock: bar.clock, tables } as unknown as Ports, names);
  await endings.EndPause?.({}, { functionName: "EndPause", awsRequestId: "r", log: () => {} });
  expect(await config()).toMatchObject({ storeOpen: false, reopensAt: null });
  await bar.call(bar.barista, "PUT /store?state=closed&minutes=1");
  await bar.clock.advance(60_000);
  await bar.invoke("EndPause", {});
  expect(await bar.tables.getItem({ tableName: names.configTable, key: { PK: "config" } })).toMatchObject({ storeOpen: true });
  await bar.settle();
});

test.each([
  "PUT /store",
  "PUT /store?state=ajar",
  "PUT /store?state=OPEN",
  "PUT /store?state=open&minutes=5",
  "PUT /store?state=closed&minutes=0",
])("%s is refused", async (request) => {
  expect((await bar.call(bar.barista, request)).status).toBe(400);
  expect(await config()).toMatchObject({ storeOpen: true });
});

test.each([
  {},
  { maxOrdersInQueue: -1 },
  { maxOrdersInQueue: 1.5 },
  { maxOrdersInQueue: "20" },
  { barcodeMinutes: 0 },
  { timeZone: "Mars/Olympus" },
  { storeOpen: false },
  { PK: "menu" },
])("the limits %j are refused whole", async (body) => {
  const before = await config();
  expect(
    (
      await bar.call(bar.barista, "PUT /config", {
        body: { maxOrdersPerUser: 3, ...body, ...(Object.keys(body).length === 0 ? { x: 1 } : {}) },
      })
    ).status,
  ).toBe(422);
  expect(await config()).toEqual(before);
});

const entry = { drink: "Tea", icon: "tea", available: true, modifiers: [] };
test.each([
  { name: "empty", menu: [] },
  { name: "a drink twice", menu: [entry, entry] },
  { name: "no availability", menu: [{ drink: "Tea", icon: "tea", modifiers: [] }] },
  {
    name: "an option in two groups",
    menu: [
      {
        ...entry,
        modifiers: [
          { Name: "A", Options: ["x"] },
          { Name: "B", Options: ["x"] },
        ],
      },
    ],
  },
  { name: "an invisible character", menu: [{ ...entry, drink: "Te\u200ba" }] },
])("a menu with $name is refused whole", async ({ menu }) => {
  const before = await config();
  expect((await bar.call(bar.barista, "PUT /menu", { body: menu })).status).toBe(422);
  expect(await config()).toEqual(before);
});

test("a menu is taken as a list and as it is answered", async () => {
  expect((await bar.call(bar.barista, "PUT /menu", { body: [entry] })).body.menu).toEqual([entry]);
  expect((await bar.call(bar.barista, "PUT /menu", { body: { menu: [entry] } })).body.menu).toEqual([entry]);
});
