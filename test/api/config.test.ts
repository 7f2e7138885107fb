/** The shop's configuration: changed whole or not at all, counted from then on, and told live. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Person, Window } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import { latte, listen, type ProblemView, problemNamed, scanned } from "./steps.ts";

watchAnswers();
interface ConfigView {
  readonly storeOpen: boolean;
  readonly menu: readonly { readonly drink: string; readonly available: boolean }[];
  readonly [name: string]: unknown;
}
let bar: Bar;
let admin: Person;
let original: ConfigView;
const config = async (): Promise<ConfigView> => (await admin.call<ConfigView>("GET", "/config")).body;

beforeAll(async () => {
  bar = await openBar();
  admin = await bar.admin();
  original = await config();
});
beforeEach(async () => {
  admin = await bar.admin();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

test("a new shop has SPEC's figures and menu", () => {
  const { menu, timeZone: _, ...figures } = original;
  expect(figures).toEqual({
    storeOpen: true,
    reopensAt: null,
    maxOrdersInQueue: 20,
    maxOrdersPerUser: 1,
    drinksPerBarcode: 10,
    barcodeMinutes: 5,
    customerTimeoutSeconds: 300,
    baristaTimeoutSeconds: 900,
    maxDrinksPerUserPerDay: 0,
    maxOrdersPerDevicePerWindow: 3,
    subCode: false,
  });
  expect(menu.map(({ drink }) => drink)).toEqual(["Espresso", "Cappuccino", "Latte", "Flat White", "Americano", "Coffee of the day"]);
  expect(menu.find(({ drink }) => drink === "Latte")).toMatchObject({
    available: true,
    modifiers: [{ Name: "Milk", Options: ["Regular", "Oat"] }],
  });
});

const entry = { drink: "Tea", icon: "tea", available: true, modifiers: [] };
test.each([
  { what: "a limit of 0", path: "/config", body: { maxOrdersInQueue: 0, drinksPerBarcode: 5 } },
  { what: "a limit of 1.5", path: "/config", body: { maxOrdersInQueue: 1.5, drinksPerBarcode: 5 } },
  { what: "a limit as text", path: "/config", body: { maxOrdersInQueue: "20", drinksPerBarcode: 5 } },
  { what: "a limit beyond all", path: "/config", body: { drinksPerBarcode: 1e9 } },
  { what: "a negative time", path: "/config", body: { customerTimeoutSeconds: -1 } },
  { what: "an unknown name", path: "/config", body: { drinksPerBarcode: 5, maxOrder: 1 } },
  { what: "the shop's state, which has its own call", path: "/config", body: { storeOpen: false } },
  { what: "a key of the table", path: "/config", body: { PK: "menu", drinksPerBarcode: 5 } },
  { what: "a time zone that is none", path: "/config", body: { timeZone: "Moon/Base" } },
  { what: "nothing", path: "/config", body: {} },
  { what: "a list", path: "/config", body: [] },
  { what: "an empty menu", path: "/menu", body: [] },
  { what: "a drink twice", path: "/menu", body: [entry, entry] },
  { what: "one wrong drink among right ones", path: "/menu", body: [entry, { ...entry, drink: "Milk", available: "yes" }] },
  { what: "a drink without a name", path: "/menu", body: [{ ...entry, drink: "" }] },
  { what: "an option twice", path: "/menu", body: [{ ...entry, modifiers: [{ Name: "Milk", Options: ["Oat", "Oat"] }] }] },
  {
    what: "an option in two groups",
    path: "/menu",
    body: [
      {
        ...entry,
        modifiers: [
          { Name: "A", Options: ["Oat"] },
          { Name: "B", Options: ["Oat"] },
        ],
      },
    ],
  },
  {
    what: "two groups of a name",
    path: "/menu",
    body: [
      {
        ...entry,
        modifiers: [
          { Name: "A", Options: ["x"] },
          { Name: "A", Options: ["y"] },
        ],
      },
    ],
  },
  { what: "a group without options", path: "/menu", body: [{ ...entry, modifiers: [{ Name: "A", Options: [] }] }] },
  { what: "an invisible name", path: "/menu", body: [{ ...entry, drink: "Te\u200ba" }] },
  { what: "an icon that is an address", path: "/menu", body: [{ ...entry, icon: "https://evil.example/x.svg" }] },
  { what: "a member nobody knows", path: "/menu", body: [{ ...entry, price: 1 }] },
])("$what is refused with 422 and its place, and nothing changes", async ({ path, body }) => {
  const { status, body: problem } = await admin.call<ProblemView>("PUT", path, body);
  expect([status, problem.type]).toEqual([422, problemNamed("invalid-body")]);
  expect(problem.detail.length).toBeGreaterThan(5);
  expect(await config()).toEqual(original);
});

test.each([
  "",
  "?state=",
  "?state=shut",
  "?state=OPEN",
  "?state=open&state=closed",
  "?state=open&minutes=5",
  "?state=closed&minutes=0",
  "?state=closed&minutes=x",
  "?state=closed&more=1",
])("PUT /store%s is a 400 and changes nothing", async (query) => {
  expect(await admin.call("PUT", `/store${query}`)).toMatchObject({ status: 400, body: { type: problemNamed("invalid-request") } });
  expect(await config()).toEqual(original);
});

test("a change names what it changes and leaves the rest; each answers the configuration as it then is", async () => {
  const changed = await admin.call<ConfigView>("PUT", "/config", { customerTimeoutSeconds: 60, timeZone: "America/Sao_Paulo" });
  expect(changed.body).toEqual({ ...original, customerTimeoutSeconds: 60, timeZone: "America/Sao_Paulo" });
  expect(await config()).toEqual(changed.body);
  const { guest, orderId } = await scanned(bar);
  await bar.clock.advance(60_000);
  await bar.quiet();
  expect((await guest.order(orderId)).orderState).toBe("TIMEDOUT");
  await bar.configure({ customerTimeoutSeconds: 300 });
});

test("a pause closes the shop until its end, then it is open by itself", async () => {
  const { body } = await admin.call<ConfigView>("PUT", "/store?state=closed&minutes=5");
  expect([body.storeOpen, body.reopensAt]).toEqual([false, new Date(bar.clock.nowMs() + 300_000).toISOString()]);
  const [guest] = (await bar.guests(1)) as [Person];
  const scan = async () => {
    const window = await admin.call<{ code: string }>("GET", "/qr-code");
    return guest.scan(window.body.code);
  };
  const refused = await scan();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "300"]);
  await bar.clock.advance(300_000);
  expect([(await config()).storeOpen, (await config()).reopensAt, (await scan()).status]).toEqual([true, null, 201]);
  await bar.quiet();
  expect((await bar.orders("CREATED")).map(({ userId }) => userId)).toContain(guest.sub);
});

test("sold out at once: told on the config topic, refused with 422, and back again", async () => {
  const { guest, orderId } = await scanned(bar);
  const ear = await listen(bar.url, undefined, "serverlesspresso-config");
  await admin.call("PUT", "/menu", { menu: original.menu.map((one) => ({ ...one, available: one.drink !== "Latte" })) });
  await bar.quiet();
  await expect.poll(() => ear.heard.map(({ type }) => type)).toEqual(["ConfigService.ConfigChanged"]);
  expect(ear.heard[0]?.detail).toMatchObject({
    Message: "The menu changed.",
    NewImage: { PK: "menu", value: expect.arrayContaining([expect.objectContaining({ drink: "Latte", available: false })]) },
  });
  expect((await guest.act(orderId, "", latte)).status).toBe(422);
  await admin.call("PUT", "/menu", original.menu);
  await bar.quiet();
  await expect.poll(() => ear.heard.length).toBe(2);
  expect((await guest.act(orderId, "", latte)).status).toBe(200);
  ear.end();
});

test("figures of the code count from the next window on", async () => {
  const window = await bar.nextWindow();
  await bar.configure({ drinksPerBarcode: 3 });
  expect((await admin.call("GET", "/qr-code")).body).toEqual(window);
  expect((await bar.nextWindow()).remaining).toBe(3);
  await bar.configure({ drinksPerBarcode: 10 });
});

test("windows of another length begin at once; a code that was shown is good until its own end", async () => {
  const before = await bar.nextWindow();
  const [early, late] = (await bar.guests(2)) as [Person, Person];
  for (const barcodeMinutes of [7, 1, 1440]) {
    await bar.configure({ barcodeMinutes });
    const { body: now } = await admin.call<Window>("GET", "/qr-code");
    expect([now.code === before.code, now.endMs - now.startMs]).toEqual([false, barcodeMinutes * 60_000]);
    expect(now.startMs % (barcodeMinutes * 60_000)).toBe(0);
  }
  expect((await early.scan(before.code)).status).toBe(201);
  await bar.clock.advance(before.endMs - bar.clock.nowMs() + 30_000);
  expect((await late.scan(before.code)).status).toBe(410);
  await bar.configure({ barcodeMinutes: 5 });
});

test("codes that change: turned on in a window, the code before is good for 2 minutes, each of them until 2 minutes after its own end", async () => {
  const plain = await bar.nextWindow();
  const [ada, bob, eve] = (await bar.guests(3)) as [Person, Person, Person];
  await bar.configure({ subCode: true });
  const { body: first } = await admin.call<Window & { codeEndMs: number }>("GET", "/qr-code");
  expect([first.code.startsWith(`${plain.code}.`), first.codeEndMs - first.startMs]).toEqual([true, 30_000]);
  await bar.clock.advance(119_999);
  expect([(await ada.scan(plain.code)).status, (await bob.scan(first.code)).status]).toEqual([201, 201]);
  await bar.clock.advance(1);
  expect((await eve.scan(plain.code)).status).toBe(410);
  await bar.clock.advance(30_000);
  expect((await eve.scan(first.code)).status).toBe(410);
  const { body: current } = await admin.call<Window>("GET", "/qr-code");
  expect((await eve.scan(current.code)).status).toBe(201);
  await bar.configure({ subCode: false });
  expect((await admin.call<Window>("GET", "/qr-code")).body.code).toBe(plain.code);
});

test("drinks of a day: the limit counts in the shop's own day", async () => {
  await bar.configure({ maxDrinksPerUserPerDay: 1, timeZone: "UTC" });
  const first = await scanned(bar);
  await first.guest.act(first.orderId, "", latte);
  await bar.quiet();
  await admin.act(first.orderId, "complete");
  const { code } = await bar.nextWindow();
  expect(await first.guest.call("POST", `/qr-code?token=${code}`)).toMatchObject({
    status: 409,
    body: { type: problemNamed("daily-limit") },
  });
  await bar.configure({ maxDrinksPerUserPerDay: 0 });
  expect((await first.guest.scan(code)).status).toBe(201);
});

test("drinks of a day: one that was cancelled, refused or timed out was none", async () => {
  await bar.configure({ maxDrinksPerUserPerDay: 1, maxOrdersInQueue: 20 });
  const cancelled = await scanned(bar);
  await cancelled.guest.act(cancelled.orderId, "cancel");
  const timedOut = await scanned(bar);
  await bar.clock.advance(1_000_000);
  await bar.configure({ maxOrdersInQueue: 1 });
  await scanned(bar);
  const refused = await scanned(bar);
  await bar.configure({ maxOrdersInQueue: 20 });
  const { code } = await bar.nextWindow();
  for (const { guest, orderId } of [cancelled, timedOut, refused]) {
    expect((await guest.order(orderId)).orderState).toMatch(/^(CANCELLED|TIMEDOUT|REFUSED)$/);
    expect((await guest.scan(code)).status).toBe(201);
  }
  await bar.quiet();
  await bar.configure({ maxDrinksPerUserPerDay: 0 });
});

test("a code: unknown 400, over after 30 s of grace 410, used up 429, a second order 409", async () => {
  await bar.configure({ drinksPerBarcode: 2, customerTimeoutSeconds: 3600 });
  const window = await bar.nextWindow();
  const [one, two, three, four] = (await bar.guests(4)) as [Person, Person, Person, Person];
  const scan = async (guest: Person, code = window.code) => {
    const { status, body } = await guest.call<ProblemView>("POST", `/qr-code?token=${code}`);
    return [status, body.type];
  };
  expect(await scan(one, "1.unknown")).toEqual([400, problemNamed("unknown-code")]);
  expect((await scan(one))[0]).toBe(201);
  expect((await scan(one))[0]).toBe(201);
  const next = await bar.nextWindow();
  expect(await scan(one, next.code)).toEqual([409, problemNamed("order-limit")]);
  await bar.clock.advance(29_000);
  expect((await scan(two))[0]).toBe(201);
  expect(await scan(three)).toEqual([429, problemNamed("no-drinks-left")]);
  await bar.clock.advance(1_000);
  expect(await scan(four)).toEqual([410, problemNamed("code-expired")]);
  expect((await (await bar.admin()).call("GET", "/qr-code")).body).toMatchObject({ remaining: 2 });
});
