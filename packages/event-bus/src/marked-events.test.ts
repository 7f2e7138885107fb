import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEventBus, type EventBus, readMarked, type Target } from "./index.ts";

const place = { account: "123456789012", region: "us-east-1" };
const dayMs = 86_400_000;
const Arn = "arn:aws:logs:us-east-1:123456789012:log-group:G";
let folder: string;
let store: Store;
let clock: ManualClock;
let bus: EventBus;
let delivered: unknown[];
let isMarking: boolean;
let readFromMs: number;
const errors: unknown[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "event-bus-"));
  clock = createManualClock();
  store = await openStore({ folder, onFailure: () => {} });
  delivered = [];
  isMarking = true;
  readFromMs = Number.POSITIVE_INFINITY;
  bus = createEventBus({
    store,
    clock,
    ids: createIds(clock),
    ...place,
    archiveRetentionDays: 2,
    marksReadFromMs: () => readFromMs,
    targets: {
      logs: {
        kind: "transactional",
        deliver: (_tx, _target, input) => void delivered.push(input),
        mark: (_tx, { Arn }) => (isMarking ? (Arn.split(":").at(-1) ?? "") : undefined),
      },
    },
    onError: (error) => void errors.push(error),
  });
  bus.start();
});
afterEach(async () => {
  await bus.stop();
  await store.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

const rule = (targets: readonly Target[]): Promise<unknown> =>
  store.transact((tx) => bus.putRule(tx, { name: "all", eventPattern: { source: ["shop"] }, targets }));
const put = (n: number, Source = "shop"): Promise<JsonObject> =>
  store.transact((tx) => bus.putEvents(tx, { Entries: [{ Source, DetailType: "Order", Detail: JSON.stringify({ n }) }] }));
const everything = { mark: "G", fromMs: 0, toMs: Number.POSITIVE_INFINITY, isReverse: false };
const marked = (range = {}): number[] =>
  [...readMarked(store, place, { ...everything, ...range })].flatMap(({ envelope, sequence }) =>
    envelope === undefined ? [] : [sequence],
  );
async function pass(ms: number): Promise<void> {
  for (let hours = 0; hours < ms / 3_600_000; hours++) {
    await clock.advance(3_600_000);
    await store.flush();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("ME1: an event that a target receives whole is marked in its record; all else is delivered", async () => {
  await rule([{ Id: "whole", Arn }]);
  await put(1);
  await put(2, "elsewhere");
  expect([marked(), delivered]).toEqual([[1], []]);
  expect([...readMarked(store, place, everything)][0]?.envelope).toEqual(bus.listEvents(store).events[0]?.envelope);
  await store.transact((tx) =>
    bus.sendAgain(tx, { RULE_ARN: "arn:aws:events:us-east-1:123456789012:rule/all", TARGET_ARN: Arn, EVENT_SEQUENCE: "1" }),
  );
  await store.transact((tx) => bus.startReplay(tx, { name: "r", busName: "default", fromMs: 0, toMs: clock.nowMs() + 1 }));
  await pass(3_600_000);
  expect(delivered).toMatchObject([{ detail: { n: 1 } }, { detail: { n: 1 }, "replay-name": "r" }]);
  await rule([
    { Id: "part", Arn, InputPath: "$.detail" },
    { Id: "constant", Arn, Input: '"x"' },
  ]);
  await put(3);
  isMarking = false;
  await rule([{ Id: "whole", Arn }]);
  await put(4);
  expect(delivered.slice(2)).toMatchObject([{ n: 3 }, "x", { detail: { n: 4 } }]);
  expect(marked()).toEqual([1]);
});

test("any range is read as if all were read, in both directions, whatever lies in blocks", async () => {
  await rule([{ Id: "whole", Arn }]);
  const beginMs = clock.nowMs();
  const atMs: number[] = [];
  for (let n = 0; n < 300; n++) {
    await put(n, n % 3 === 0 ? "elsewhere" : "shop");
    atMs.push(clock.nowMs() - beginMs);
    if (n % 7 === 0) await clock.advance(n * 10);
  }
  const check = (): void =>
    fc.assert(
      fc.property(
        fc.nat(460_000),
        fc.nat(460_000),
        fc.option(fc.nat(310), { nil: undefined }),
        fc.boolean(),
        (from, to, after, isReverse) => {
          const meant = atMs.flatMap((ms, n) => {
            const isAfter = after === undefined || (isReverse ? n + 1 < after : n + 1 > after);
            return n % 3 !== 0 && ms >= from && ms < to && isAfter ? [n + 1] : [];
          });
          const range = { fromMs: beginMs + from, toMs: beginMs + to, afterSequence: after, isReverse };
          expect(marked(range)).toEqual(isReverse ? meant.reverse() : meant);
        },
      ),
      { numRuns: 200 },
    );
  check();
  await pass(2 * 3_600_000);
  check();
});

test("ME2, Z3: what is read by its mark stays past the archive's retention, and for its target alone", async () => {
  await rule([{ Id: "whole", Arn }]);
  await put(1);
  readFromMs = clock.nowMs();
  await clock.advance(3 * dayMs);
  await put(2);
  await pass(3_600_000);
  expect(marked()).toEqual([1, 2]);
  expect(bus.listEvents(store).events.map(({ sequence }) => sequence)).toEqual([2]);
  await store.transact((tx) => bus.startReplay(tx, { name: "r", busName: "default", fromMs: 0, toMs: clock.nowMs() + 1 }));
  await pass(3_600_000);
  expect(delivered).toMatchObject([{ detail: { n: 2 } }]);
  readFromMs = clock.nowMs();
  await pass(2 * 3_600_000);
  expect(marked()).toEqual([2]);
});
