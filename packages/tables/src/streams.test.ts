import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestTables, type TestTables, tableRequest } from "./testing.ts";

let t: TestTables;
const run = (operation: string, request: JsonObject = {}): Promise<JsonObject> =>
  t.store.transact((tx) => t.tables.streams.execute(tx, operation, request));
const hourMs = 3_600_000;
const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" };
const put = (id: string, TableName = "items"): Promise<JsonObject> => t.run("PutItem", { TableName, Item: { id: { S: id } } });

interface Found {
  readonly ids: string[];
  readonly next: string;
  readonly records: readonly { readonly dynamodb: { readonly SequenceNumber: string; readonly Keys: { id: { S: string } } } }[];
}
async function read(ShardIterator: string, more: JsonObject = {}): Promise<Found> {
  const { Records, NextShardIterator } = await run("GetRecords", { ShardIterator, ...more });
  const records = Records as unknown as Found["records"];
  return { records, ids: records.map(({ dynamodb }) => dynamodb.Keys.id.S), next: NextShardIterator as string };
}

let StreamArn: string;
let ShardId: string;
const iterator = async (ShardIteratorType: string, more: JsonObject = {}): Promise<string> =>
  (await run("GetShardIterator", { StreamArn, ShardId, ShardIteratorType, ...more })).ShardIterator as string;

beforeEach(async () => {
  t = await openTestTables();
  await t.run("CreateTable", { ...tableRequest("items", ["id:S"]), StreamSpecification });
  const { Streams } = (await run("ListStreams")) as unknown as { Streams: { StreamArn: string; TableName: string }[] };
  expect(Streams).toMatchObject([{ TableName: "items", StreamArn: expect.stringMatching(/:table\/items\/stream\/2/) }]);
  StreamArn = Streams[0]?.StreamArn ?? "";
  const { StreamDescription } = await run("DescribeStream", { StreamArn });
  expect(StreamDescription).toMatchObject({
    StreamStatus: "ENABLED",
    StreamViewType: "NEW_AND_OLD_IMAGES",
    TableName: "items",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    Shards: [{ ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/) }],
  });
  ShardId = (StreamDescription as unknown as { Shards: { ShardId: string }[] }).Shards[0]?.ShardId ?? "";
});
afterEach(() => t.close());

test("changes are read in their order, page by page, from the first or from now on", async () => {
  await put("a");
  const latest = await iterator("LATEST");
  await put("b");
  await t.run("DeleteItem", { TableName: "items", Key: { id: { S: "a" } } });
  const first = await read(await iterator("TRIM_HORIZON"), { Limit: 2 });
  expect(first.ids).toEqual(["a", "b"]);
  expect(first.records[0]).toMatchObject({
    eventName: "INSERT",
    eventSource: "aws:dynamodb",
    dynamodb: { NewImage: { id: { S: "a" } }, StreamViewType: "NEW_AND_OLD_IMAGES" },
  });
  const second = await read(first.next);
  expect([second.ids, second.records]).toMatchObject([["a"], [{ eventName: "REMOVE", dynamodb: { OldImage: { id: { S: "a" } } } }]]);
  expect((await read(second.next)).ids).toEqual([]);
  expect((await read(latest)).ids).toEqual(["b", "a"]);
  const SequenceNumber = first.records[1]?.dynamodb.SequenceNumber ?? "";
  expect((await read(await iterator("AT_SEQUENCE_NUMBER", { SequenceNumber }))).ids).toEqual(["b", "a"]);
  expect((await read(await iterator("AFTER_SEQUENCE_NUMBER", { SequenceNumber }))).ids).toEqual(["a"]);
  t.reopen();
  expect((await read(first.next)).ids).toEqual(["a"]);
});

test("L1, L2: what is older than a day goes, and is not passed over in silence", async () => {
  await put("old");
  const { records } = await read(await iterator("TRIM_HORIZON"));
  const SequenceNumber = records[0]?.dynamodb.SequenceNumber ?? "";
  for (let hour = 0; hour < 25; hour++) {
    await t.clock.advance(hourMs);
    await iterator("LATEST");
  }
  await put("new");
  expect((await read(await iterator("TRIM_HORIZON"))).ids).toEqual(["new"]);
  await expect(iterator("AT_SEQUENCE_NUMBER", { SequenceNumber })).rejects.toMatchObject({ code: "TrimmedDataAccessException" });
  expect((await read(await iterator("AFTER_SEQUENCE_NUMBER", { SequenceNumber }))).ids).toEqual(["new"]);
});

test("L1: a stream that nobody reads any more keeps nothing", async () => {
  await put("a");
  await t.clock.advance(24 * hourMs);
  await put("b");
  await put("c");
  expect((await read(await iterator("TRIM_HORIZON"))).ids).toEqual([]);
  await put("d");
  expect((await read(await iterator("TRIM_HORIZON"))).ids).toEqual(["d"]);
});

test("a table that is made anew has a stream of its own", async () => {
  await put("a");
  await t.clock.advance(1_000);
  await t.run("DeleteTable", { TableName: "items" });
  await expect(run("DescribeStream", { StreamArn })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  await t.run("CreateTable", { ...tableRequest("items", ["id:S"]), StreamSpecification });
  await expect(run("DescribeStream", { StreamArn })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  expect((await run("ListStreams", { TableName: "items" })).Streams).toHaveLength(1);
  expect((await run("ListStreams", { TableName: "none" })).Streams).toEqual([]);
});

test("what is no stream, shard or iterator is refused by AWS's names", async () => {
  const refusals: readonly [operation: string, request: JsonObject, code: string][] = [
    ["DescribeStream", { StreamArn: "x" }, "ValidationException"],
    ["DescribeStream", {}, "ValidationException"],
    ["DescribeStream", { StreamArn: `${StreamArn}0` }, "ResourceNotFoundException"],
    ["GetShardIterator", { StreamArn, ShardId: "x", ShardIteratorType: "LATEST" }, "ResourceNotFoundException"],
    ["GetShardIterator", { StreamArn, ShardId, ShardIteratorType: "FIRST" }, "ValidationException"],
    ["GetShardIterator", { StreamArn, ShardId, ShardIteratorType: "AT_SEQUENCE_NUMBER" }, "ValidationException"],
    ["GetRecords", { ShardIterator: `${StreamArn}|1|x` }, "ValidationException"],
    ["GetRecords", { ShardIterator: await iterator("LATEST"), Limit: 1001 }, "ValidationException"],
    ["PutRecord", {}, "UnknownOperationException"],
  ];
  for (const [operation, request, code] of refusals)
    await expect(run(operation, request), JSON.stringify(request)).rejects.toMatchObject({ code });
  const old = await iterator("LATEST");
  await t.clock.advance(900_001);
  await expect(read(old)).rejects.toMatchObject({ code: "ExpiredIteratorException" });
});
