/** The races of a bar, each run many times over real HTTP: exactly one wins, and everything agrees on which. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../support/api.ts";
import { type Bar, type BusEvent, openBar } from "../support/bar.ts";

/** All orders of starting in X11; on demand more. */
const rounds = Number(process.env.RACE_ROUNDS ?? 24);
/** Ends what would never end, on the slowest machine. */
const bound = { timeout: rounds * 20_000 };
const latte = { drink: "Latte", modifiers: ["Oat"] };
let bar: Bar;

beforeAll(async () => {
  bar = await openBar();
  await bar.configure({ maxOrdersInQueue: 400 });
});
afterAll(() => bar.close());

async function repeat(round: (index: number) => Promise<void>, count = rounds): Promise<void> {
  for (let index = 0; index < count; index++) await round(index);
}

function count(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function scanned(guest: Person): Promise<string> {
  const { code } = await currentWindow();
  const { status, body } = await guest.scan(code);
  if (status !== 201) throw new Error(`scan answered ${status}: ${JSON.stringify(body)}`);
  return body.orderId;
}

async function currentWindow(atLeast = 1) {
  const window = await (await bar.admin()).call<{ code: string; remaining: number }>("GET", "/qr-code");
  return window.body.remaining >= atLeast ? window.body : bar.nextWindow();
}

/** An order that waits for a barista. */
async function submitted(): Promise<{ guest: Person; orderId: string }> {
  const [guest] = (await bar.guests(1)) as [Person];
  const orderId = await scanned(guest);
  await bar.quiet();
  const { status, body } = await guest.act(orderId, "placeOrder", latte);
  if (status !== 200) throw new Error(`submission answered ${status}: ${JSON.stringify(body)}`);
  await bar.quiet();
  return { guest, orderId };
}

/** Everything on the bus so far; what was read before is not read again. */
const heard: BusEvent[] = [];
function events(): readonly BusEvent[] {
  const last = heard.at(-1);
  heard.push(...bar.events(last && last.sequence + 1));
  return heard;
}

/** What the archive says became of an order, by detail-type. */
function facts(orderId: string, ...types: readonly string[]): string[] {
  return events()
    .filter(({ detail, type }) => detail.orderId === orderId && types.includes(type))
    .map(({ type }) => type);
}
const finals = ["OrderProcessor.orderFinished", "OrderProcessor.OrderTimeOut", "OrderProcessor.ShopUnavailable"] as const;

/** I5: table, workflow and archive name one and the same end. */
async function expectOneEnd(orderId: string): Promise<string> {
  await bar.quiet();
  const { body: order } = await (await bar.admin()).call<{ orderState: string }>("GET", `/orders/${orderId}`);
  const ends = facts(orderId, ...finals);
  expect(ends).toHaveLength(1);
  expect({ state: order.orderState, end: ends[0] }).toEqual({
    state: order.orderState,
    end: order.orderState === "TIMEDOUT" ? "OrderProcessor.OrderTimeOut" : "OrderProcessor.orderFinished",
  });
  expect(facts(orderId, "OrderManager.OrderCompleted", "OrderManager.OrderCancelled")).toHaveLength(
    order.orderState === "TIMEDOUT" ? 0 : 1,
  );
  expect(bar.execution(orderId)?.status).toBe("SUCCEEDED");
  return order.orderState;
}

describe("the code", () => {
  test("X1: 50 guests redeem one code with 10 drinks: exactly 10 get one", bound, async () => {
    await repeat(async () => {
      const { code } = await bar.nextWindow();
      const guests = await bar.guests(50);
      const answers = await Promise.all(guests.map((guest) => guest.scan(code)));
      expect(count(answers.map(({ status }) => status))).toEqual({ 201: 10, 429: 40 });
      expect((await (await bar.admin()).call<{ remaining: number }>("GET", "/qr-code")).body.remaining).toBe(0);
    });
  });

  test("X2, X3: one guest taps 20 times, on two phones: one order, one drink off the code", bound, async () => {
    await repeat(async () => {
      const { code, remaining } = await bar.nextWindow();
      const [guest] = (await bar.guests(1)) as [Person];
      const answers = await Promise.all(Array.from({ length: 20 }, () => guest.scan(code)));
      expect(answers.every(({ status }) => status === 201 || status === 200)).toBe(true);
      expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
      expect((await (await bar.admin()).call<{ remaining: number }>("GET", "/qr-code")).body.remaining).toBe(remaining - 1);
      expect((await guest.call<{ orders: unknown[] }>("GET", "/myOrders")).body.orders).toHaveLength(1);
    });
  });

  test("X4: two displays ask for a new window at once: one code", bound, async () => {
    await repeat(async () => {
      await bar.clock.advance(300_000);
      const admin = await bar.admin();
      const answers = await Promise.all(Array.from({ length: 5 }, () => admin.call<{ code: string }>("GET", "/qr-code")));
      expect(new Set(answers.map(({ body }) => body.code)).size).toBe(1);
    });
  });

  test("X5: read at the window's last millisecond, 29 s and 31 s later: 201 and 201 from the old window, then 410", bound, async () => {
    await repeat(async () => {
      const { code, endMs } = await bar.nextWindow();
      const guests = await bar.guests(3);
      const scanAt = async (guest: Person | undefined, atMs: number) => {
        await bar.clock.advance(atMs - bar.clock.nowMs());
        return (await guest?.scan(code))?.status;
      };
      expect([
        await scanAt(guests[0], endMs - 1),
        await scanAt(guests[1], endMs + 29_000),
        await scanAt(guests[2], endMs + 31_000),
      ]).toEqual([201, 201, 410]);
      expect((await (await bar.admin()).call<{ remaining: number }>("GET", "/qr-code")).body.remaining).toBe(10);
    });
  });
});

describe("places in the queue", () => {
  beforeAll(async () => {
    // Orders of the tests before have run out of time by then.
    await bar.clock.advance(301_000);
    await bar.configure({ maxOrdersInQueue: 20, drinksPerBarcode: 100 });
  });
  afterAll(() => bar.configure({ maxOrdersInQueue: 400, drinksPerBarcode: 10 }));

  test("X6: 25 orders started in the same instant admit exactly 20", bound, async () => {
    await repeat(async () => {
      const { code } = await bar.nextWindow();
      const guests = await bar.guests(25);
      const answers = await Promise.all(guests.map((guest) => guest.scan(code)));
      expect(count(answers.map(({ status }) => status))).toEqual({ 201: 25 });
      await bar.quiet();
      const states = await Promise.all(guests.map(async (guest, i) => (await guest.order(answers[i]?.body.orderId ?? "")).orderState));
      expect(states.filter((state) => state === "CREATED")).toHaveLength(20);
      expect(states.filter((state) => state === "REFUSED")).toHaveLength(5);
      await bar.clock.advance(301_000);
    });
  });

  test("X7: places that come free while others start are neither lost nor given twice", bound, async () => {
    await repeat(async () => {
      const { code } = await bar.nextWindow();
      const first = await bar.guests(20);
      const orders = await Promise.all(first.map(async (guest) => ({ guest, orderId: (await guest.scan(code)).body.orderId })));
      await bar.quiet();
      const late = await bar.guests(15);
      await Promise.all([
        ...orders.slice(0, 5).map(({ guest, orderId }) => guest.act(orderId, "cancel")),
        ...late.map((guest) => guest.scan(code)),
      ]);
      await bar.quiet();
      const waiting = (await bar.orders("CREATED")).length;
      expect(waiting).toBeGreaterThanOrEqual(15);
      expect(waiting).toBeLessThanOrEqual(20);
      // The next guest gets a place exactly as long as there is one.
      for (const guest of await bar.guests(20 - waiting + 1)) await guest.scan(code);
      await bar.quiet();
      expect(await bar.orders("CREATED")).toHaveLength(20);
      await bar.clock.advance(301_000);
      expect(bar.running()).toBe(0);
    });
  });
});

describe("one order", () => {
  beforeAll(() => bar.configure({ drinksPerBarcode: 100 }));

  test("X8: a drink submitted the moment the order exists is taken or refused, never lost", bound, async () => {
    await repeat(async () => {
      const [guest] = (await bar.guests(1)) as [Person];
      const orderId = await scanned(guest);
      // The order manager awaits the workflow's token by the shop's clock.
      const [{ status }] = await Promise.all([guest.act(orderId, "placeOrder", latte), bar.clock.advance(5_000)]);
      expect([200, 409]).toContain(status);
      await bar.quiet();
      expect((await guest.order(orderId)).orderState).toBe(status === 200 ? "SUBMITTED" : "CREATED");
      await guest.act(orderId, "cancel");
      expect(await expectOneEnd(orderId)).toBe("CANCELLED");
    });
  });

  test("X9: a drink submitted at the very moment the guest's time is up: one of the two holds", bound, async () => {
    await repeat(async (index) => {
      const [guest] = (await bar.guests(1)) as [Person];
      const orderId = await scanned(guest);
      await bar.quiet();
      await bar.clock.advance(299_990);
      const [answer] = await Promise.all(
        index % 2 === 0
          ? [guest.act(orderId, "placeOrder", latte), bar.clock.advance(20)]
          : [bar.clock.advance(20).then(() => guest.act(orderId, "placeOrder", latte))],
      );
      await bar.quiet();
      const { orderState } = await guest.order(orderId);
      expect({ status: answer?.status, orderState }).toEqual(
        answer?.status === 200 ? { status: 200, orderState: "SUBMITTED" } : { status: 409, orderState: "TIMEDOUT" },
      );
      if (orderState === "SUBMITTED") await (await bar.admin()).act(orderId, "cancel");
      await expectOneEnd(orderId);
    });
  });

  test("X10: two baristas claim at once, or claim against put back: one 200, one 409", bound, async () => {
    await repeat(async () => {
      const { orderId } = await submitted();
      const [admin, other] = [await bar.admin(), await bar.secondBarista()];
      const claims = await Promise.all([admin.act(orderId, "make"), other.act(orderId, "make")]);
      expect(claims.map(({ status }) => status).sort()).toEqual([200, 409]);
      const [holder, loser] = claims[0]?.status === 200 ? [admin, other] : [other, admin];
      expect((await admin.order(orderId)).baristaUserId).toBe(holder.sub);
      const [putBack, claim] = await Promise.all([holder.act(orderId, "unmake"), loser.act(orderId, "make")]);
      expect(putBack.status).toBe(200);
      expect(await admin.order(orderId)).toMatchObject(
        claim.status === 200 ? { orderState: "MAKING", baristaUserId: loser.sub } : { orderState: "SUBMITTED", baristaUserId: "" },
      );
      await admin.act(orderId, "cancel");
      await expectOneEnd(orderId);
    });
  });

  test("X11: complete, cancel by guest, cancel by bar and the bar's timeout at once: one end, told once", bound, async () => {
    const seen = new Set<string>();
    await repeat(async (index) => {
      const { guest, orderId } = await submitted();
      const admin = await bar.admin();
      await admin.act(orderId, "make");
      await bar.quiet();
      await bar.clock.advance(899_990);
      const fresh = await bar.admin();
      const racers = [
        () => fresh.act(orderId, "complete"),
        () => guest.act(orderId, "cancel"),
        () => fresh.act(orderId, "cancel", { reason: "no beans" }),
        () => bar.clock.advance(20),
      ];
      // All 24 orders of starting, one after the other.
      const order = permutation(index % 24);
      await Promise.all(order.map((racer) => racers[racer]?.()));
      seen.add(await expectOneEnd(orderId));
    });
    expect(seen.size).toBeGreaterThan(1);
  });

  test("X12: repeating the action that finished an order answers the same and tells nobody again", bound, async () => {
    await repeat(async () => {
      const { guest, orderId } = await submitted();
      const admin = await bar.admin();
      await admin.act(orderId, "make");
      const [first, second] = [await admin.act(orderId, "complete"), await admin.act(orderId, "complete")];
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(second.body).toEqual(first.body);
      expect((await guest.act(orderId, "cancel")).status).toBe(409);
      expect(await expectOneEnd(orderId)).toBe("COMPLETED");
    });
  });

  test("X13: every event of an order delivered again, in any order, changes nothing", bound, async () => {
    await repeat(async (index) => {
      const { orderId } = await submitted();
      const admin = await bar.admin();
      await admin.act(orderId, "make");
      await admin.act(orderId, index % 2 === 0 ? "complete" : "cancel");
      // The consumers of the metrics queues take their time for a batch.
      await bar.clock.advance(60_000);
      const aliveAtMs = bar.clock.nowMs() + 3_600_000;
      const before = bar.tables(aliveAtMs);
      await bar.deliverAgain(
        events()
          .filter(({ detail }) => detail.orderId === orderId)
          .reverse(),
      );
      await bar.clock.advance(60_000);
      expect(bar.tables(aliveAtMs)).toEqual(before);
      await expectOneEnd(orderId);
    });
  });

  test("X14: numbers are 1 to n in the order of drawing, none twice, none left out", bound, async () => {
    let drawn = events().filter(({ type }) => type === "OrderProcessor.WaitingCompletion").length;
    await repeat(async () => {
      await currentWindow(4);
      const orders = await Promise.all(Array.from({ length: 4 }, submitted));
      const shown = await Promise.all(orders.map(async ({ guest, orderId }) => (await guest.order(orderId)).orderNumber ?? 0));
      expect(shown.sort((a, b) => a - b)).toEqual([1, 2, 3, 4].map((more) => drawn + more));
      drawn += 4;
    });
    const numbers = events()
      .filter(({ type }) => type === "OrderProcessor.WaitingCompletion")
      .map(({ detail }) => detail.orderNumber);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

function permutation(index: number): number[] {
  const left = [0, 1, 2, 3];
  const chosen: number[] = [];
  for (let size = 4, rest = index; size > 0; size--) {
    chosen.push(...left.splice(rest % size, 1));
    rest = Math.floor(rest / size);
  }
  return chosen;
}
