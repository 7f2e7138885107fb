/** Live updates: who may listen to what, what a message is, and that a client's view ends in what the API says. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, type OrderView, type Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import {
  accountToken,
  callPool,
  callPoolAsOperator,
  claimsOf,
  connect,
  ended,
  granted,
  guestTokens,
  type Heard,
  latte,
  listen,
  scanned,
  submitted,
} from "./steps.ts";

watchAnswers();
let bar: Bar;
const people: Record<string, Person | undefined> = {};
beforeAll(async () => {
  bar = await openBar();
  const [guest, other] = (await bar.guests(2)) as [Person, Person];
  Object.assign(people, { nobody: undefined, guest, other, admin: await bar.admin() });
  await bar.configure({ drinksPerBarcode: 10_000, maxOrdersInQueue: 400 });
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

describe("who may listen", () => {
  const everywhere = [
    "#",
    "+",
    "+/+",

    "/#",
    "serverlesspresso-admin/#",
    "$SYS/#",
    "$SYS/broker/clients",
  ];
  const shared = ["$share/x/serverlesspresso-admin", "$share/x/serverlesspresso-config", "$share/x/#"];
  const near = [
    "serverlesspresso-admin ",
    "Serverlesspresso-admin",
    "serverlesspresso-user-",
    "serverlesspresso-user-undefined",
    "serverlesspresso-user-*",
    "serverlesspresso",
  ];
  const topics = [
    "serverlesspresso-admin",
    "serverlesspresso-config",
    "{own}",
    "{guest}",
    "{other}",
    "{admin}",
    ...everywhere,
    ...shared,
    ...near,
  ];
  const allowed: Record<string, readonly string[]> = {
    nobody: ["serverlesspresso-config"],
    guest: ["serverlesspresso-config", "{own}", "{guest}"],
    other: ["serverlesspresso-config", "{own}", "{other}"],
    admin: ["serverlesspresso-config", "serverlesspresso-admin", "{own}", "{admin}"],
  };
  const nameOf = (topic: string, who: string): string =>
    topic.replace(/\{(\w+)\}/, (_, name: string) => `serverlesspresso-user-${people[name === "own" ? who : name]?.sub ?? "nobody"}`);

  test.each(Object.keys(allowed).flatMap((who) => topics.map((topic) => ({ who, topic }))))("$who, $topic", async ({ who, topic }) => {
    const ear = await connect(bar.url, people[who]?.token);
    expect(await granted(ear, nameOf(topic, who))).toEqual([allowed[who]?.includes(topic) ? 1 : 128]);
    ear.end();
  });

  test.each(["serverlesspresso-+", "serverlesspresso-user-+", "#/a"])("a filter of %s is none, and ends the link", async (topic) => {
    for (const who of Object.keys(allowed)) expect(await granted(await connect(bar.url, people[who]?.token), topic)).toEqual([]);
  });

  test("each filter of one SUBSCRIBE is judged on its own", async () => {
    const ear = await connect(bar.url, people.guest?.token);
    const filters = ["serverlesspresso-config", "serverlesspresso-admin", nameOf("{guest}", "guest"), nameOf("{other}", "guest"), "#"];
    expect(await granted(ear, filters)).toEqual([1, 128, 1, 128, 128]);
    ear.end();
  });

  test("what was refused is not heard", async () => {
    const ear = await connect(bar.url, people.other?.token);
    await granted(ear, ["serverlesspresso-admin", nameOf("{guest}", "other"), "#"]);
    const own = await listen(bar.url, people.guest, nameOf("{guest}", "guest"));
    const { orderId } = await scanned(bar, people.guest);
    await people.guest?.act(orderId, "cancel");
    await bar.quiet();
    await expect.poll(() => own.heard.map(({ type }) => type)).toContain("OrderManager.OrderCancelled");
    expect(ear.heard).toEqual([]);
    for (const one of [ear, own]) one.end();
  });

  test.each(["nonsense", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])("a token of %s is refused at CONNECT", async (token) => {
    await expect(connect(bar.url, token)).rejects.toMatchObject({ code: 4 });
  });
  test("so is an id token; a user name without a password is nobody", async () => {
    await expect(connect(bar.url, (await guestTokens(bar)).IdToken)).rejects.toMatchObject({ code: 4 });
    const ear = await connect(bar.url, undefined, { username: people.admin?.sub ?? "" });
    expect(await granted(ear, "serverlesspresso-admin")).toEqual([128]);
    ear.end();
  });
});

describe("nobody publishes", () => {
  test.each(["nobody", "guest", "admin"])(
    "%s: PUBLISH of any kind ends the link and is heard by nobody; a will is refused",
    async (who) => {
      const own = `serverlesspresso-user-${people[who]?.sub ?? "x"}`;
      const listeners = [
        await listen(bar.url, people.admin, "serverlesspresso-admin", "serverlesspresso-config"),
        await listen(bar.url, people.guest, `serverlesspresso-user-${people.guest?.sub}`),
      ];
      for (const topic of ["serverlesspresso-config", "serverlesspresso-admin", own, "anything", "$SYS/x"]) {
        for (const qos of [0, 1] as const) {
          const ear = await connect(bar.url, people[who]?.token);
          const gone = ended(ear);
          ear.client.publish(topic, "{}", { qos, retain: qos === 1 }, () => {});
          await gone;
        }
      }
      const will = { topic: "serverlesspresso-config", payload: Buffer.from("{}"), qos: 1, retain: true } as const;
      await expect(connect(bar.url, people[who]?.token, { will })).rejects.toThrow();
      const late = await listen(bar.url, people.admin, "serverlesspresso-admin", "serverlesspresso-config");
      await bar.quiet();
      expect([...listeners, late].flatMap(({ heard }) => heard)).toEqual([]);
      for (const ear of [...listeners, late]) ear.end();
    },
  );
});

describe("messages", () => {
  const types = (heard: readonly Heard[], orderId: string): string[] =>
    heard.filter(({ detail }) => detail.orderId === orderId).map(({ type }) => type);

  test("a whole journey: each step on the guest's and the bar's topic, as {id, time, type, detail}, in order of TS, saying what the API says", async () => {
    const [guest, admin] = [(await bar.guests(1))[0] as Person, await bar.admin()];
    const ears = [
      await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`),
      await listen(bar.url, admin, "serverlesspresso-admin"),
    ];
    const { orderId } = await submitted(bar, guest);
    const stamps: number[] = [((await admin.order(orderId)) as OrderView & { updatedMs: number }).updatedMs];
    for (const action of ["make", "unmake", "make", "complete"]) {
      await bar.clock.advance(1_000);
      const { body } = await admin.act(orderId, action);
      stamps.push((body as OrderView & { updatedMs: number }).updatedMs);
      await bar.quiet();
    }
    const steps = [
      "OrderProcessor.WorkflowStarted",
      "OrderProcessor.WaitingCompletion",
      "OrderManager.WaitingCompletion",
      "OrderManager.MakeOrder",
      "OrderManager.MakeOrder",
      "OrderManager.MakeOrder",
      "OrderManager.OrderCompleted",
      "OrderProcessor.orderFinished",
    ];
    await expect
      .poll(() => ears.map(({ heard }) => types(heard, orderId).sort()))
      .toEqual([steps.toSorted(), ["Validator.NewOrder", ...steps].sort()]);
    for (const { payloads, heard } of ears) {
      for (const payload of payloads) {
        const message = JSON.parse(payload) as Heard;
        expect(Object.keys(message).sort()).toEqual(["detail", "id", "time", "type"]);
        expect([message.id, message.time]).toEqual([
          expect.stringMatching(/^[0-9a-f-]{36}$/),
          expect.stringMatching(/^2026-06-01T\d\d:\d\d:\d\dZ$/),
        ]);
        expect(message.detail.Message).toEqual(expect.stringMatching(/\w/));
      }
      expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
      const stamped = heard
        .filter(({ detail, type }) => detail.orderId === orderId && type.startsWith("OrderManager."))
        .map(({ detail }) => detail.TS);
      expect(stamped).toEqual(stamps);
    }
    const waiting = ears[0]?.heard.find(({ type }) => type === "OrderManager.WaitingCompletion");
    expect(waiting?.detail).toMatchObject({
      drinkOrder: { drink: latte.drink, modifiers: latte.modifiers },
      state: "SUBMITTED",
      orderNumber: expect.any(Number),
      userId: guest.sub,
    });
    for (const ear of ears) ear.end();
  });

  test("the shop's state and menu reach anybody at once, with what they then are", async () => {
    const [admin, ear] = [await bar.admin(), await listen(bar.url, undefined, "serverlesspresso-config")];
    await admin.call("PUT", "/store?state=closed");
    await admin.call("PUT", "/store?state=open");
    const { menu } = (await admin.call<{ menu: { drink: string; available: boolean }[] }>("GET", "/config")).body;
    await admin.call(
      "PUT",
      "/menu",
      menu.map((entry) => (entry.drink === "Latte" ? { ...entry, available: false } : entry)),
    );
    await bar.quiet();
    await expect.poll(() => ear.heard.map(({ type }) => type)).toEqual(Array(3).fill("ConfigService.ConfigChanged"));
    const images = ear.heard.map(
      ({ detail }) => detail.NewImage as { PK: string; storeOpen?: boolean; value?: { drink: string; available: boolean }[] },
    );
    expect(images.map(({ PK, storeOpen }) => [PK, storeOpen])).toEqual([
      ["config", false],
      ["config", true],
      ["menu", undefined],
    ]);
    expect(images[2]?.value?.find(({ drink }) => drink === "Latte")?.available).toBe(false);
    await admin.call("PUT", "/menu", menu);
    await bar.quiet();
    ear.end();
  });

  test("nothing changed, nothing told: a repeat of the same menu or state", async () => {
    const [admin, ear] = [await bar.admin(), await listen(bar.url, undefined, "serverlesspresso-config")];
    await admin.call("PUT", "/store?state=open");
    await bar.quiet();
    expect(ear.heard).toEqual([]);
    ear.end();
  });
});

test("RELIABILITY 31: a token that ran out, a sign-in that ended, here or everywhere, and a group that was lost each end their link within a minute", async () => {
  const old = await guestTokens(bar);
  const oldLink = await connect(bar.url, old.AccessToken);
  // Fifty seconds before it ends.
  await bar.clock.advance(3_600_000 - 50_000);
  const staff = await accountToken(bar, "new-barista@example.com");
  const staffLink = await connect(bar.url, staff);
  expect(await granted(staffLink, "serverlesspresso-admin")).toEqual([1]);
  expect((await callApi(bar.url, old.AccessToken, "GET", "/myOrders")).status).toBe(200);
  const [here, everywhere, staying] = [await guestTokens(bar), await guestTokens(bar), await guestTokens(bar)];
  const links = await Promise.all([here, everywhere, staying].map(({ AccessToken }) => connect(bar.url, AccessToken)));
  const gone = [...links.slice(0, 2), oldLink, staffLink].map(ended);
  expect(
    (await callPoolAsOperator(bar, "AdminRemoveUserFromGroup", { Username: "new-barista@example.com", GroupName: "admin" })).status,
  ).toBe(200);
  expect((await callPool(bar, "RevokeToken", { Token: here.RefreshToken })).status).toBe(200);
  expect((await callPool(bar, "GlobalSignOut", { AccessToken: everywhere.AccessToken })).status).toBe(200);
  // What a group opened is closed at the next call, not only within five minutes.
  expect([401, 403]).toContain((await callApi(bar.url, staff, "GET", "/orders")).status);
  for (const { AccessToken } of [here, everywhere]) expect((await callApi(bar.url, AccessToken, "GET", "/myOrders")).status).toBe(401);
  await bar.clock.advance(55_000);
  await Promise.all(gone);
  expect((await callApi(bar.url, old.AccessToken, "GET", "/myOrders")).status).toBe(401);
  expect(links[2]?.client.connected).toBe(true);
  links[2]?.end();
});

test("RELIABILITY 31: a group that was given takes effect at once: what was signed in before is over, and the next sign-in opens what the group does", async () => {
  const tokens = await guestTokens(bar);
  const { sub } = claimsOf(tokens.AccessToken) as { sub: string };
  expect((await callPoolAsOperator(bar, "AdminAddUserToGroup", { Username: sub, GroupName: "admin" })).status).toBe(200);
  expect((await callApi(bar.url, tokens.AccessToken, "GET", "/orders")).status).toBe(401);
  expect((await callApi(bar.url, await accountToken(bar, "second-barista@example.com"), "GET", "/orders")).status).toBe(200);
});

test("after a restart, links are made anew and lead to the true state", async () => {
  const [{ guest, orderId }, done, admin] = [await submitted(bar), await submitted(bar), await bar.admin()];
  const before = [
    await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`),
    await listen(bar.url, admin, "serverlesspresso-admin"),
  ];
  await admin.act(done.orderId, "complete");
  await bar.quiet();
  const [orders, order] = [await bar.orders(), await guest.order(orderId)];
  const ends = before.map(ended);
  await bar.restart();
  await Promise.all(ends);
  const after = [
    await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`),
    await listen(bar.url, admin, "serverlesspresso-admin"),
  ];
  expect([await bar.orders(), await guest.order(orderId)]).toEqual([orders, order]);
  expect((await admin.act(orderId, "make")).body.orderState).toBe("MAKING");
  expect((await admin.act(orderId, "complete")).body.orderState).toBe("COMPLETED");
  await bar.quiet();
  for (const { heard } of after) {
    await expect.poll(() => heard.map(({ type }) => type)).toContain("OrderManager.OrderCompleted");
    // Only what is new: nothing of before the restart is said again.
    expect(heard.filter(({ detail }) => detail.orderId !== orderId)).toEqual([]);
  }
  expect((await guest.order(orderId)).orderState).toBe("COMPLETED");
  for (const ear of after) ear.end();
});
