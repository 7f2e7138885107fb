import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import type { Item, PlainValue, Tables } from "@serverlesspresso/ports";
import { expect, test } from "vitest";

/** The table that the contract works on, as `CreateTable` has it. */
export function contractTable(TableName: string): CreateTableCommandInput {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
  const keys = (hash: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: "SK", KeyType: "RANGE" as const },
  ];
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK", "owner"].map(text),
    KeySchema: keys("PK"),
    GlobalSecondaryIndexes: [{ IndexName: "by-owner", KeySchema: keys("owner"), Projection: { ProjectionType: "ALL" } }],
  };
}

/** What services rely on in the port `Tables`. */
export function tablesContract(tables: () => Tables, tableName: string): void {
  const key = (SK: string): Item => ({ PK: "p", SK });
  const named = (name: string) => ({ name });
  const values: Record<string, PlainValue> = {
    text: "é",
    empty: "",
    number: -1.5,
    big: 9_007_199_254_740_991,
    yes: true,
    nothing: null,
    list: [1, ["a"], { b: null }],
    map: { a: { b: [] } },
    names: new Set(["a", "b"]),
    numbers: new Set([1, 2]),
    bytes: new Uint8Array([0, 255]),
  };
  test("what goes in comes out; a member that is undefined is not there", async () => {
    await tables().putItem({ tableName, item: { ...key("values"), ...values, gone: undefined as never } });
    expect(await tables().getItem({ tableName, key: key("values") })).toEqual({ ...key("values"), ...values });
    expect(await tables().getItem({ tableName, key: key("none") })).toBeUndefined();
  });
  test("an unmet condition changes nothing and says so", async () => {
    const put = { tableName, item: key("once"), conditionExpression: "attribute_not_exists(PK)" };
    await tables().putItem(put);
    await expect(tables().putItem(put)).rejects.toMatchObject(named("ConditionalCheckFailedException"));
    const remove = { tableName, key: key("once"), conditionExpression: "#v = :one", names: { "#v": "version" }, values: { ":one": 1 } };
    await expect(tables().deleteItem(remove)).rejects.toMatchObject(named("ConditionalCheckFailedException"));
    await tables().deleteItem({ tableName, key: key("once") });
    expect(await tables().getItem({ tableName, key: key("once") })).toBeUndefined();
  });
  test("an update answers the whole item as it then is", async () => {
    const update = {
      tableName,
      key: key("count"),
      updateExpression: "SET #o = :o ADD visits :one",
      names: { "#o": "other" },
      values: { ":o": "x", ":one": 1 },
    };
    expect(await tables().updateItem(update)).toEqual({ ...key("count"), other: "x", visits: 1 });
    expect(await tables().updateItem(update)).toMatchObject({ visits: 2 });
  });
  test("a set is emptied by removing its last member", async () => {
    const change = (verb: string) =>
      tables().updateItem({
        tableName,
        key: key("set"),
        updateExpression: `${verb} openOrders :it`,
        values: { ":it": new Set(["a"]) },
      });
    expect((await change("ADD")).openOrders).toEqual(new Set(["a"]));
    expect(await change("DELETE")).toEqual(key("set"));
  });
  test("a transaction happens whole or not at all, with one reason for each item", async () => {
    await tables().putItem({ tableName, item: { ...key("t1"), left: 1 } });
    const items = [
      {
        update: {
          tableName,
          key: key("t1"),
          updateExpression: "SET #l = #l - :one",
          conditionExpression: "#l >= :one",
          names: { "#l": "left" },
          values: { ":one": 1 },
        },
      },
      { put: { tableName, item: key("t2"), conditionExpression: "attribute_not_exists(PK)" } },
      { conditionCheck: { tableName, key: key("count"), conditionExpression: "attribute_exists(PK)" } },
      { delete: { tableName, key: key("t3") } },
    ];
    await tables().transactWriteItems(items);
    await expect(tables().transactWriteItems(items)).rejects.toMatchObject({
      name: "TransactionCanceledException",
      cancellationReasons: ["ConditionalCheckFailed", "ConditionalCheckFailed", "None", "None"].map((code) => ({ code })),
    });
    expect(await tables().getItem({ tableName, key: key("t1") })).toMatchObject({ left: 0 });
  });
  test.each([{ index: undefined }, { index: "by-owner" }])("a query pages in order, either way: $index", async ({ index }) => {
    for (const n of [1, 2, 3]) await tables().putItem({ tableName, item: { PK: "page", SK: `${n}`, owner: "ada" } });
    const query = {
      tableName,
      ...(index === undefined
        ? { keyConditionExpression: "PK = :k", values: { ":k": "page" } }
        : { indexName: index, keyConditionExpression: "#o = :k", names: { "#o": "owner" }, values: { ":k": "ada" } }),
      scanIndexForward: false,
      limit: 2,
    };
    const first = await tables().query(query);
    expect(first.items.map(({ SK }) => SK)).toEqual(["3", "2"]);
    const second = await tables().query({ ...query, exclusiveStartKey: first.lastEvaluatedKey as Item });
    expect([second.items.map(({ SK }) => SK), second.lastEvaluatedKey]).toEqual([["1"], undefined]);
  });
  test.each([
    {
      what: "an expression that is none",
      name: "ValidationException",
      act: () => tables().updateItem({ tableName, key: key("x"), updateExpression: "SET" }),
    },
    { what: "a key that is none", name: "ValidationException", act: () => tables().getItem({ tableName, key: { PK: "x" } }) },
    {
      what: "an empty set",
      name: "ValidationException",
      act: () => tables().putItem({ tableName, item: { ...key("x"), set: new Set<string>() } }),
    },
    {
      what: "a table that is none",
      name: "ResourceNotFoundException",
      act: () => tables().getItem({ tableName: "nowhere", key: key("x") }),
    },
  ])("$what: $name", async ({ act, name }) => {
    await expect(act()).rejects.toMatchObject(named(name));
  });
  test("two hundred increments at once are two hundred", async () => {
    const add = () => tables().updateItem({ tableName, key: key("sum"), updateExpression: "ADD n :one", values: { ":one": 1 } });
    const numbers = (await Promise.all(Array.from({ length: 200 }, add))).map(({ n }) => n);
    expect(new Set(numbers).size).toBe(200);
  });
}
