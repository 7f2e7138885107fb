/** Names that mean something to JavaScript are names like any other. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { freshKey, type Item, M, N, S, TableName } from "./fixture.ts";

// `__proto__` among them is tried without the SDK, which loses it: test/aws/names.test.ts.
const names = ["constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"];

/** An object whose own members have these names. */
function withNames(value: (name: string) => Item[string]): Item {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

export function checkNames(contract: Contract<DynamoDB>): void {
  contract.check("attributes of any name are kept, at the top and within", async (tables) => {
    const Key = freshKey();
    const item = { ...withNames(S), m: M(withNames((name) => M({ [name]: S(name) }))) };
    await tables.putItem({ TableName, Item: { ...item, ...Key } });
    const { Item = {} } = await tables.getItem({ TableName, Key, ConsistentRead: true });
    for (const name of names) {
      expect(Object.getOwnPropertyDescriptor(Item, name)?.value).toEqual(S(name));
      expect(Object.getOwnPropertyDescriptor(Item.m?.M, name)?.value).toEqual(M(Object.fromEntries([[name, S(name)]])));
    }
    expect(({} as Record<string, unknown>).S).toBeUndefined();
  });
  contract.check("attributes that are not there are not inherited", async (tables) => {
    const Key = freshKey();
    await tables.putItem({ TableName, Item: { ...Key, m: M({}) } });
    for (const name of names) {
      const ExpressionAttributeNames = { "#n": name };
      const absent = "attribute_not_exists(#n) AND attribute_not_exists(m.#n)";
      await tables.updateItem({ TableName, Key, UpdateExpression: "REMOVE q", ConditionExpression: absent, ExpressionAttributeNames });
      const read = await tables.getItem({ TableName, Key, ProjectionExpression: "#n, m.#n", ExpressionAttributeNames });
      expect(read.Item ?? {}).toEqual({});
    }
  });
  contract.check("attributes of any name are set, counted, compared, returned and removed", async (tables) => {
    for (const name of names) {
      const Key = freshKey();
      await tables.putItem({ TableName, Item: { ...Key, m: M({}) } });
      const expressions = { ExpressionAttributeNames: { "#n": name }, ExpressionAttributeValues: { ":v": N(1) } };
      const UpdateExpression = "SET #n = :v, m.#n = if_not_exists(m.#n, :v) + :v";
      const { Attributes = {} } = await tables.updateItem({
        TableName,
        Key,
        UpdateExpression,
        ...expressions,
        ReturnValues: "UPDATED_NEW",
      });
      expect(Object.getOwnPropertyDescriptor(Attributes, name)?.value).toEqual(N(1));
      expect(Object.getOwnPropertyDescriptor(Attributes.m?.M, name)?.value).toEqual(N(2));
      const removal = { UpdateExpression: "REMOVE #n, m.#n", ConditionExpression: "#n = :v AND m.#n > :v" };
      await tables.updateItem({ TableName, Key, ...removal, ...expressions });
      expect((await tables.getItem({ TableName, Key, ConsistentRead: true })).Item).toEqual({ ...Key, m: M({}) });
    }
  });
}
