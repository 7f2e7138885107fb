/** Keys of tables and indexes: what fits them, what does not. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals, type Refusal } from "../failures.ts";
import { freshKey, type Item, L, N, NULL, S, TableName } from "./fixture.ts";

const mismatch = "The provided key element does not match the schema";
const long = (bytes: number): string => "x".repeat(bytes);

const badKeys: readonly (readonly [name: string, key: Item])[] = [
  ["no attribute", {}],
  ["no sort key", { pk: S("a") }],
  ["no partition key", { sk: N(1) }],
  ["another attribute in its place", { pk: S("a"), q: N(1) }],
  ["a third attribute", { pk: S("a"), sk: N(1), q: S("x") }],
  ["another type", { pk: S("a"), sk: S("1") }],
  ["null", { pk: NULL, sk: N(1) }],
];

const badItems: readonly (readonly [name: string, item: Item, words: string])[] = [
  ["an item without its sort key", { pk: S("a") }, "One or more parameter values were invalid: Missing the key sk in the item"],
  [
    "an item whose sort key has another type",
    { pk: S("a"), sk: S("1") },
    "One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S",
  ],
  [
    "an item whose partition key is empty",
    { pk: S(""), sk: N(1) },
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
  ],
  [
    "an item whose partition key has 2,049 bytes",
    { pk: S(`${long(2047)}é`), sk: N(1) },
    "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
  ],
  [
    "an item whose index key has another type",
    { ...freshKey(), g: N(1) },
    "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: byG",
  ],
  [
    "an item whose index key is a list",
    { ...freshKey(), h: L() },
    "One or more parameter values were invalid: Type mismatch for Index Key h Expected: N Actual: L IndexName: byG",
  ],
  [
    "an item whose index key is empty",
    { ...freshKey(), g: S("") },
    "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byG, IndexKey: g",
  ],
];

const badUpdates: readonly (readonly [value: Item[string], words: string])[] = [
  [
    S(""),
    "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.",
  ],
  [NULL, "The update expression attempted to update the secondary index key to unsupported type"],
  [S(long(2049)), "The update expression attempted to update the secondary index key beyond allowed size limits"],
];

export function checkKeys(contract: Contract<DynamoDB>): void {
  const operations: readonly (readonly [name: string, run: (tables: DynamoDB, Key: Item) => Promise<unknown>])[] = [
    ["GetItem", (tables, Key) => tables.getItem({ TableName, Key })],
    ["DeleteItem", (tables, Key) => tables.deleteItem({ TableName, Key })],
    ["UpdateItem", (tables, Key) => tables.updateItem({ TableName, Key, UpdateExpression: "REMOVE q" })],
  ];
  checkRefusals(
    contract,
    operations.flatMap(([operation, run]) =>
      badKeys.map(
        ([name, key]): Refusal<DynamoDB> => ({
          name: `${operation} with ${name}`,
          run: (tables) => run(tables, key),
          code: "ValidationException",
          words: mismatch,
        }),
      ),
    ),
  );
  checkRefusals(
    contract,
    badItems.map(([name, Item, words]) => ({
      name,
      code: "ValidationException",
      words,
      run: (tables) => tables.putItem({ TableName, Item }),
    })),
  );
  checkRefusals(
    contract,
    badUpdates.map(([value, words]) => ({
      name: `update of an index key to ${JSON.stringify(value).slice(0, 20)}`,
      code: "ValidationException",
      words,
      run: (tables) =>
        tables.updateItem({ TableName, Key: freshKey(), UpdateExpression: "SET g = :g", ExpressionAttributeValues: { ":g": value } }),
    })),
  );
  contract.check("keys of 2,048 bytes and numbers of 38 digits are kept apart", async (tables) => {
    const key = (last: string, sk: string) => ({ pk: S(long(2047) + last), sk: N(sk) });
    const given = [key("a", "1"), key("b", "1"), key("a", "-1"), key("a", "1e125"), key("a", "12345678901234567890123456789012345678")];
    for (const [at, Key] of given.entries()) await tables.putItem({ TableName, Item: { ...Key, at: N(at) } });
    for (const [at, Key] of given.entries()) {
      expect((await tables.getItem({ TableName, Key, ConsistentRead: true })).Item?.at).toEqual(N(at));
      await tables.deleteItem({ TableName, Key });
    }
  });
  contract.check("equal numbers are one key", async (tables) => {
    const { pk } = freshKey();
    await tables.putItem({ TableName, Item: { pk, sk: N("1.0"), v: S("first") } });
    await tables.putItem({ TableName, Item: { pk, sk: N("10e-1"), v: S("second") } });
    expect((await tables.getItem({ TableName, Key: { pk, sk: N("+1") }, ConsistentRead: true })).Item).toEqual({
      pk,
      sk: N(1),
      v: S("second"),
    });
  });
  checkRefusals(contract, [
    {
      name: "a table that is not there",
      run: (tables) => tables.getItem({ TableName: "no-such-table", Key: freshKey() }),
      code: "ResourceNotFoundException",
      words: "Requested resource not found",
    },
    {
      name: "a table's name with a space",
      run: (tables) => tables.getItem({ TableName: "a b c", Key: freshKey() }),
      code: "ValidationException",
      words:
        "1 validation error detected: Value 'a b c' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    },
  ]);
}
