/** Guests, baristas and time in any order, several at once: the invariants hold after each step, and nothing leaks at the end. */
import { names } from "@serverlesspresso/contract";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isFinal } from "./shared/order.ts";
import { parseOrder } from "./shared/order-codec.ts";
import { type Answer, type Bar, openBar } from "./test-support/bar.ts";

type Step =
  | { readonly do: "scan" | "place" | "cancel"; readonly guest: number }
  | { readonly do: "make" | "unmake" | "complete" | "cancel-by-bar"; readonly order: number; readonly barista: 0 | 1 }
  | { readonly do: "stranger"; readonly order: number; readonly action: string }
  | { readonly do: "shop"; readonly state: "open" | "closed" }
  | { readonly do: "capacity"; readonly places: number }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "deliver-again"; readonly event: number };

const order = fc.nat({ max: 6 });
const barista = fc.constantFrom(0 as const, 1 as const);
const guest = fc.nat({ max: 4 });
const action: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("scan" as const), guest }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("place" as const), guest }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), guest }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("make" as const, "unmake" as const, "complete" as const), order, barista }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel-by-bar" as const), order, barista }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("stranger" as const), order, action: fc.constantFrom("cancel", "placeOrder", "make") }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("shop" as const), state: fc.constantFrom("open" as const, "open" as const, "closed" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("capacity" as const), places: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 60, 299, 300, 900) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("deliver-again" as const), event: fc.nat({ max: 60 }) }) },
);
/** Steps that are taken at the same moment. */
const moments = fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 25 });

const handlers: Record<string, string> = {
  "OrderProcessor.WorkflowStarted": "WorkflowStarted",
  "OrderProcessor.WaitingCompletion": "WaitingCompletion",
  "OrderProcessor.OrderTimeOut": "OrderTimedOut",
  "OrderProcessor.ShopUnavailable": "OrderTimedOut",
};

interface Run {
  readonly bar: Bar;
  /** The last order each guest got. */
  readonly held: Map<number, string>;
  /** Every order, in the order of making. */
  readonly made: string[];
}

async function take({ bar, held, made }: Run, step: Step): Promise<Answer | undefined> {
  const bars = [bar.barista, bar.colleague] as const;
  const put = (who: Parameters<Bar["call"]>[0], id: string | undefined, verb: string, body: JsonObject = {}) =>
    id === undefined ? undefined : bar.call(who, `PUT /orders/${id}?action=${verb}`, { body });
  switch (step.do) {
    case "scan": {
      const { code } = (await bar.call(bar.barista, "GET /qr-code")).body;
      const answer = await bar.call(bar.guest(`g${step.guest}`), `POST /qr-code?token=${String(code)}`);
      if (answer.status === 201) {
        held.set(step.guest, answer.body.orderId as string);
        if (!made.includes(answer.body.orderId as string)) made.push(answer.body.orderId as string);
      }
      return answer;
    }
    case "place":
      return put(bar.guest(`g${step.guest}`), held.get(step.guest), "", { drink: "Espresso", name: "G" });
    case "cancel":
      return put(bar.guest(`g${step.guest}`), held.get(step.guest), "cancel");
    case "stranger": {
      const answer = await put(bar.guest("eve"), made.at(-1 - step.order), step.action, { drink: "Espresso" });
      if (answer !== undefined) expect([403, 404]).toContain(answer.status);
      return answer;
    }
    case "shop":
      return bar.call(bar.barista, `PUT /store?state=${step.state}`);
    case "capacity":
      return bar.call(bar.barista, "PUT /config", { body: { maxOrdersInQueue: step.places } });
    case "wait":
      await bar.clock.advance(step.seconds * 1000);
      return undefined;
    case "deliver-again": {
      const envelope = bar.events().at(-1 - step.event);
      const handler = envelope && handlers[envelope["detail-type"]];
      if (handler !== undefined) await bar.invoke(handler, envelope as unknown as JsonValue);
      return undefined;
    }
    default: {
      const verb = step.do === "cancel-by-bar" ? "cancel" : step.do;
      return put(bars[step.barista], made.at(-1 - step.order), verb);
    }
  }
}

const finalEvents: Record<string, string> = {
  COMPLETED: "OrderManager.OrderCompleted",
  CANCELLED: "OrderManager.OrderCancelled",
  TIMEDOUT: "OrderProcessor.OrderTimeOut",
  REFUSED: "OrderProcessor.ShopUnavailable",
};

async function checkInvariants({ bar, made }: Run): Promise<void> {
  const orders = (await Promise.all(made.map((id) => bar.order(id)))).flatMap((item) => (item && parseOrder(item)) ?? []);
  expect(orders).toHaveLength(made.length);
  const events = bar.events().map((event) => ({ type: event["detail-type"], orderId: (event.detail as JsonObject).orderId }));
  for (const one of orders) {
    // I5: one final state, one final event, and the workflow agrees.
    const finals = events
      .filter(({ type, orderId }) => orderId === one.id && Object.values(finalEvents).includes(type))
      .map(({ type }) => type);
    expect(finals, one.id).toEqual(isFinal(one) ? [finalEvents[one.state]] : []);
    expect(bar.executionStatus(one.id)).toBe(isFinal(one) ? "SUCCEEDED" : "RUNNING");
    // I6, I7: a claim has its barista; a final order has no token.
    if (one.state === "MAKING") expect(one.baristaUserId).not.toBe("");
    if (isFinal(one)) expect([one.taskToken, one.pending, one.untold]).toEqual([undefined, undefined, undefined]);
  }
  // I3: one open order a guest.
  const open = orders.filter((one) => !isFinal(one));
  expect(new Set(open.map(({ userId }) => userId)).size).toBe(open.length);
  // I4: numbers without gap or double.
  const numbers = orders.flatMap(({ orderNumber }) => (orderNumber === undefined ? [] : [orderNumber])).toSorted((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  // I2: what was taken and not given back is what is missing.
  const windows = new Set(orders.map(({ bucket }) => bucket?.window as string));
  for (const window of windows) {
    const item = await bar.tables.getItem({ tableName: names.validatorTable, key: { PK: window } });
    const taken = orders.filter(({ bucket }) => bucket?.window === window);
    const givenBack = taken.filter((one) => ["TIMEDOUT", "REFUSED"].includes(one.state) && one.orderNumber === undefined);
    expect(taken.length - givenBack.length + (item?.availableTokens as number)).toBe(item?.drinks);
  }
}

test("any steps by anybody", async () => {
  await fc.assert(
    fc.asyncProperty(moments, async (steps) => {
      const run: Run = { bar: await openBar(), held: new Map(), made: [] };
      try {
        for (const together of steps) {
          const answers = await run.bar.finish(Promise.all(together.map((step) => take(run, step))));
          for (const answer of answers) expect([undefined, 200, 201, 400, 403, 404, 409, 422, 429, 503]).toContain(answer?.status);
          await run.bar.settle();
          await checkInvariants(run);
        }
        // I12: when all time is up, nothing is left.
        await run.bar.clock.advance(1_300_000);
        await checkInvariants(run);
        const orders = await Promise.all(run.made.map((id) => run.bar.order(id)));
        expect(orders.every((item) => finalEvents[String(item?.ORDERSTATE)] !== undefined)).toBe(true);
        expect(run.bar.errors).toEqual([]);
      } finally {
        await run.bar.close();
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);
