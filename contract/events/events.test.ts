import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { OrderId } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import { names, namesOf } from "../names.ts";
import {
  catalogue,
  type DetailOf,
  type DetailType,
  defineEvent,
  EventError,
  entryOf,
  findEvent,
  NewOrder,
  OrderCancelled,
  OrderTimeOut,
  parseDetail,
  parseEvent,
  ShopUnavailable,
} from "./index.ts";

const about = { Message: "m", orderId: "1", userId: "ada" };
const bucket = { startMs: 0, endMs: 300_000, remaining: 9 };
const drinkOrder = { drink: "Latte", modifiers: ["Oat"] };

/** Each event of docs/spec.md section 3 with a detail as the system emits it, every member there. */
const examples: Readonly<Record<DetailType, JsonObject>> = {
  "Validator.NewOrder": { ...about, bucket, TS: 1 },
  "OrderProcessor.WorkflowStarted": { ...about, TaskToken: "t" },
  "OrderProcessor.WaitingCompletion": { ...about, orderNumber: 7, TaskToken: "t" },
  "OrderProcessor.OrderTimeOut": { ...about, cause: "Customer timedout", TS: 1 },
  "OrderProcessor.ShopUnavailable": { ...about, reason: "full" },
  "OrderProcessor.orderFinished": { ...about, outcome: "completed", resumedByHand: true },
  "OrderManager.WaitingCompletion": { ...about, orderNumber: 7, drinkOrder, name: "", note: "", state: "SUBMITTED", createdMs: 1, TS: 1 },
  "OrderManager.MakeOrder": { ...about, baristaUserId: "", TS: 1 },
  "OrderManager.OrderCompleted": { ...about, orderNumber: 7, ORDERSTATE: "COMPLETED", TS: 1 },
  "OrderManager.OrderCancelled": { ...about, orderNumber: null, ORDERSTATE: "CANCELLED", TS: 1 },
  "OrderManager.OrderAnnounced": { ...about, orderNumber: 7, TS: 1 },
  "ConfigService.ConfigChanged": { Message: "m", NewImage: { PK: "config", storeOpen: true } },
  "Step Functions Execution Status Change": {
    executionArn: "arn:e",
    stateMachineArn: "arn:s",
    name: "1",
    status: "FAILED",
    input: "{}",
    output: null,
    error: "E",
    cause: null,
  },
};
const cases = Object.entries(examples).map(([detailType, detail]) => ({ detailType, detail }));

test("the catalogue has each event of docs/spec.md section 3 once, with a sentence and somebody who emits it", () => {
  expect(catalogue.map(({ detailType }) => detailType).toSorted()).toEqual(Object.keys(examples).toSorted());
  for (const { sentence, emittedBy } of catalogue) {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(emittedBy.length).toBeGreaterThan(0);
  }
});

describe.each(cases)("$detailType", ({ detailType, detail }) => {
  const event = findEvent(detailType) as (typeof catalogue)[number];

  test("E2: what the system emits is read as it is, and has no member that the catalogue does not name", () => {
    expect(parseDetail(event, detail)).toEqual(detail);
    expect(Object.keys(event.detail.shape).toSorted()).toEqual(Object.keys(detail).toSorted());
  });

  test("E1: members that it does not know stay", () => {
    const known = new Set(Object.keys(detail));
    const unknown = fc.dictionary(
      fc.string().filter((name) => !known.has(name) && name !== "__proto__"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(unknown, (more) => {
        expect(parseDetail(event, { ...detail, ...more })).toEqual({ ...detail, ...more });
      }),
    );
  });

  test("its envelope is parsed, and that of another event is not", () => {
    const envelope = { id: "e", "detail-type": detailType, source: "s", time: "2026-01-01T00:00:00Z", resources: ["arn:e"], detail };
    expect(parseEvent(event, { ...envelope, account: "1", region: "r", version: "0" })).toEqual({
      id: "e",
      detailType,
      source: "s",
      time: "2026-01-01T00:00:00Z",
      resources: ["arn:e"],
      detail,
    });
    expect(() => parseEvent(event, { ...envelope, "detail-type": "Another" })).toThrow(
      new EventError("InvalidEnvelope", `event ${detailType}: detail-type is "Another"`),
    );
  });
});

test("E1: an id that was written by hand as a number is read as text; what was left out has its default", () => {
  expect(parseEvent(NewOrder, { detail: { orderId: 1, userId: 2 } })).toEqual({
    id: "",
    detailType: "Validator.NewOrder",
    source: "",
    time: "",
    resources: [],
    detail: { Message: "", orderId: "1", userId: "2" },
  });
  expect(parseDetail(OrderTimeOut, { orderId: "1" })).toEqual({ Message: "", orderId: "1", userId: "", cause: "" });
  expect(parseDetail(OrderCancelled, {})).toMatchObject({ orderId: "", orderNumber: null, ORDERSTATE: "CANCELLED" });
});

test.each([
  { drinkOrder, read: drinkOrder },
  { drinkOrder: JSON.stringify(drinkOrder), read: drinkOrder },
  { drinkOrder: { drink: "Latte" }, read: { drink: "Latte", modifiers: [] } },
  { drinkOrder: "no JSON", read: null },
  { drinkOrder: 7, read: null },
  { drinkOrder: undefined, read: null },
])("the drink of $drinkOrder", ({ drinkOrder: given, read }) => {
  const detail = given === undefined ? {} : { drinkOrder: given };
  expect(parseDetail(catalogue[3], detail).drinkOrder).toEqual(read);
});

test.each([
  { event: NewOrder, detail: {}, says: "event Validator.NewOrder: detail.orderId is missing, expected string or number" },
  { event: NewOrder, detail: null, says: "event Validator.NewOrder: detail is null, expected object" },
  { event: NewOrder, detail: { orderId: "" }, says: 'event Validator.NewOrder: detail.orderId is "", expected at least 1 character' },
  {
    event: NewOrder,
    detail: { orderId: "1", bucket: { startMs: 0, endMs: "soon", remaining: 1 } },
    says: 'event Validator.NewOrder: detail.bucket.endMs is "soon", expected number',
  },
  {
    event: OrderTimeOut,
    detail: { orderId: "1", cause: 7 },
    says: "event OrderProcessor.OrderTimeOut: detail.cause is 7, expected string",
  },
  {
    event: OrderCancelled,
    detail: { ORDERSTATE: "DONE" },
    says: 'event OrderManager.OrderCancelled: detail.ORDERSTATE is "DONE", expected "CANCELLED"',
  },
  {
    event: catalogue[2],
    detail: { orderId: "1", TaskToken: "t", orderNumber: "x".repeat(80) },
    says: `event OrderProcessor.WaitingCompletion: detail.orderNumber is "${"x".repeat(59)}…, expected number or text that matches /^\\d+$/`,
  },
])("$says", ({ event, detail, says }) => {
  expect(() => parseDetail(event, detail)).toThrow(new EventError("InvalidDetail", says));
});

test("what is no envelope is refused, and a value that cannot be text is shown as far as it can be", () => {
  for (const envelope of [undefined, null, 7, "text", { id: 1, detail: {} }]) {
    expect(() => parseEvent(NewOrder, envelope)).toThrow(expect.objectContaining({ code: "InvalidEnvelope" }));
  }
});

test("one of several events is known by its detail-type", () => {
  const parse = (detailType: string) =>
    parseEvent([OrderTimeOut, ShopUnavailable], { "detail-type": detailType, detail: { orderId: "1", reason: "full", cause: "late" } });
  const refused = parse("OrderProcessor.ShopUnavailable");
  expect(refused.detailType === "OrderProcessor.ShopUnavailable" ? refused.detail.reason : undefined).toBe("full");
  const late = parse("OrderProcessor.OrderTimeOut");
  expect(late.detailType === "OrderProcessor.OrderTimeOut" ? late.detail.cause : undefined).toBe("late");
  expect(() => parse("Validator.NewOrder")).toThrow(
    'event OrderProcessor.OrderTimeOut or OrderProcessor.ShopUnavailable: detail-type is "Validator.NewOrder"',
  );
});

test("an entry carries the bar's own source", () => {
  const detail = parseDetail(ShopUnavailable, { ...about, reason: "closed" });
  expect(entryOf(ShopUnavailable, detail, names)).toEqual({
    source: "awsserverlessda.serverlesspresso",
    detailType: "OrderProcessor.ShopUnavailable",
    detail,
  });
  expect(entryOf(ShopUnavailable, detail, namesOf("another")).source).toBe("awsserverlessda.another");
  expectTypeOf<DetailOf<typeof ShopUnavailable>["orderId"]>().toEqualTypeOf<OrderId>();
});

test("a service outside the catalogue defines events in the same way", () => {
  const Stamped = defineEvent({ source: "bar", detailType: "Loyalty.Stamped", sentence: "S.", emittedBy: ["validator"], detail: {} });
  expect(parseEvent(Stamped, { detail: { kept: 1 } }).detail).toEqual({ kept: 1 });
});
