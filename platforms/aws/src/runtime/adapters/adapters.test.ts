/** What AWS does and an engine in the same process does not: conflicts, partial refusals, clocks that stand still. */
import { createManualClock } from "@serverlesspresso/clock";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createWallClock } from "./clock.ts";
import { createEvents } from "./events.ts";
import { createMetrics } from "./metrics.ts";
import { createTables } from "./tables.ts";

type Sent = { readonly input: Record<string, unknown> };
/** A client that answers one call after another with what it is given; an error is thrown. */
function clientOf(...answers: readonly unknown[]) {
  const sent: Sent[] = [];
  const left = [...answers];
  const send = async (command: Sent): Promise<unknown> => {
    sent.push(command);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  };
  return { sent, client: { send } as never };
}
const named = (name: string, more = {}): Error => Object.assign(new Error(name), { name, ...more });

describe("tables", () => {
  const conflict = () => named("TransactionConflictException");
  const write = { tableName: "t", key: { PK: "1" }, updateExpression: "ADD n :one", values: { ":one": 1 } };
  function open(...answers: readonly unknown[]) {
    const { client, sent } = clientOf(...answers);
    const clock = createManualClock();
    return { sent, clock, tables: createTables({ dynamodb: client, clock, ids: { random: () => 1 } }) };
  }

  test("D3: a write that meets a transaction is tried again, a little later each time", async () => {
    const { sent, clock, tables } = open(conflict(), conflict(), { Attributes: { n: { N: "1" } } });
    const written = tables.updateItem(write);
    await clock.advance(19);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    await clock.advance(40);
    expect(await written).toEqual({ n: 1 });
  });
  test("D3: it is given up after six, with AWS's own error", async () => {
    const { sent, clock, tables } = open(...Array.from({ length: 9 }, conflict));
    const written = tables.putItem({ tableName: "t", item: { PK: "1" } }).catch((error: Error) => error.name);
    await clock.advance(60_000);
    expect([await written, sent.length]).toEqual(["TransactionConflictException", 6]);
  });
  test("D3: no other failure is tried again", async () => {
    const { sent, tables } = open(named("ConditionalCheckFailedException"));
    await expect(tables.updateItem(write)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    expect(sent).toHaveLength(1);
  });
  test("D1: items, and the table's own order, are read consistently; an index cannot be", async () => {
    const { sent, tables } = open();
    await tables.getItem({ tableName: "t", key: { PK: "1" } });
    await tables.query({ tableName: "t", keyConditionExpression: "PK = :k", values: { ":k": "1" } });
    await tables.query({ tableName: "t", indexName: "i", keyConditionExpression: "PK = :k", values: { ":k": "1" } });
    expect(sent.map(({ input }) => input.ConsistentRead)).toEqual([true, true, undefined]);
  });
  test("D2: reasons come in the port's spelling", async () => {
    const reasons = { CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict", Message: "m" }, {}] };
    const { tables } = open(named("TransactionCanceledException", reasons));
    await expect(tables.transactWriteItems([{ put: { tableName: "t", item: { PK: "1" } } }])).rejects.toMatchObject({
      cancellationReasons: [{ code: "None" }, { code: "TransactionConflict" }, { code: "None" }],
    });
  });
});

describe("events", () => {
  const entries = ["a", "b", "c"].map((detailType) => ({ source: "s", detailType, detail: {} }));
  const typesOf = (sent: readonly Sent[]) =>
    sent.map(({ input }) => (input.Entries as { DetailType: string }[]).map((one) => one.DetailType));

  test("E2: what was refused is put once more, alone, and ids come in the entries' order", async () => {
    const { client, sent } = clientOf(
      { FailedEntryCount: 2, Entries: [{ ErrorCode: "ThrottlingException" }, { EventId: "2" }, { ErrorCode: "InternalFailure" }] },
      { Entries: [{ EventId: "1" }, { EventId: "3" }] },
    );
    expect(await createEvents({ eventbridge: client, busName: "bus" }).putEvents(entries)).toEqual({ eventIds: ["1", "2", "3"] });
    expect(typesOf(sent)).toEqual([
      ["a", "b", "c"],
      ["a", "c"],
    ]);
  });
  test("E2: what is refused twice fails the call with its code", async () => {
    const refusal = { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" };
    const { client } = clientOf({ Entries: [refusal, { EventId: "2" }, { EventId: "3" }] }, { Entries: [refusal] });
    await expect(createEvents({ eventbridge: client, busName: "bus" }).putEvents(entries)).rejects.toMatchObject({
      name: "ThrottlingException",
    });
  });
  test("E1: ten at a time", async () => {
    const accepted = (count: number) => ({ Entries: Array.from({ length: count }, (_, n) => ({ EventId: `${n}` })) });
    const { client, sent } = clientOf(accepted(10), accepted(10), accepted(5));
    const many = Array.from({ length: 25 }, (_, n) => ({ source: "s", detailType: `${n}`, detail: {} }));
    expect((await createEvents({ eventbridge: client, busName: "bus" }).putEvents(many)).eventIds).toHaveLength(25);
    expect(typesOf(sent).map(({ length }) => length)).toEqual([10, 10, 5]);
  });
});

test("metrics go out by namespace, with the instant of the event itself", async () => {
  const { client, sent } = clientOf();
  const datum = { metricName: "Drink", dimensions: { Drink: "Latte" }, value: 1, unit: "Count", timestampMs: 5 } as const;
  await createMetrics(client, async (_, act) => act()).putMetricData([
    { ...datum, namespace: "A" },
    { ...datum, namespace: "B" },
  ]);
  const wire = { MetricName: "Drink", Dimensions: [{ Name: "Drink", Value: "Latte" }], Value: 1, Unit: "Count", Timestamp: new Date(5) };
  expect(sent.map(({ input }) => input)).toEqual(["A", "B"].map((Namespace) => ({ Namespace, MetricData: [wire] })));
});

describe("the wall clock", () => {
  afterEach(() => void vi.useRealTimers());
  test("knows the time after the machine stood still, and never goes back", () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_000 });
    const clock = createWallClock();
    expect(clock.nowMs()).toBe(1_000);
    // Frozen between two invocations: only the wall's clock has gone on.
    vi.setSystemTime(600_000);
    expect(clock.nowMs()).toBe(600_000);
    vi.setSystemTime(599_000);
    expect(clock.nowMs()).toBe(600_000);
  });
  test("calls at the instant, or not at all once it is called off", () => {
    vi.useFakeTimers({ now: 0 });
    const clock = createWallClock();
    const called: string[] = [];
    clock.at(50, () => called.push("50"));
    clock.at(60, () => called.push("60"))();
    vi.advanceTimersByTime(49);
    expect(called).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(called).toEqual(["50"]);
  });
});
