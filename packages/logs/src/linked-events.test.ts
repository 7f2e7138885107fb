import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogs, type LinkedEvent, type Logs } from "./index.ts";

const group = "/aws/events/bus";
const dayMs = 86_400_000;
const beginMs = 100 * dayMs;
let folder: string;
let store: Store;
let clock: ManualClock;
let logs: Logs;
/** What the other store holds, also of other groups. */
let others: (LinkedEvent & { readonly group?: string })[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "logs-"));
  clock = createManualClock(beginMs);
  store = await openStore({ folder, onFailure: () => {} });
  others = [];
  logs = create(30);
});
afterEach(async () => {
  await logs.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});

function create(keptDays: number | undefined): Logs {
  const linked = {
    keptDays,
    *read(_: unknown, range: { group: string; fromMs: number; toMs: number; afterSequence?: number | undefined; isReverse: boolean }) {
      const { fromMs, toMs, afterSequence: after, isReverse } = range;
      for (const { group: own, content, ...event } of isReverse ? others.toReversed() : others) {
        if (event.timestampMs < fromMs || event.timestampMs >= toMs) continue;
        if (after !== undefined && (isReverse ? event.sequence >= after : event.sequence <= after)) continue;
        yield own === range.group && content !== undefined ? { ...event, content } : event;
      }
    },
  };
  const place = { account: "123456789012", region: "us-east-1" };
  return createLogs({ store, clock, ids: createIds(clock), ...place, retentionDays: 30, linked, onError: () => {} });
}
const run = (operation: string, request: JsonObject = {}): Promise<JsonObject> =>
  store.transact((tx) => logs.execute(tx, operation, { logGroupName: group, ...request }));
const read = (operation: string, request: JsonObject = {}): JsonObject => logs.query(store, operation, { logGroupName: group, ...request });
const messages = ({ events }: JsonObject): string[] => (events as { message: string }[]).map(({ message }) => message);

/** Puts an event of the other store into the group; returns whether it is linked. */
function link(content: string | JsonObject): Promise<boolean> {
  const event = { sequence: others.length + 1, timestampMs: clock.nowMs(), content };
  others.push({ ...event, group });
  return store.transact((tx) => logs.link(tx, group, "events", { sequence: event.sequence, atMs: event.timestampMs }));
}
const append = (message: string): Promise<void> =>
  store.transact((tx) => logs.putLogEvents(tx, group, "own", [{ timestampMs: clock.nowMs(), message }]));

const step = fc.oneof(
  fc.constantFrom("link", "own", "other"),
  fc.nat({ max: 90_000 }).map((ms) => ms),
);

test("linked events and a group's own are read in order, in pages of any size, in both directions", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (steps, limit) => {
      others = [];
      if ((read("DescribeLogGroups", {}).logGroups as unknown[]).length > 0) await run("DeleteLogGroup");
      await run("CreateLogGroup");
      await run("CreateLogStream", { logStreamName: "own" });
      for (const [index, one] of steps.entries()) {
        if (typeof one === "number") await clock.advance(one);
        else if (one === "link") await link(`${index}`);
        else if (one === "own") await append(`"${index}"`);
        else others.push({ sequence: others.length + 1, timestampMs: clock.nowMs(), content: "another group's" });
      }
      const all = messages(read("FilterLogEvents"));
      const expected = steps.flatMap((one, index) => (one === "link" || one === "own" ? [`"${index}"`] : []));
      expect(all.toSorted()).toEqual(expected.toSorted());
      const paged: string[] = [];
      for (let nextToken: unknown; ; ) {
        const page = read("FilterLogEvents", { limit, ...(typeof nextToken === "string" && { nextToken }) });
        paged.push(...messages(page));
        nextToken = page.nextToken;
        if (nextToken === undefined) break;
      }
      expect(paged).toEqual(all);
      for (const logStreamName of ["own", ...(steps.includes("link") ? ["events"] : [])]) {
        const [forward, backward] = [true, false].map((startFromHead) => {
          const found: string[] = [];
          for (let nextToken: string | undefined; ; ) {
            const page = read("GetLogEvents", { logStreamName, startFromHead, limit, ...(nextToken !== undefined && { nextToken }) });
            if (messages(page).length === 0) return found;
            found.splice(startFromHead ? found.length : 0, 0, ...messages(page));
            nextToken = (startFromHead ? page.nextForwardToken : page.nextBackwardToken) as string;
          }
        });
        expect(forward).toEqual(backward);
        expect(forward).toEqual(steps.flatMap((one, index) => (one === (logStreamName === "own" ? "own" : "link") ? [`"${index}"`] : [])));
      }
    }),
    { numRuns: 100 },
  );
});

test("LE1: what a deleted stream or group had does not come back with the next of its name", async () => {
  await link("first");
  await run("DeleteLogStream", { logStreamName: "events" });
  expect(messages(read("FilterLogEvents"))).toEqual([]);
  await link("second");
  expect(messages(read("FilterLogEvents"))).toEqual(['"second"']);
  await store.transact((tx) => {
    logs.execute(tx, "DeleteLogGroup", { logGroupName: group });
    others.push({ group, sequence: 3, timestampMs: clock.nowMs(), content: "third" });
    logs.link(tx, group, "events", { sequence: 3, atMs: clock.nowMs() });
  });
  expect(messages(read("FilterLogEvents"))).toEqual(['"third"']);
});

test("LE2: linked events are read as long as their group keeps them, and asked for that long", async () => {
  expect(logs.linkedFromMs(store)).toBe(Number.POSITIVE_INFINITY);
  await link("kept");
  await clock.advance(20 * dayMs);
  expect(logs.linkedFromMs(store)).toBe(beginMs - 10 * dayMs);
  await run("PutRetentionPolicy", { retentionInDays: 7 });
  expect([messages(read("FilterLogEvents")), logs.linkedFromMs(store)]).toEqual([[], beginMs + 13 * dayMs]);
  await run("PutRetentionPolicy", { retentionInDays: 3_000 });
  expect([messages(read("FilterLogEvents")), logs.linkedFromMs(store)]).toEqual([['"kept"'], beginMs - 2_980 * dayMs]);
});

test("LE3: where the group keeps events longer than the other store, it takes copies", async () => {
  expect(await link("a")).toBe(true);
  await run("PutRetentionPolicy", { retentionInDays: 31 });
  expect(await link("b")).toBe(false);
  await run("DeleteRetentionPolicy");
  expect(await link("c")).toBe(true);
  await logs.stop();
  logs = create(29);
  expect(await link("d")).toBe(false);
  logs = create(undefined);
  await run("PutRetentionPolicy", { retentionInDays: 3_000 });
  expect(await link("e")).toBe(true);
});

test("H1: of a linked event its task tokens alone are shown", async () => {
  const token = "aB3".repeat(40);
  const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop";
  await link({
    detail: { TaskToken: token, Password: "hunter2", note: `got ${jwt}`, list: [{ refresh_token: "x" }, token], [jwt]: 1, n: 2 },
  });
  expect(messages(read("FilterLogEvents")).map((text) => JSON.parse(text))).toEqual([
    {
      detail: {
        TaskToken: token,
        Password: "[redacted]",
        note: "got [redacted]",
        list: [{ refresh_token: "[redacted]" }, "[redacted]"],
        "[redacted]": 1,
        n: 2,
      },
    },
  ]);
});
