import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blueprint } from "@serverlesspresso/blueprint";
import { createIds, createManualClock, type ManualClock } from "@serverlesspresso/clock";
import { openStore, type Store } from "@serverlesspresso/store";
import type { TableStreamRecord } from "@serverlesspresso/tables";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBuckets } from "../buckets/buckets.ts";
import { arns, place } from "../place.ts";
import { putTables } from "../tables.ts";
import { type MadeEngines, makeEngines } from "./make-engines.ts";

const names = blueprint.names;
const TableName = names.orderTable;
let folder: string;
let store: Store;
let clock: ManualClock;
let unsettle: () => void;
let made: MadeEngines;
let reported: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "engines-"));
  store = await openStore({ folder, onFailure: (error) => expect.fail(error.message) });
  clock = createManualClock();
  unsettle = clock.settleWith(() => store.flush());
  const ids = createIds(clock);
  reported = [];
  made = makeEngines({
    ground: {
      store,
      clock,
      realClock: clock,
      ids,
      buckets: await openBuckets(join(folder, "buckets"), ids.uuid),
      report: (error) => void reported.push((error as Error).message),
    },
    blueprint,
  });
  await store.transact((tx) => putTables(tx, made.engines.tables, blueprint.tables));
});
afterEach(async () => {
  const { evaluator, definitions } = made.engines;
  await Promise.all([evaluator.close(), definitions.close()]);
  unsettle();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const notConnected = (owner: string) => ({
  code: "NotConnected",
  message: expect.stringContaining(`"${owner}" was called before it was connected`),
});

test("P5. a function is not invoked before it has its log", async () => {
  made.engines.functions.register("F", async () => "made");
  await expect(made.engines.functions.invoke("F", {})).rejects.toMatchObject(notConnected("functions"));
});

test("P5. a table with a stream takes no item before its consumers are connected", async () => {
  const Item = { PK: { S: "orders" }, SK: { S: "1" } };
  const put = store.transact((tx) => made.engines.tables.execute(tx, "PutItem", { TableName, Item }));
  await expect(put).rejects.toMatchObject(notConnected("tables"));
});

test("P5. no execution begins before the bus it tells is connected", async () => {
  const { workflows } = made.engines;
  const definition = JSON.stringify({ StartAt: "End", States: { End: { Type: "Succeed" } } });
  await store.transact((tx) => workflows.putStateMachine(tx, { name: "M", type: "STANDARD", definition }));
  const start = store.transact((tx) => workflows.execute(tx, "StartExecution", { stateMachineArn: arns.workflow("M") }));
  await expect(start).rejects.toMatchObject(notConnected("workflows"));
});

test("P5. deadlines do not start before they are connected", () => {
  expect(() => made.engines.deadlines.start()).toThrow(expect.objectContaining(notConnected("deadlines")));
});

const streamRecord: TableStreamRecord = {
  eventID: "1",
  eventName: "INSERT",
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: place.region,
  dynamodb: {
    ApproximateCreationDateTime: 0,
    Keys: { PK: { S: "orders" }, SK: { S: "1" } },
    SequenceNumber: "1",
    SizeBytes: 1,
    StreamViewType: "NEW_AND_OLD_IMAGES",
  },
  eventSourceARN: "arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/S",
};

test("P5. a stream reports that it is not connected, and keeps its records", async () => {
  const { streams } = made.engines;
  await store.transact((tx) => streams.accept(tx, TableName, [streamRecord]));
  streams.start();
  await clock.advance(0);
  expect(reported).toContainEqual(expect.stringContaining('"streams" was called before it was connected'));
  await streams.stop();
});

test("P5. a bus delivers nothing before it is connected", async () => {
  const { bus } = made.engines;
  const target = { Id: "q", Arn: arns.queue("q"), RetryPolicy: { MaximumRetryAttempts: 0 } };
  const rule = { name: "all", busName: "b", eventPattern: { source: ["s"] }, targets: [target] };
  await store.transact((tx) => bus.putRule(tx, rule));
  await store.transact((tx) => bus.putEvents(tx, { Entries: [{ EventBusName: "b", Source: "s", DetailType: "d", Detail: "{}" }] }));
  bus.start();
  await clock.advance(0);
  const [dead] = bus.deadDeliveries(store);
  expect(dead?.errorMessage).toContain('"bus" was called before it was connected');
  await bus.stop();
});
