import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualMachine, type Machine, thisMachine } from "@serverlesspresso/clock";
import { keyOf, openStore, type Store } from "@serverlesspresso/store";
import { afterEach, describe, expect, test } from "vitest";
import { createShopClock, describeSpan } from "./shop-clock.ts";
import { openTestShop, type Person, type TestShop } from "./test-support.ts";

const hour = 3_600_000;
const day = 24 * hour;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe("C2, C3: over a crash", () => {
  async function openAgain(folder: string): Promise<Store> {
    const store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
    ends.push(() => store.close());
    return store;
  }

  test.each([
    { name: "an hour back", setBy: -hour, rate: 1 },
    { name: "a day back", setBy: -day, rate: 1 },
    { name: "after a run sixty times as fast", setBy: 0, rate: 60 },
  ])("$name: time begins where what is stored ends, and says how far ahead that is", async ({ setBy, rate }) => {
    const folder = mkdtempSync(join(tmpdir(), "clock-"));
    ends.push(() => rmSync(folder, { recursive: true }));
    const machine = createManualMachine();
    let store = await openAgain(folder);
    const before = createShopClock(store, { rate, machine });
    machine.advance(20 * 60_000);
    await store.transact((tx) => tx.put(keyOf("order"), before.nowMs()));
    // Killed: nothing says good-bye to the clock.
    await store.close();
    ends.pop();
    machine.setBy(setBy);
    machine.advance(10_000);

    store = await openAgain(folder);
    const after = createShopClock(store, { machine });
    expect(after.nowMs()).toBe(store.get(keyOf("order")));
    expect(after.aheadMs).toBe(after.nowMs() - machine.wallMs());
    expect(after.aheadMs).toBe(rate === 1 ? -setBy - 10_000 : 59 * 20 * 60_000 - 10_000);
    await after.stop();
  });

  test("a crash, and the machine's clock as it was: not ahead", async () => {
    const folder = mkdtempSync(join(tmpdir(), "clock-"));
    ends.push(() => rmSync(folder, { recursive: true }));
    const machine = createManualMachine();
    const store = await openAgain(folder);
    const before = createShopClock(store, { machine });
    machine.advance(20 * 60_000);
    await store.transact((tx) => tx.put(keyOf("order"), before.nowMs()));
    machine.advance(1);
    expect(createShopClock(store, { machine }).aheadMs).toBe(0);
  });
});

describe("a shop whose machine's clock is set, or that slept", () => {
  let offsetMs = 0;
  const machine: Machine = { ...thisMachine, wallMs: () => thisMachine.wallMs() + offsetMs };

  /** Resolves when the order's workflow waits for the guest. */
  async function scan(shop: TestShop, admin: Person, guest: Person): Promise<string> {
    const window = await admin.call<{ code: string }>("GET", "/qr-code");
    const { orderId } = (await guest.call<{ orderId: string }>("POST", `/qr-code?token=${window.body.code}`)).body;
    await expect.poll(() => isWaiting(shop, orderId)).toBe(true);
    return orderId;
  }
  function isWaiting({ platform: { store, workflows } }: TestShop, orderId: string): boolean {
    const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
    const { executions } = workflows.query(store, "ListExecutions", { stateMachineArn, statusFilter: "RUNNING" }) as {
      executions: { executionArn: string }[];
    };
    return executions.some(({ executionArn }) => {
      const history = JSON.stringify(workflows.query(store, "GetExecutionHistory", { executionArn }));
      return history.includes(orderId) && history.includes("TaskSubmitted");
    });
  }
  const stateOf = async (guest: Person, orderId: string): Promise<string> =>
    String((await guest.call("GET", `/orders/${orderId}`)).body.orderState);

  test("C1: after a sleep what is due happens at once; set back, before a restart or not, no order waits an hour", async () => {
    offsetMs = 0;
    const shop = await openTestShop({ machine });
    ends.push(() => shop.close());
    const admin = await shop.admin();
    const [sleeper, guest, late] = [await shop.guest("Sleeper"), await shop.guest("Guest"), await shop.guest("Late")];
    const slept = await scan(shop, admin, sleeper);
    // Six minutes are more than a guest has to choose, and less than a sign-in lasts.
    offsetMs = 6 * 60_000;
    await expect.poll(() => stateOf(sleeper, slept)).toBe("TIMEDOUT");
    expect(shop.errors.filter((error) => error.includes("the machine's clock"))[0]).toMatch(/it went forward by 6 min/);

    expect((await admin.call("PUT", "/config", { customerTimeoutSeconds: 2 })).status).toBe(200);
    offsetMs -= hour;
    const first = await scan(shop, admin, guest);
    await expect.poll(() => stateOf(guest, first)).toBe("TIMEDOUT");
    expect(shop.errors.filter((error) => error.includes("the machine's clock"))[1]).toMatch(/it was set back by 1 h/);

    const second = await scan(shop, admin, late);
    offsetMs -= day;
    await shop.restart();
    await expect.poll(() => stateOf(late, second)).toBe("TIMEDOUT");
    expect(describeSpan(shop.platform.aheadMs)).toMatch(/^1 day 1 h|^1 day$/);
  }, 60_000);
});

test.each([
  [0, "0 s"],
  [45_000, "45 s"],
  [90_000, "1 min 30 s"],
  [70_620_000, "19 h 37 min"],
  [27 * hour, "1 day 3 h"],
  [48 * hour, "2 days"],
])("%d ms is %s", (ms, words) => expect(describeSpan(ms)).toBe(words));
