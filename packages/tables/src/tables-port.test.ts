import type { Item, PlainValue, Tables } from "@serverlesspresso/ports";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTablesPort, marshall, unmarshall } from "./index.ts";
import { openTestTables, type TestTables, tableRequest } from "./testing.ts";

let t: TestTables;
let port: Tables;
beforeAll(async () => {
  t = await openTestTables();
  await t.run("CreateTable", tableRequest("orders", ["PK:S", "SK:S"], { byUser: ["USERID:S", "SK:S"] }));
  port = createTablesPort(t.store, t.tables);
});
afterAll(() => t.close());

test("plain values come back as they went", () => {
  const value = fc.letrec<{ value: PlainValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.uniqueArray(fc.string(), { minLength: 1 }).map((members) => new Set(members)),
      fc.uniqueArray(fc.integer(), { minLength: 1 }).map((members) => new Set(members)),
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (item) => {
      const back = unmarshall(marshall(item as Item));
      expect(back).toEqual(item);
    }),
  );
});

test("the verbs of the port, with AWS's failures", async () => {
  const key = { PK: "orders", SK: "1" };
  const item = { ...key, USERID: "ana", TS: 1.5, drinkOrder: { drink: "Latte", modifiers: ["Oat"] }, note: undefined as never };
  await port.putItem({ tableName: "orders", item, conditionExpression: "attribute_not_exists(PK)" });
  const { note: _, ...stored } = item;
  expect(await port.getItem({ tableName: "orders", key })).toEqual(stored);
  await expect(port.putItem({ tableName: "orders", item, conditionExpression: "attribute_not_exists(PK)" })).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
  });
  const update = {
    tableName: "orders",
    key,
    updateExpression: "SET #s = :s ADD visits :one",
    names: { "#s": "state" },
    values: { ":s": "MAKING", ":one": 1 },
  };
  expect(await port.updateItem(update)).toEqual({ ...stored, state: "MAKING", visits: 1 });
  await port.putItem({ tableName: "orders", item: { PK: "orders", SK: "2", USERID: "ana" } });
  const query = {
    tableName: "orders",
    indexName: "byUser",
    keyConditionExpression: "USERID = :u",
    values: { ":u": "ana" },
    scanIndexForward: false,
    limit: 1,
  };
  const first = await port.query(query);
  expect(first.items.map(({ SK }) => SK)).toEqual(["2"]);
  const second = await port.query({ ...query, exclusiveStartKey: first.lastEvaluatedKey as Item });
  expect(second.items.map(({ SK }) => SK)).toEqual(["1"]);
  const transaction = [
    { put: { tableName: "orders", item: { PK: "orders", SK: "3" } } },
    { conditionCheck: { tableName: "orders", key, conditionExpression: "visits > :many", values: { ":many": 5 } } },
  ];
  await expect(port.transactWriteItems(transaction)).rejects.toMatchObject({
    name: "TransactionCanceledException",
    cancellationReasons: [{ code: "None" }, { code: "ConditionalCheckFailed" }],
  });
  await port.transactWriteItems([{ update }, { delete: { tableName: "orders", key: { PK: "orders", SK: "2" } } }]);
  expect((await port.getItem({ tableName: "orders", key }))?.visits).toBe(2);
  await port.deleteItem({ tableName: "orders", key });
  expect(await port.getItem({ tableName: "orders", key })).toBeUndefined();
});
