/** Projection expressions: the part of an item that is read. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { BOOL, freshKey, type Item, L, M, N, placeholders, S, TableName } from "./fixture.ts";

const item: Item = {
  s: S("latte"),
  l: L(S("x"), N(2), M({ deep: BOOL(true), other: N(1) })),
  m: M({ a: S("y"), b: L(N(1), N(2)), c: M({ d: N(3), e: N(4) }) }),
  name: S("reserved"),
};

const parts: readonly (readonly [projection: string, part: Item | undefined])[] = [
  ["s", { s: S("latte") }],
  ["s, q", { s: S("latte") }],
  ["q", {}],
  ["#name", { name: S("reserved") }],
  ["m.a", { m: M({ a: S("y") }) }],
  ["m.c.e, m.a", { m: M({ a: S("y"), c: M({ e: N(4) }) }) }],
  ["m.b[1]", { m: M({ b: L(N(2)) }) }],
  ["l[1]", { l: L(N(2)) }],
  ["l[2].deep, l[0]", { l: L(S("x"), M({ deep: BOOL(true) })) }],
  ["l[9], m.q, s.a", undefined],
  ["l.a, m[0], s[0]", undefined],
  ["l[9], s", { s: S("latte") }],
];

const bad = (rule: string): string => `Invalid ProjectionExpression: ${rule}`;
const two = (how: string, one: string, other: string): string =>
  bad(`Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${other}`);

const refusals: readonly (readonly [projection: string, words: string])[] = [
  ["", bad("The expression can not be empty;")],
  ["s,", bad('Syntax error; token: "<EOF>", near: ","')],
  ["s l", bad('Syntax error; token: "l", near: "s l"')],
  [":s", bad('Syntax error; token: ":s", near: ":s"')],
  ["size(s)", bad('Syntax error; token: "(", near: "size(s"')],
  ["name", bad("Attribute name is a reserved keyword; reserved keyword: name")],
  ["s, s", two("overlap", "[s]", "[s]")],
  ["m, m.a", two("overlap", "[m]", "[m, a]")],
  ["l[0], l.a", two("conflict", "[l, [0]]", "[l, a]")],
  ["pk.a", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"],
];

export function checkProjections(contract: Contract<DynamoDB>): void {
  const read = async (tables: DynamoDB, ProjectionExpression: string) => {
    const Key = freshKey();
    await tables.putItem({ TableName, Item: { ...Key, ...item } });
    const { Item } = await tables.getItem({
      TableName,
      Key,
      ConsistentRead: true,
      ProjectionExpression,
      ...placeholders(ProjectionExpression, {}),
    });
    return Item;
  };
  for (const [projection, part] of parts) {
    contract.check(`part ${projection}`, async (tables) => expect((await read(tables, projection)) ?? {}).toEqual(part ?? {}));
  }
  checkRefusals(
    contract,
    refusals.map(([projection, words]) => ({
      name: `projection ${projection}`,
      code: "ValidationException",
      words,
      run: (tables) => read(tables, projection),
    })),
  );
  checkRefusals(contract, [
    {
      name: "an undefined name",
      run: (tables) => tables.getItem({ TableName, Key: freshKey(), ProjectionExpression: "#n" }),
      code: "ValidationException",
      words: bad("An expression attribute name used in the document path is not defined; attribute name: #n"),
    },
    {
      name: "an unused name",
      run: (tables) =>
        tables.getItem({ TableName, Key: freshKey(), ProjectionExpression: "#n", ExpressionAttributeNames: { "#n": "a", "#m": "b" } }),
      code: "ValidationException",
      words: "Value provided in ExpressionAttributeNames unused in expressions: keys: {#m}",
    },
    {
      name: "names without an expression",
      run: (tables) => tables.getItem({ TableName, Key: freshKey(), ExpressionAttributeNames: { "#n": "a" } }),
      code: "ValidationException",
      words: "ExpressionAttributeNames can only be specified when using expressions",
    },
    {
      name: "an empty attribute name",
      run: (tables) => tables.getItem({ TableName, Key: freshKey(), ProjectionExpression: "#n", ExpressionAttributeNames: { "#n": "" } }),
      code: "ValidationException",
      words: "ExpressionAttributeNames contains invalid value: Empty attribute name for key #n",
    },
    {
      name: "an unused value",
      run: (tables) =>
        tables.deleteItem({
          TableName,
          Key: freshKey(),
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeValues: { ":v": S("x") },
        }),
      code: "ValidationException",
      words: "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
    },
    {
      name: "values without an expression",
      run: (tables) => tables.deleteItem({ TableName, Key: freshKey(), ExpressionAttributeValues: { ":v": S("x") } }),
      code: "ValidationException",
      words: "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    },
    {
      name: "a value that is none",
      run: (tables) =>
        tables.deleteItem({ TableName, Key: freshKey(), ConditionExpression: "a = :v", ExpressionAttributeValues: { ":v": { SS: [] } } }),
      code: "ValidationException",
      words:
        "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :v",
    },
  ]);
}
