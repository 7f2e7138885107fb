/** The law of delivery: whatever fails and whenever the process ends, each match is delivered or dead, and transactional effects come once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { keyOf, openStore, rangeOf, type Store } from "@serverlesspresso/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventBus, type Envelope, type EventBus, type Target } from "./index.ts";

type Step =
  | { readonly kind: "put"; readonly count: number }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "restart" };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("put" as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 5_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
);
const numberOf = ({ detail }: Envelope): number => (detail as { n: number }).n;

test("V1, V2, V3, V4: matched = delivered + dead, each transactional effect once", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), run),
    { numRuns: 25 },
  );
});

async function run(steps: readonly Step[], failures: readonly boolean[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "delivery-law-"));
  const clock = createManualClock();
  const external = new Map<number, number>();
  let calls = 0;
  let sent = 0;
  // Fails in a fixed but arbitrary rhythm, and the last target always.
  const fails = (target: Target): boolean => target.Id === "never" || (failures[calls++ % failures.length] ?? false);
  const open = async (): Promise<{ store: Store; bus: EventBus }> => {
    const store = await openStore({ folder, onFailure: () => {} });
    const bus = createEventBus({
      store,
      clock,
      ids: createIds(clock),
      account: "1",
      region: "r",
      retry: { maximumRetryAttempts: 1_000, firstPauseMs: 100, longestPauseMs: 1_000 },
      targets: {
        sqs: {
          kind: "transactional",
          deliver(tx, target, _input, envelope) {
            const key = keyOf("effect", numberOf(envelope));
            tx.put(key, (tx.get<number>(key) ?? 0) + 1);
            if (fails(target)) throw new Error("not now");
          },
        },
        lambda: {
          kind: "external",
          async deliver(target, _input, envelope) {
            if (fails(target)) throw new Error("not now");
            external.set(numberOf(envelope), (external.get(numberOf(envelope)) ?? 0) + 1);
          },
        },
      },
      onError: () => {},
    });
    await store.transact((tx) =>
      bus.putRule(tx, {
        name: "all",
        eventPattern: { source: ["s"] },
        targets: [
          { Id: "queue", Arn: "arn:aws:sqs:r:1:q" },
          { Id: "function", Arn: "arn:aws:lambda:r:1:function:f" },
          { Id: "never", Arn: "arn:aws:lambda:r:1:function:g", RetryPolicy: { MaximumRetryAttempts: 1 } },
        ],
      }),
    );
    bus.start();
    return { store, bus };
  };
  let { store, bus } = await open();
  const pass = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    for (let n = 0; n < 4; n++) {
      await store.flush();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const take = async (one: Step): Promise<void> => {
    if (one.kind === "pass") return pass(one.ms);
    if (one.kind === "put") {
      const Entries = Array.from({ length: one.count }, (): JsonObject => ({ Source: "s", DetailType: "t", Detail: { n: sent++ } }));
      await store.transact((tx) => bus.putEvents(tx, { Entries }));
      return;
    }
    // The process ends without a word to the bus: what it had in memory is gone.
    await store.close();
    ({ store, bus } = await open());
  };
  for (const one of steps) await take(one);
  failures = [false];
  for (let n = 0; n < 400 && bus.pendingDeliveries(store) > 0; n++) await pass(500);
  const effects = store.scan<number>(rangeOf("effect")).map(([, count]) => count);
  const dead = bus.deadDeliveries(store).map(({ targetId }) => targetId);
  await bus.stop();
  await store.close();
  rmSync(folder, { recursive: true });
  expect(effects).toEqual(Array(sent).fill(1));
  expect(external.size).toBe(sent);
  expect(dead).toEqual(Array(sent).fill("never"));
}
