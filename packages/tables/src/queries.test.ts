/** Query and Scan: order, ranges, paging, indexes; and what they refuse. */
import type { JsonObject } from "@serverlesspresso/ports";
import { counted } from "@serverlesspresso/store/counted";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestTables, type TestTables, tableRequest } from "./testing.ts";

let t: TestTables;
beforeAll(async () => {
  t = await openTestTables();
  for (const type of ["S", "N", "B"])
    await t.run("CreateTable", tableRequest(`by-${type}`, ["pk:S", `sk:${type}`], { other: ["g:S", "pk:S"] }));
});
afterAll(() => t.close());

type Type = "S" | "N" | "B";
const contents: Record<Type, fc.Arbitrary<string>> = {
  S: fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 6 }),
    fc.string({ unit: fc.constantFrom("\u0000", "\u0001", "\u0002", "a", "\ud7ff", "\ue000", "\u{10ffff}"), minLength: 1, maxLength: 4 }),
  ),
  N: fc.oneof(
    fc.integer().map(String),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 })
      .filter((n) => n === 0 || Math.abs(n) > 1e-100)
      .map(String),
  ),
  B: fc.uint8Array({ minLength: 1, maxLength: 10 }).map((bytes) => Buffer.from(bytes).toString("base64")),
};
const orders: Record<Type, (a: string, b: string) => number> = {
  S: (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  N: (a, b) => Number(a) - Number(b),
  B: (a, b) => Buffer.compare(Buffer.from(a, "base64"), Buffer.from(b, "base64")),
};
const startsWith: Record<Type, (a: string, b: string) => boolean> = {
  S: (a, b) => a.startsWith(b),
  N: () => false,
  B: (a, b) => Buffer.from(a, "base64").subarray(0, Buffer.from(b, "base64").length).equals(Buffer.from(b, "base64")),
};

let partition = 0;
async function fill(type: Type, keys: readonly string[]): Promise<string> {
  const pk = `p${partition++}`;
  await t.store.transact((tx) => {
    for (const key of keys) {
      t.tables.execute(tx, "PutItem", { TableName: `by-${type}`, Item: { pk: { S: pk }, sk: { [type]: key }, text: { S: key } } });
    }
  });
  return pk;
}

/** Reads all pages of a query. */
async function all(request: JsonObject, operation = "Query"): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  let ExclusiveStartKey: JsonObject | undefined;
  do {
    const page: JsonObject = await t.run(operation, { ...request, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
    items.push(...(page.Items as JsonObject[]));
    ExclusiveStartKey = page.LastEvaluatedKey as JsonObject | undefined;
  } while (ExclusiveStartKey !== undefined);
  return items;
}
const texts = (items: readonly JsonObject[]): string[] => items.map((item) => (item.text as { S: string }).S);

const conditions: Record<string, (type: Type, key: string, a: string, b: string) => boolean> = {
  "sk = :a": (type, key, a) => orders[type](key, a) === 0,
  "sk < :a": (type, key, a) => orders[type](key, a) < 0,
  "sk <= :a": (type, key, a) => orders[type](key, a) <= 0,
  "sk > :a": (type, key, a) => orders[type](key, a) > 0,
  ":a <= sk": (type, key, a) => orders[type](key, a) >= 0,
  "sk BETWEEN :a AND :b": (type, key, a, b) => orders[type](key, a) >= 0 && orders[type](key, b) <= 0,
  "begins_with(sk, :a)": (type, key, a) => startsWith[type](key, a),
};

test.each<Type>(["S", "N", "B"])(
  "queries on a sort key of type %s agree with a naive filter, both ways, page by page",
  { timeout: 60_000 },
  async (type) => {
    const uniqueKeys = fc.uniqueArray(contents[type], { maxLength: 12, comparator: (a, b) => orders[type](a, b) === 0 });
    const condition = fc.constantFrom(...Object.keys(conditions).filter((text) => type !== "N" || !text.startsWith("begins")));
    await fc.assert(
      fc.asyncProperty(
        uniqueKeys,
        contents[type],
        contents[type],
        condition,
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        async (keys, x, y, text, forward, Limit) => {
          const pk = await fill(type, keys);
          const [a, b] = text.includes("BETWEEN") && orders[type](x, y) > 0 ? [y, x] : [x, y];
          const expected = keys.filter((key) => conditions[text]?.(type, key, a, b)).sort(orders[type]);
          const values = { ":pk": { S: pk }, ":a": { [type]: a }, ...(text.includes(":b") ? { ":b": { [type]: b } } : {}) };
          const request = { TableName: `by-${type}`, KeyConditionExpression: `pk = :pk AND ${text}`, ExpressionAttributeValues: values };
          const found = texts(await all({ ...request, ScanIndexForward: forward, Limit }));
          expect(found).toEqual(forward ? expected : expected.reverse());
        },
      ),
      { numRuns: 150 },
    );
  },
);

test("an index query filters after reading, counts both, and projects", async () => {
  await t.store.transact((tx) => {
    for (let i = 0; i < 30; i++) {
      const Item = { pk: { S: `index${String(i).padStart(2, "0")}` }, sk: { S: "x" }, g: { S: "one" }, text: { S: String(i % 3) } };
      t.tables.execute(tx, "PutItem", { TableName: "by-S", Item });
    }
  });
  const request = {
    TableName: "by-S",
    IndexName: "other",
    KeyConditionExpression: "g = :g AND pk > :from",
    FilterExpression: "#t = :t",
    ExpressionAttributeNames: { "#t": "text" },
    ExpressionAttributeValues: { ":g": { S: "one" }, ":from": { S: "index05" }, ":t": { S: "0" } },
  };
  const page = await t.run("Query", { ...request, Limit: 10, ProjectionExpression: "pk" });
  expect(page).toMatchObject({ Count: 4, ScannedCount: 10, LastEvaluatedKey: { pk: { S: "index15" }, sk: { S: "x" }, g: { S: "one" } } });
  expect((page.Items as JsonObject[])[0]).toEqual({ pk: { S: "index06" } });
  expect(await t.run("Query", { ...request, Select: "COUNT" })).toEqual({ Count: 8, ScannedCount: 24 });
  expect((await all({ ...request, Limit: 7, ScanIndexForward: false })).length).toBe(8);
});

test("a page ends at 1 MB, and all pages together hold everything once", async () => {
  await t.run("CreateTable", tableRequest("large", ["pk:S"]));
  const names = Array.from({ length: 10 }, (_, at) => `item${at}`);
  for (const name of names)
    await t.run("PutItem", { TableName: "large", Item: { pk: { S: name }, text: { S: name }, body: { S: "x".repeat(300_000) } } });
  const first = await t.run("Scan", { TableName: "large" });
  expect(first.Count).toBe(3);
  expect(texts(await all({ TableName: "large" }, "Scan")).sort()).toEqual(names);
  const segments = await Promise.all([0, 1, 2].map((Segment) => all({ TableName: "large", Segment, TotalSegments: 3 }, "Scan")));
  expect(segments.flatMap(texts).sort()).toEqual(names);
});

test("BatchGetItem and BatchWriteItem", async () => {
  const key = (id: string): JsonObject => ({ pk: { S: id }, sk: { S: "x" } });
  await t.run("PutItem", { TableName: "by-S", Item: key("old") });
  const writes = [{ PutRequest: { Item: { ...key("new"), a: { N: "1" } } } }, { DeleteRequest: { Key: key("old") } }];
  expect(await t.run("BatchWriteItem", { RequestItems: { "by-S": writes } })).toEqual({ UnprocessedItems: {} });
  const Keys = [key("new"), key("old")];
  const RequestItems = { "by-S": { Keys, ProjectionExpression: "a" } };
  expect(await t.run("BatchGetItem", { RequestItems })).toEqual({ Responses: { "by-S": [{ a: { N: "1" } }] }, UnprocessedKeys: {} });
  await expect(t.run("BatchGetItem", { RequestItems: { "by-S": { Keys: [key("a"), key("a")] } } })).rejects.toThrow("duplicates");
  await expect(t.run("BatchWriteItem", { RequestItems: { "by-S": [writes[1], writes[1]] as JsonObject[] } })).rejects.toThrow("duplicates");
  const both = { TransactItems: [{ Get: { TableName: "by-S", Key: key("new") } }, { Get: { TableName: "by-S", Key: key("old") } }] };
  expect(await t.run("TransactGetItems", both)).toEqual({ Responses: [{ Item: { ...key("new"), a: { N: "1" } } }, {}] });
});

test("keys as long as DynamoDB allows, in table and index", async () => {
  const long = (letter: string, bytes: number): string => letter.repeat(bytes);
  for (const letter of ["a", "\u0001", "é"]) {
    const bytes = Buffer.byteLength(letter);
    const Item = { pk: { S: long(letter, 2048 / bytes) }, sk: { S: long(letter, 1024 / bytes) }, g: { S: long(letter, 2048 / bytes) } };
    const indexed = { ...Item, pk: { S: long(letter, 1024 / bytes) } };
    await t.run("PutItem", { TableName: "by-S", Item: indexed });
    const request = {
      TableName: "by-S",
      IndexName: "other",
      KeyConditionExpression: "g = :g",
      ExpressionAttributeValues: { ":g": Item.g },
    };
    expect((await t.run("Query", request)).Items).toEqual([indexed]);
  }
  const binary = { pk: { S: "p".repeat(2048) }, sk: { B: Buffer.alloc(1024, 255).toString("base64") } };
  await t.run("CreateTable", tableRequest("binary", ["pk:S", "sk:B"]));
  await t.run("PutItem", { TableName: "binary", Item: binary });
  expect((await t.run("GetItem", { TableName: "binary", Key: binary })).Item).toEqual(binary);
});

const good = { TableName: "by-S", KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "x" } } };
test.each<[string, JsonObject, string]>([
  ["GetItem", { Key: { pk: { S: "a" } } }, "The provided key element does not match the schema"],
  ["GetItem", { Key: { pk: { S: "a" }, sk: { N: "1" } } }, "The provided key element does not match the schema"],
  [
    "GetItem",
    { Key: { pk: { S: "" }, sk: { S: "a" } } },
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
  ],
  ["PutItem", { Item: { pk: { S: "a" } } }, "One or more parameter values were invalid: Missing the key sk in the item"],
  [
    "PutItem",
    { Item: { pk: { S: "a" }, sk: { N: "1" } } },
    "One or more parameter values were invalid: Type mismatch for key sk expected: S actual: N",
  ],
  [
    "PutItem",
    { Item: { pk: { S: "a" }, sk: { S: "a" }, g: { N: "1" } } },
    "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: other",
  ],
  [
    "PutItem",
    { Item: { pk: { S: "a".repeat(2049) }, sk: { S: "a" } } },
    "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
  ],
  [
    "PutItem",
    { Item: { pk: { S: "a" }, sk: { S: "b" }, x: { S: "x".repeat(410_000) } } },
    "Item size has exceeded the maximum allowed size",
  ],
  ["PutItem", { Item: { pk: { S: "a" }, sk: { S: "b" } }, ReturnValues: "ALL_NEW" }, "ReturnValues can only be ALL_OLD or NONE"],
  ["Query", { KeyConditionExpression: "sk = :p" }, "Query condition missed key schema element: pk"],
  ["Query", { KeyConditionExpression: "pk > :p" }, "Query key condition not supported"],
  ["Query", { KeyConditionExpression: "pk = :p OR sk = :p" }, "Invalid operator used in KeyConditionExpression: OR"],
  ["Query", { KeyConditionExpression: "pk = :p AND contains(sk, :p)" }, "Invalid operator used in KeyConditionExpression: contains"],
  ["Query", { KeyConditionExpression: "pk = :p AND pk = :p" }, "KeyConditionExpressions must only contain one condition per key"],
  [
    "Query",
    { ...good, FilterExpression: "sk = :p" },
    "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
  ],
  ["Query", { ...good, IndexName: "nope" }, "The table does not have the specified index: nope"],
  ["Query", { ...good, IndexName: "other", ConsistentRead: true }, "Consistent reads are not supported on global secondary indexes"],
  [
    "Query",
    { ...good, Limit: 0 },
    "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    "Query",
    { ...good, ExclusiveStartKey: { pk: { S: "x" } } },
    "The provided starting key is invalid: The provided key element does not match the schema",
  ],
  [
    "Query",
    { ...good, ExclusiveStartKey: { pk: { S: "y" }, sk: { S: "y" } } },
    "The provided starting key is outside query boundaries based on provided conditions",
  ],
  ["Query", {}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."],
])("%s %j is refused", async (operation, request, message) => {
  const values = request.KeyConditionExpression === undefined ? {} : { ExpressionAttributeValues: good.ExpressionAttributeValues };
  await expect(t.run(operation, { TableName: "by-S", ...values, ...request })).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});

test.each<[string, JsonObject, string]>([
  ["GetItem", { TableName: "none", Key: {} }, "ResourceNotFoundException"],
  ["DescribeTable", { TableName: "none" }, "ResourceNotFoundException"],
  ["CreateTable", tableRequest("by-S", ["pk:S"]), "ResourceInUseException"],
  ["PutItem", { TableName: "by-S", Item: { pk: { S: 1 } } }, "SerializationException"],
  ["PutItem", { TableName: "by-S", Item: { pk: { S: "a" }, sk: { S: "b" }, bad: { B: "!" } } }, "SerializationException"],
  ["Nonsense", {}, "UnknownOperationException"],
  ["toString", {}, "UnknownOperationException"],
])("%s %j fails with its code", async (operation, request, name) => {
  await expect(t.run(operation, request)).rejects.toMatchObject({ name });
});

test("UpdateTable adds an index over what is there; DeleteTable takes everything along", async () => {
  await t.run("CreateTable", tableRequest("brief", ["pk:S"]));
  await t.run("PutItem", { TableName: "brief", Item: { pk: { S: "1" }, color: { S: "red" } } });
  const Create = {
    IndexName: "by-color",
    KeySchema: [{ AttributeName: "color", KeyType: "HASH" }],
    Projection: { ProjectionType: "KEYS_ONLY" },
  };
  await t.run("UpdateTable", {
    TableName: "brief",
    AttributeDefinitions: [{ AttributeName: "color", AttributeType: "S" }],
    GlobalSecondaryIndexUpdates: [{ Create }],
  });
  const request = {
    TableName: "brief",
    IndexName: "by-color",
    KeyConditionExpression: "color = :c",
    ExpressionAttributeValues: { ":c": { S: "red" } },
  };
  expect((await t.run("Query", request)).Items).toEqual([{ pk: { S: "1" }, color: { S: "red" } }]);
  t.reopen();
  expect((await t.run("Query", request)).Count).toBe(1);
  await t.run("DeleteTable", { TableName: "brief" });
  await expect(t.run("Query", request)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await t.run("CreateTable", tableRequest("brief", ["pk:S"]));
  expect((await t.run("Scan", { TableName: "brief" })).Count).toBe(0);
});

test("a page costs the page, however many items there are", async () => {
  await t.run("CreateTable", tableRequest("many", ["pk:S", "sk:S"], { byState: ["state:S", "createdMs:N"] }));
  const states = ["COMPLETED", "COMPLETED", "COMPLETED", "SUBMITTED"];
  await t.store.transact((tx) => {
    for (let n = 0; n < 800; n++) {
      const Item = { pk: { S: "orders" }, sk: { S: `o${n}` }, state: { S: states[n % 4] as string }, createdMs: { N: `${n}` } };
      t.tables.execute(tx, "PutItem", { TableName: "many", Item });
    }
  });
  const request = {
    TableName: "many",
    IndexName: "byState",
    KeyConditionExpression: "#s = :s",
    ExpressionAttributeNames: { "#s": "state" },
    ExpressionAttributeValues: { ":s": { S: "SUBMITTED" } },
    ScanIndexForward: false,
    Limit: 10,
  };
  let ExclusiveStartKey: JsonObject = {};
  for (const newest of [799, 759, 719]) {
    const { view, counts } = counted(t.store);
    const more = newest === 799 ? {} : { ExclusiveStartKey };
    const { Items, LastEvaluatedKey } = t.tables.query(view, "Query", { ...request, ...more }) as Record<string, JsonObject[] & JsonObject>;
    expect(Items?.map(({ sk }) => sk)).toEqual(Array.from({ length: 10 }, (_, i) => ({ S: `o${newest - 4 * i}` })));
    // An entry of the index and its item for each.
    expect(counts).toEqual({ records: 2 * 10, keys: 0 });
    ExclusiveStartKey = LastEvaluatedKey as JsonObject;
  }
  const { view, counts } = counted(t.store);
  const whole = { TableName: "many", KeyConditionExpression: "pk = :o", ExpressionAttributeValues: { ":o": { S: "orders" } }, Limit: 10 };
  expect(t.tables.query(view, "Query", whole).Count).toBe(10);
  expect(counts).toEqual({ records: 10, keys: 0 });
});

test("the names of a table's keys are read without its items", () => {
  const { view, counts } = counted(t.store);
  expect(t.tables.keyNames(view, "by-N")).toEqual(["pk", "sk"]);
  expect(t.tables.keyNames(view, "nowhere")).toEqual([]);
  expect(counts.records).toBeLessThanOrEqual(2);
});
