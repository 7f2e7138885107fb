import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonValue } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isoSeconds, type StoredEvent } from "./envelope.ts";
import { atMsOf, createEventEncoder, decodeEvent, type EventRecord } from "./event-shapes.ts";
import { kinds } from "./record-kinds.ts";

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "event-bus-"));
  store = await openStore({ folder, onFailure: () => {} });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.string({ maxLength: 300 }),
);
const name = fc.oneof(
  fc.constantFrom("Message", "orderId", "userId", "0", "10", "__proto__", "constructor", ""),
  fc.string({ maxLength: 5 }),
);
const detail = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: "json" },
    text,
    fc.constantFrom(null, true, 0, 1, 2, 1.5, -7),
    fc.array(tie("value"), { maxLength: 3 }),
    // As it comes out of JSON: a name such as "__proto__" is one like all others.
    fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((members) => Object.fromEntries(members) as JsonValue),
  ),
})).value;
const event: fc.Arbitrary<StoredEvent> = fc
  .record({
    bus: fc.constantFrom("default", "Shop"),
    id: fc.oneof(fc.uuid(), fc.string()),
    source: text,
    type: text,
    time: fc.option(fc.constantFrom("2020-01-01T00:00:00Z", "2023-11-14T22:13:20+01:00"), { nil: "" }),
    detail,
    resources: fc.option(fc.array(text, { maxLength: 2 }), { nil: undefined }),
    atMs: fc.nat({ max: 4e12 }),
    marks: fc.option(fc.array(text, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  })
  .map(({ resources, marks, time, ...rest }) => ({
    ...rest,
    time: time === "" ? isoSeconds(rest.atMs) : time,
    ...(resources !== undefined && { resources }),
    ...(marks !== undefined && { marks }),
  }));
/** As a record is, once it was written and read. */
const stored = (record: EventRecord): EventRecord => JSON.parse(JSON.stringify(record)) as EventRecord;

test("ES1: what is read is what was written, also by an encoder of a later start", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 8 }), async (events) => {
      const encode = createEventEncoder(store, ["Message"]);
      const records = await store.transact((tx) => events.map((one) => stored(encode(tx, one))));
      expect(records.map((record) => JSON.stringify(decodeEvent(store, record)).length)).toEqual(
        events.map((one) => JSON.stringify(one).length),
      );
      expect(records.map((record) => decodeEvent(store, record))).toEqual(events);
      expect(records.map(atMsOf)).toEqual(events.map(({ atMs }) => atMs));
      const again = createEventEncoder(store, ["Message"]);
      expect(await store.transact((tx) => events.map((one) => stored(again(tx, one))))).toEqual(records);
    }),
    { numRuns: 300 },
  );
});

const order = (n: number, Message: string): StoredEvent => ({
  bus: "default",
  id: `${n}`,
  source: "shop",
  type: "Order",
  time: isoSeconds(n),
  detail: { Message, n },
  atMs: n,
});
const shapes = (): number => store.keys(kinds.shapes.range()).length;

test("ES2: a shape is stored with its first event, or not at all", async () => {
  const encode = createEventEncoder(store, ["Message"]);
  const failed = store.transact((tx) => {
    encode(tx, order(1, "The order is here."));
    throw new Error("undone");
  });
  await expect(failed).rejects.toThrow("undone");
  expect(shapes()).toBe(0);
  const records = await store.transact((tx) => [2, 3].map((n) => encode(tx, order(n, "The order is here."))));
  expect(records.map((record) => decodeEvent(store, record))).toEqual([2, 3].map((n) => order(n, "The order is here.")));
  expect(shapes()).toBe(1);
});

test("ES3: texts without end do not become shapes without end", async () => {
  const encode = createEventEncoder(store, ["Message"]);
  const events = Array.from({ length: 1_200 }, (_, n) => order(n, `text ${n}`));
  const records = await store.transact((tx) => events.map((one) => encode(tx, one)));
  expect(shapes()).toBe(1_000);
  expect(records.map((record) => decodeEvent(store, record))).toEqual(events);
  expect(records.at(-1)).toEqual(events.at(-1));
});

test("events as earlier releases stored them are read as they are", () => {
  expect([decodeEvent(store, order(7, "x")), atMsOf(order(7, "x"))]).toEqual([order(7, "x"), 7]);
});
