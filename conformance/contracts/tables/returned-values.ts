/** What writes give back: `ReturnValues`, and the item where a condition fails. */
import type { DynamoDB, ReturnValue } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals, failureOf } from "../failures.ts";
import { freshKey, type Item, L, M, N, plain, S, TableName } from "./fixture.ts";

const item: Item = { s: S("old"), n: N(1), l: L(S("a"), S("b")), m: M({ a: N(1), b: N(2) }) };
const values = { ":v": S("new") };

const updates: readonly (readonly [expression: string, returns: ReturnValue, given: Item | undefined])[] = [
  ["SET s = :v", "NONE", undefined],
  ["SET s = :v", "ALL_OLD", item],
  ["SET s = :v", "ALL_NEW", { ...item, s: S("new") }],
  ["SET s = :v", "UPDATED_OLD", { s: S("old") }],
  ["SET s = :v, x = :v", "UPDATED_NEW", { s: S("new"), x: S("new") }],
  ["SET x = :v", "UPDATED_OLD", undefined],
  ["SET x = :v REMOVE s", "UPDATED_OLD", { s: S("old") }],
  ["SET x = :v REMOVE s", "UPDATED_NEW", { x: S("new") }],
  ["SET m.a = :v", "UPDATED_OLD", { m: M({ a: N(1) }) }],
  ["SET m.a = :v", "UPDATED_NEW", { m: M({ a: S("new") }) }],
  ["SET m.c = :v", "UPDATED_OLD", undefined],
  ["SET l[1] = :v", "UPDATED_OLD", { l: L(S("b")) }],
  ["SET l[1] = :v", "UPDATED_NEW", { l: L(S("new")) }],
  ["SET l[9] = :v", "UPDATED_NEW", undefined],
  ["SET x = :v REMOVE l[0]", "UPDATED_NEW", { x: S("new"), l: L(S("b")) }],
];

export function checkReturnedValues(contract: Contract<DynamoDB>): void {
  const put = async (tables: DynamoDB) => {
    const Key = freshKey();
    await tables.putItem({ TableName, Item: { ...Key, ...item } });
    return Key;
  };
  for (const [UpdateExpression, ReturnValues, given] of updates) {
    contract.check(`${ReturnValues} of ${UpdateExpression}`, async (tables) => {
      const Key = await put(tables);
      const answer = await tables.updateItem({ TableName, Key, UpdateExpression, ExpressionAttributeValues: values, ReturnValues });
      expect(plain(answer.Attributes)).toEqual(given);
    });
  }
  contract.check("ALL_OLD of an item that was not there is nothing", async (tables) => {
    const update = { UpdateExpression: "SET s = :v", ExpressionAttributeValues: values };
    expect((await tables.updateItem({ TableName, Key: freshKey(), ...update, ReturnValues: "ALL_OLD" })).Attributes).toBeUndefined();
    expect((await tables.putItem({ TableName, Item: freshKey(), ReturnValues: "ALL_OLD" })).Attributes).toBeUndefined();
    expect((await tables.deleteItem({ TableName, Key: freshKey(), ReturnValues: "ALL_OLD" })).Attributes).toBeUndefined();
  });
  contract.check("PutItem and DeleteItem give the old item", async (tables) => {
    const Key = await put(tables);
    expect(plain((await tables.putItem({ TableName, Item: Key, ReturnValues: "ALL_OLD" })).Attributes)).toEqual(item);
    expect((await tables.deleteItem({ TableName, Key, ReturnValues: "ALL_OLD" })).Attributes).toEqual(Key);
    expect((await tables.getItem({ TableName, Key, ConsistentRead: true })).Item).toBeUndefined();
  });
  contract.check("a failed condition gives the item where it was asked for", async (tables) => {
    const Key = await put(tables);
    const condition = { ConditionExpression: "n = :v", ExpressionAttributeValues: { ":v": N(2) } };
    const asked = { ...condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
    const update = { UpdateExpression: "SET x = :v" };
    const failures = await Promise.all([
      failureOf(tables.putItem({ TableName, Item: Key, ...asked })),
      failureOf(tables.updateItem({ TableName, Key, ...update, ...asked })),
      failureOf(tables.deleteItem({ TableName, Key, ...asked })),
    ]);
    expect(failures.map(({ name, message }) => `${name}: ${message}`)).toEqual(
      Array(3).fill("ConditionalCheckFailedException: The conditional request failed"),
    );
    for (const { Item } of failures) expect(plain(Item as Item)).toEqual(item);
    expect((await failureOf(tables.deleteItem({ TableName, Key, ...condition }))).Item).toBeUndefined();
    expect((await failureOf(tables.deleteItem({ TableName, Key: freshKey(), ...asked }))).Item).toBeUndefined();
  });
  checkRefusals(contract, [
    {
      name: "PutItem has no ALL_NEW",
      run: (tables) => tables.putItem({ TableName, Item: freshKey(), ReturnValues: "ALL_NEW" }),
      code: "ValidationException",
      words: "ReturnValues can only be ALL_OLD or NONE",
    },
    {
      name: "DeleteItem has no UPDATED_OLD",
      run: (tables) => tables.deleteItem({ TableName, Key: freshKey(), ReturnValues: "UPDATED_OLD" }),
      code: "ValidationException",
      words: "ReturnValues can only be ALL_OLD or NONE",
    },
  ]);
}
