/**
 * The second of two writes resumes the workflow: the drink, its completion or its cancellation on one side, the task token on the other.
 *
 * Both orders of the two, and each stopped before every one of its calls, are taken on the ports of the local platform and on the adapters of
 * AWS's SDK. The stopped side comes again, as a phone's retry or the event's next delivery; or the caller never comes again.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Bar, localPorts, openBar, type PortsOver } from "@serverlesspresso/services/test-support/bar.ts";
import { type Steps, stepsIn } from "@serverlesspresso/services/test-support/guest-steps.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTables } from "../../platforms/aws/src/runtime/adapters/tables.ts";
import { createTasks } from "../../platforms/aws/src/runtime/adapters/tasks.ts";

/** The adapters of the functions on AWS; their clients reach the engines in the process. */
const awsPorts: PortsOver = ({ clock, ids, store, tables, workflows }) => {
  const clientOf = (engine: Pick<typeof tables, "execute">) => ({
    send: ({ constructor: { name }, input }: { readonly constructor: { readonly name: string }; readonly input: JsonObject }) =>
      store.transact((tx) => engine.execute(tx, name.replace(/Command$/, ""), JSON.parse(JSON.stringify(input)) as JsonObject)),
  });
  const dynamodb = clientOf(tables) as unknown as Pick<DynamoDBClient, "send">;
  const sfn = clientOf(workflows) as unknown as Pick<SFNClient, "send">;
  return { tables: createTables({ dynamodb, clock, ids }), tasks: createTasks({ sfn }) };
};

interface Run {
  readonly bar: Bar;
  readonly steps: Steps;
  readonly orderId: string;
  readonly guest: string;
}
type Side = (run: Run) => Promise<unknown>;
interface Pair {
  readonly name: string;
  /** The function that stores the token. */
  readonly token: "WorkflowStarted" | "WaitingCompletion";
  readonly act: Side;
  readonly state: string;
}

const call =
  (who: "guest" | "barista", action: string, body: JsonObject = {}): Side =>
  async ({ bar, orderId, guest }) => {
    const { status } = await bar.finish(
      bar.call(who === "guest" ? bar.guest(guest) : bar.barista, `PUT /orders/${orderId}?action=${action}`, { body }),
    );
    expect(status).toBe(200);
  };
const latte = { drink: "Latte", modifiers: ["Oat"], name: "Ada" };
const place = call("guest", "placeOrder", latte);

const pairs: readonly Pair[] = [
  { name: "the drink", token: "WorkflowStarted", act: place, state: "SUBMITTED" },
  { name: "a cancellation before any drink", token: "WorkflowStarted", act: call("guest", "cancel"), state: "CANCELLED" },
  { name: "completion", token: "WaitingCompletion", act: call("barista", "complete"), state: "COMPLETED" },
  { name: "the guest's cancellation", token: "WaitingCompletion", act: call("guest", "cancel"), state: "CANCELLED" },
  { name: "the bar's cancellation", token: "WaitingCompletion", act: call("barista", "cancel", { reason: "no milk" }), state: "CANCELLED" },
];

/** The delivery of the event with the order's newest token. */
const deliver =
  (token: Pair["token"]): Side =>
  ({ bar, orderId }) => {
    const event = bar.events(`OrderProcessor.${token}`).findLast(({ detail }) => (detail as JsonObject).orderId === orderId);
    return bar.invoke(token, event as unknown as JsonValue);
  };

describe.each([
  { name: "the local platform", over: localPorts },
  { name: "AWS, by the SDK's adapters", over: awsPorts },
])("$name", ({ over }) => {
  let bar: Bar;
  let steps: Steps;
  beforeEach(async () => {
    bar = await openBar(over);
    steps = stepsIn(bar);
    await bar.call(bar.barista, "PUT /config", { body: { drinksPerBarcode: 500, maxOrdersInQueue: 400 } });
    await bar.clock.advance(300_000);
  });
  afterEach(() => bar.close());

  let guests = 0;
  /** An order whose next token is in an event that has not been delivered. */
  async function begin(token: Pair["token"]): Promise<Run> {
    const guest = `guest-${++guests}`;
    bar.held.clear();
    // No other function's calls are to be counted.
    for (const name of token === "WorkflowStarted" ? ["WorkflowStarted", "WaitingCompletion"] : [token]) bar.held.add(name);
    const orderId = await steps.scan(bar.guest(guest));
    const run = { bar, steps, orderId, guest };
    if (token === "WaitingCompletion") await place(run);
    await bar.settle();
    return run;
  }

  /** Stops the side before its call number `calls`, counted from 0. Resolves with whether it was stopped. */
  async function stopped(side: Side, run: Run, calls: number): Promise<boolean> {
    bar.callsLeft = calls;
    try {
      await side(run);
    } catch {
      // A call of the API fails as its workflow does.
    }
    await bar.settle();
    const wasStopped = bar.callsLeft < 0;
    bar.callsLeft = Number.POSITIVE_INFINITY;
    return wasStopped;
  }

  const told: Readonly<Record<string, string>> = { COMPLETED: "OrderManager.OrderCompleted", CANCELLED: "OrderManager.OrderCancelled" };
  const eventsOf = ({ orderId }: Run, type: string) =>
    bar
      .events(type)
      .map(({ detail }) => detail as JsonObject)
      .filter((detail) => detail.orderId === orderId);

  async function expectWhole(run: Run, { token, state }: Pair): Promise<void> {
    await bar.settle();
    const item = await bar.order(run.orderId);
    expect(item?.ORDERSTATE).toBe(state);
    expect(item).not.toHaveProperty("untold");
    expect(eventsOf(run, "OrderProcessor.WaitingCompletion")).toHaveLength(state === "SUBMITTED" || token === "WaitingCompletion" ? 1 : 0);
    if (state === "SUBMITTED") return;
    if (token === "WaitingCompletion") expect(item?.orderNumber).toEqual(expect.any(Number));
    expect(bar.executionStatus(run.orderId)).toBe("SUCCEEDED");
    const outcomes = eventsOf(run, "OrderProcessor.orderFinished").map(({ outcome }) => outcome);
    expect(outcomes).toEqual([state.toLowerCase()]);
    expect(item).not.toHaveProperty("TaskToken");
    expect(item).not.toHaveProperty("pending");
    // Twice where it stopped after its event.
    expect([1, 2]).toContain(eventsOf(run, told[state] as string).length);
    if (state === "COMPLETED") expect(eventsOf(run, "OrderManager.WaitingCompletion").length).toBeGreaterThan(0);
  }

  describe.each(pairs)("$name", (pair) => {
    const sides = [pair.act, deliver(pair.token)] as const;
    const orders = [
      { order: "before the token", first: sides[0], second: sides[1] },
      { order: "after the token", first: sides[1], second: sides[0] },
    ];

    test.each(orders)("$order", async ({ first, second }) => {
      const run = await begin(pair.token);
      await first(run);
      await second(run);
      await expectWhole(run, pair);
      for (const side of [...sides, ...sides]) await side(run);
      await expectWhole(run, pair);
    });

    test("both at once", async () => {
      const run = await begin(pair.token);
      await Promise.all(sides.map((side) => side(run)));
      await expectWhole(run, pair);
    });

    test.each(orders)(
      "$order, each stopped before every one of its calls, and coming again",
      { timeout: 60_000 },
      async ({ first, second }) => {
        let stops = 0;
        for (const which of ["first", "second"] as const) {
          for (let calls = 0, isMore = true; isMore; calls++) {
            const run = await begin(pair.token);
            if (which === "second") await first(run);
            isMore = await stopped(which === "first" ? first : second, run, calls);
            if (isMore) stops++;
            // The other side does not wait until the stopped one comes again.
            if (which === "first") await second(run);
            await (which === "first" ? first : second)(run);
            await expectWhole(run, pair);
          }
        }
        expect(stops).toBeGreaterThan(4);
      },
    );

    test.each(orders)(
      "$order, the caller stopped before every one of its calls and never coming again: the workflow ends as the order does",
      { timeout: 60_000 },
      async ({ order }) => {
        for (let calls = 0, isMore = true; isMore; calls++) {
          const run = await begin(pair.token);
          if (order === "after the token") await deliver(pair.token)(run);
          isMore = await stopped(pair.act, run, calls);
          if (order === "before the token") await deliver(pair.token)(run);
          bar.held.clear();
          await bar.clock.advance(1_300_000);
          const item = await bar.order(run.orderId);
          expect(bar.executionStatus(run.orderId)).toBe("SUCCEEDED");
          const ends = ["orderFinished", "OrderTimeOut"].flatMap((type) => eventsOf(run, `OrderProcessor.${type}`));
          expect(ends).toHaveLength(1);
          const expected = item?.ORDERSTATE === "TIMEDOUT" ? undefined : String(item?.ORDERSTATE).toLowerCase();
          expect(ends[0]?.outcome).toBe(expected);
        }
      },
    );
  });
});
