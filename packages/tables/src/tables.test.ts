import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestTables, type TestTables } from "./testing.ts";

let t: TestTables;
beforeEach(async () => {
  t = await openTestTables();
  await t.store.transact((tx) => t.tables.createTable(tx, orders));
});
afterEach(() => t.close());

const orders = {
  TableName: "orders",
  AttributeDefinitions: [
    { AttributeName: "PK", AttributeType: "S" },
    { AttributeName: "SK", AttributeType: "S" },
    { AttributeName: "state", AttributeType: "S" },
    { AttributeName: "ts", AttributeType: "N" },
  ],
  KeySchema: [
    { AttributeName: "PK", KeyType: "HASH" },
    { AttributeName: "SK", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "byState",
      KeySchema: [
        { AttributeName: "state", KeyType: "HASH" },
        { AttributeName: "ts", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["drink"] },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
};

const run = (operation: string, request: JsonObject): Promise<JsonObject> => t.run(operation, { TableName: "orders", ...request });
const key = (id: string): JsonObject => ({ PK: { S: "orders" }, SK: { S: id } });
const put = (id: string, rest: JsonObject = {}): Promise<JsonObject> => run("PutItem", { Item: { ...key(id), ...rest } });
const get = async (id: string): Promise<JsonObject | undefined> => (await run("GetItem", { Key: key(id) })).Item as JsonObject | undefined;
const idsOf = (answer: JsonObject): string[] => (answer.Items as readonly { SK: { S: string } }[]).map(({ SK }) => SK.S);

test("an item comes back as it was put, numbers canonical", async () => {
  await put("1", { n: { N: "+01.50E1" }, deep: { M: { list: { L: [{ NULL: true }, { BOOL: false }] } } } });
  expect(await get("1")).toEqual({ ...key("1"), n: { N: "15" }, deep: { M: { list: { L: [{ NULL: true }, { BOOL: false }] } } } });
  expect(await get("2")).toBeUndefined();
});

test("SET IDvalue = IDvalue + :val counts, and answers what it wrote", async () => {
  await put("counter", { IDvalue: { N: "0" } });
  const draw = { Key: key("counter"), UpdateExpression: "set IDvalue = IDvalue + :val", ExpressionAttributeValues: { ":val": { N: "1" } } };
  const answers = await Promise.all(Array.from({ length: 50 }, () => run("UpdateItem", { ...draw, ReturnValues: "UPDATED_NEW" })));
  expect(answers.map((answer) => (answer.Attributes as { IDvalue: { N: string } }).IDvalue.N)).toEqual(
    Array.from({ length: 50 }, (_, at) => String(at + 1)),
  );
});

test("a condition that fails changes nothing and may show the item", async () => {
  await put("1", { drink: { S: "Latte" } });
  const condition = { ConditionExpression: "attribute_not_exists(PK)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
  await expect(run("PutItem", { Item: key("1"), ...condition })).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    message: "The conditional request failed",
    data: { Item: { drink: { S: "Latte" } } },
  });
  expect(await get("1")).toMatchObject({ drink: { S: "Latte" } });
});

test.each([
  { returns: "NONE", expected: undefined },
  { returns: "ALL_OLD", expected: { ...key("1"), a: { N: "1" }, b: { S: "x" } } },
  { returns: "UPDATED_OLD", expected: { a: { N: "1" } } },
  { returns: "ALL_NEW", expected: { ...key("1"), a: { N: "2" }, b: { S: "x" }, c: { S: "y" } } },
  { returns: "UPDATED_NEW", expected: { a: { N: "2" }, c: { S: "y" } } },
])("UpdateItem returns $returns", async ({ returns, expected }) => {
  await put("1", { a: { N: "1" }, b: { S: "x" } });
  const values = { ":one": { N: "1" }, ":y": { S: "y" } };
  const update = { UpdateExpression: "SET a = a + :one, c = if_not_exists(c, :y)", ExpressionAttributeValues: values };
  expect((await run("UpdateItem", { Key: key("1"), ReturnValues: returns, ...update })).Attributes).toEqual(expected);
});

test("an index follows its items, in both directions, ties included", async () => {
  for (const [id, state, ts] of [
    ["1", "MAKING", "5"],
    ["2", "MAKING", "-3"],
    ["3", "MAKING", "5"],
    ["4", "DONE", "1"],
  ] as const) {
    await put(id, { state: { S: state }, ts: { N: ts }, drink: { S: "Latte" }, note: { S: "hidden" } });
  }
  await put("5", { note: { S: "not in the index" } });
  const making = {
    IndexName: "byState",
    KeyConditionExpression: "#s = :s",
    ExpressionAttributeNames: { "#s": "state" },
    ExpressionAttributeValues: { ":s": { S: "MAKING" } },
  };
  expect(idsOf(await run("Query", making))).toEqual(["2", "1", "3"]);
  expect(idsOf(await run("Query", { ...making, ScanIndexForward: false }))).toEqual(["3", "1", "2"]);
  const first = await run("Query", { ...making, Limit: 2 });
  expect(first.LastEvaluatedKey).toEqual({ ...key("1"), state: { S: "MAKING" }, ts: { N: "5" } });
  expect(idsOf(await run("Query", { ...making, ExclusiveStartKey: first.LastEvaluatedKey as JsonObject }))).toEqual(["3"]);
  await expect(run("Query", { ...making, ProjectionExpression: "note" })).rejects.toThrow(
    "Global secondary index byState does not project [note]",
  );
  const hidden = { FilterExpression: "attribute_exists(note)" };
  await expect(run("Query", { ...making, ...hidden })).rejects.toThrow("byState does not project one or more filter attributes: [note]");
  expect((first.Items as JsonObject[])[0]).toEqual({ ...key("2"), state: { S: "MAKING" }, ts: { N: "-3" }, drink: { S: "Latte" } });
  const done = {
    UpdateExpression: "SET #s = :d",
    ExpressionAttributeNames: { "#s": "state" },
    ExpressionAttributeValues: { ":d": { S: "DONE" } },
  };
  await run("UpdateItem", { Key: key("1"), ...done });
  await run("DeleteItem", { Key: key("3") });
  expect(idsOf(await run("Query", making))).toEqual(["2"]);
});

test("a transaction is all or nothing and names each reason", async () => {
  await put("1", { left: { N: "0" } });
  const take = {
    TableName: "orders",
    Key: key("1"),
    UpdateExpression: "SET #l = #l - :one",
    ConditionExpression: "#l >= :one",
    ExpressionAttributeNames: { "#l": "left" },
    ExpressionAttributeValues: { ":one": { N: "1" } },
  };
  const order = { TableName: "orders", Item: key("2") };
  await expect(run("TransactWriteItems", { TransactItems: [{ Put: order }, { Update: take }] })).rejects.toMatchObject({
    name: "TransactionCanceledException",
    message: "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
    cancellationReasons: [{ code: "None" }, { code: "ConditionalCheckFailed" }],
  });
  expect(await get("2")).toBeUndefined();
  await put("1", { left: { N: "1" } });
  const request = { TransactItems: [{ Put: order }, { Update: take }], ClientRequestToken: "once" };
  await run("TransactWriteItems", request);
  await run("TransactWriteItems", request);
  expect(await get("1")).toMatchObject({ left: { N: "0" } });
  await expect(run("TransactWriteItems", { ...request, TransactItems: [{ Put: order }] })).rejects.toMatchObject({
    name: "IdempotentParameterMismatchException",
  });
  await t.clock.advance(600_000);
  await expect(run("TransactWriteItems", request)).rejects.toMatchObject({ name: "TransactionCanceledException" });
});

test("the stream tells each change once, inside its transaction", async () => {
  await put("1", { a: { N: "1" } });
  await put("1", { a: { N: "1.0" } });
  await put("1", { a: { N: "2" } });
  await run("DeleteItem", { Key: key("1") });
  await run("DeleteItem", { Key: key("1") });
  await expect(
    t.store.transact((tx) => {
      t.tables.execute(tx, "PutItem", { TableName: "orders", Item: key("9") });
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  const told = t.records.filter(({ dynamodb }) => JSON.stringify(dynamodb.Keys) === JSON.stringify(key("1")));
  expect(told.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
  const [insert, modify, remove] = told.map((record) => record.dynamodb);
  expect(insert).toMatchObject({ Keys: key("1"), NewImage: { a: { N: "1" } } });
  expect(modify).toMatchObject({ OldImage: { a: { N: "1" } }, NewImage: { a: { N: "2" } } });
  expect(remove).not.toHaveProperty("NewImage");
  expect([insert, modify, remove].map((one) => one?.SequenceNumber)).toEqual(
    [insert, modify, remove].map((one) => one?.SequenceNumber ?? "").sort(),
  );
});

test("an item ends when its time to live is over, and the stream says who did it", async () => {
  const soon = Math.floor(t.clock.nowMs() / 1000) + 60;
  await put("early", { until: { N: String(soon) } });
  await run("UpdateTimeToLive", { TimeToLiveSpecification: { AttributeName: "until", Enabled: true } });
  await put("late", { until: { N: String(soon + 60) } });
  await put("put off", { until: { N: String(soon) } });
  await put("put off", { until: { N: String(soon + 600) } });
  await put("never", { until: { S: "soon" } });
  for (const beyond of ["8640000000001", "9007199254740", "1e100", "-1"]) await put(beyond, { until: { N: beyond } });
  for (const beyond of ["8640000000001", "9007199254740", "1e100", "-1"]) await run("DeleteItem", { Key: key(beyond) });
  t.tables.start();
  await t.clock.advance(61_000);
  expect(idsOf(await run("Scan", {})).sort()).toEqual(["late", "never", "put off"]);
  expect(t.records.at(-1)).toMatchObject({
    eventName: "REMOVE",
    userIdentity: { principalId: "dynamodb.amazonaws.com", type: "Service" },
  });
  await t.clock.advance(60_000);
  expect(idsOf(await run("Scan", {})).sort()).toEqual(["never", "put off"]);
  expect(await run("DescribeTimeToLive", {})).toEqual({ TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "until" } });
});

test("createTable with the same description leaves data and later changes alone; another one is brought in", async () => {
  await put("1", { state: { S: "MAKING" }, ts: { N: "1" }, user: { S: "u" } });
  await run("UpdateTimeToLive", { TimeToLiveSpecification: { AttributeName: "until", Enabled: true } });
  t.reopen();
  await t.store.transact((tx) => t.tables.createTable(tx, orders));
  expect(await run("DescribeTimeToLive", {})).toMatchObject({ TimeToLiveDescription: { TimeToLiveStatus: "ENABLED" } });
  const more = {
    ...orders,
    AttributeDefinitions: [...orders.AttributeDefinitions, { AttributeName: "user", AttributeType: "S" }],
    GlobalSecondaryIndexes: [
      ...orders.GlobalSecondaryIndexes,
      { IndexName: "byUser", KeySchema: [{ AttributeName: "user", KeyType: "HASH" }] },
    ],
  };
  await t.store.transact((tx) => t.tables.createTable(tx, more));
  const mine = { IndexName: "byUser", KeyConditionExpression: "#u = :u", ExpressionAttributeNames: { "#u": "user" } };
  expect(idsOf(await run("Query", { ...mine, ExpressionAttributeValues: { ":u": { S: "u" } } }))).toEqual(["1"]);
  expect(await run("DescribeTable", {})).toMatchObject({
    Table: { TableStatus: "ACTIVE", ItemCount: 1, TableArn: "arn:aws:dynamodb:us-east-1:123456789012:table/orders" },
  });
  expect(await run("ListTables", {})).toEqual({ TableNames: ["orders"] });
});

test("reads on the store see durable state", async () => {
  const writing = put("1");
  expect(t.tables.query(t.store, "GetItem", { TableName: "orders", Key: key("1") })).toEqual({});
  await writing;
  expect(t.tables.query(t.store, "GetItem", { TableName: "orders", Key: key("1") })).toEqual({ Item: key("1") });
  expect(() => t.tables.query(t.store, "PutItem", {})).toThrow("not supported");
});
