/** Items: every type there and back, numbers, sizes, keys. */
import type { AttributeValue, DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { B, BOOL, BS, freshKey, type Item, inOrder, L, M, N, NS, NULL, plain, S, SS, TableName } from "./fixture.ts";

const kept: readonly (readonly [name: string, value: AttributeValue])[] = [
  ["an empty string", S("")],
  ["any Unicode", S("ä€😀\u0000\u2028")],
  ["empty binary", B()],
  ["every byte", B(...Array.from({ length: 256 }, (_, byte) => byte))],
  ["both booleans", L(BOOL(true), BOOL(false))],
  ["null", NULL],
  ["an empty list", L()],
  ["an empty map", M({})],
  ["a string set", SS("b", "a", "")],
  ["a number set", NS(3, "1.5", -2)],
  ["a binary set", BS([2], [1], [])],
  ["lists in maps in lists", L(M({ l: L(M({ n: N(1) }), S("x")) }), L(L()))],
  ["names of any kind", M({ "a.b": N(1), "a[0]": N(2), "#n": N(3), ":v": N(4), " ": N(5), ä: N(6) })],
];

/** As given, as kept. */
const numbers: readonly (readonly [given: string, kept: string])[] = [
  ["0", "0"],
  ["-0", "0"],
  ["007", "7"],
  ["1.50", "1.5"],
  ["-1.0", "-1"],
  ["1e3", "1000"],
  ["1E-3", "0.001"],
  ["+5", "5"],
  [".5", "0.5"],
  ["5.", "5"],
  ["0e500", "0"],
  ["12345678901234567890123456789012345678", "12345678901234567890123456789012345678"],
  ["1234567890123456789012345678901234567800000", "1234567890123456789012345678901234567800000"],
  ["0.00000000000000000000000000000000000000000000000000001", "0.00000000000000000000000000000000000000000000000000001"],
  ["1e125", `1${"0".repeat(125)}`],
  ["9.9999999999999999999999999999999999999e125", `${"9".repeat(38)}${"0".repeat(88)}`],
  ["1e-130", `0.${"0".repeat(129)}1`],
  ["-1e-130", `-0.${"0".repeat(129)}1`],
];
const unconvertible = ["", " 1", "0x10", "NaN", "Infinity", "1_000", "1,5", "1e", "e5", "--1", "-", "٣"];

const sums: readonly (readonly [a: string, operator: "+" | "-", b: string, result: string | undefined])[] = [
  ["0.1", "+", "0.2", "0.3"],
  ["12345678901234567890123456789012345678", "+", "1", "12345678901234567890123456789012345679"],
  ["99999999999999999999999999999999999999", "+", "1", `1${"0".repeat(38)}`],
  ["5", "-", "5", "0"],
  ["1e-130", "-", "1e-130", "0"],
  ["1e37", "-", "0.1", "9999999999999999999999999999999999999.9"],
  ["1e125", "+", "8.5e125", `95${"0".repeat(124)}`],
  ["1e100", "+", "1", undefined],
  ["99999999999999999999999999999999999999", "+", "0.5", undefined],
  ["5e125", "+", "6e125", undefined],
];

const nested = (levels: number): AttributeValue =>
  levels === 0 ? S("leaf") : levels % 2 === 0 ? L(nested(levels - 1)) : M({ a: nested(levels - 1) });
const tooDeep = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

export function checkItems(contract: Contract<DynamoDB>): void {
  const put = (tables: DynamoDB, item: Item) => tables.putItem({ TableName, Item: { ...freshKey(), ...item } });
  const roundTrip = async (tables: DynamoDB, item: Item) => {
    const Key = freshKey();
    await tables.putItem({ TableName, Item: { ...Key, ...item } });
    return (await tables.getItem({ TableName, Key, ConsistentRead: true })).Item;
  };
  for (const [name, value] of kept) {
    contract.check(`${name} is kept`, async (tables) =>
      expect(plain(await roundTrip(tables, { v: value }))).toEqual(inOrder({ v: value })),
    );
  }
  for (const [given, as] of numbers) {
    contract.check(`number ${given}`, async (tables) => expect(plain(await roundTrip(tables, { v: N(given) }))).toEqual({ v: N(as) }));
  }
  for (const [a, operator, b, result] of sums) {
    contract.check(`${a} ${operator} ${b}`, async (tables) => {
      const Key = freshKey();
      await tables.putItem({ TableName, Item: { ...Key, n: N(a) } });
      const update = { UpdateExpression: `SET n = n ${operator} :b`, ExpressionAttributeValues: { ":b": N(b) } };
      const call = tables.updateItem({ TableName, Key, ...update, ReturnValues: "UPDATED_NEW" });
      if (result === undefined) await expect(call).rejects.toMatchObject({ name: "ValidationException" });
      else expect((await call).Attributes).toEqual({ n: N(result) });
    });
  }
  contract.check("every number of a set is kept in one form", async (tables) =>
    expect(plain(await roundTrip(tables, { v: NS("1e2", "2.50", "-0") }))).toEqual(inOrder({ v: NS(100, "2.5", 0) })),
  );
  contract.check("31 levels below an attribute are kept", async (tables) =>
    expect(plain(await roundTrip(tables, { v: nested(31) }))).toEqual({ v: nested(31) }),
  );
  contract.check("an item of 409,600 bytes is kept", async (tables) => {
    const Key = freshKey();
    // "pk", "sk" and "v", the key's text, two bytes for the number.
    const room = 409_600 - 5 - (Key.pk.S?.length ?? 0) - 2;
    await tables.putItem({ TableName, Item: { ...Key, v: S("x".repeat(room)) } });
    await expect(tables.putItem({ TableName, Item: { ...Key, v: S("x".repeat(room + 1)) } })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
  checkItemRefusals(contract, put);
}

function checkItemRefusals(contract: Contract<DynamoDB>, put: (tables: DynamoDB, item: Item) => Promise<unknown>): void {
  const refused = (name: string, value: AttributeValue, words?: string) => ({
    name,
    run: (tables: DynamoDB) => put(tables, { v: value }),
    code: "ValidationException",
    ...(words !== undefined && { words }),
  });
  checkRefusals(contract, [
    ...unconvertible.map((text) =>
      refused(`number "${text}"`, N(text), `The parameter cannot be converted to a numeric value${text === "" ? "" : `: ${text}`}`),
    ),
    refused("39 digits", N("1".repeat(39)), "Attempting to store more than 38 significant digits in a Number"),
    refused("1e126", N("1e126"), "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    refused("1e-131", N("1e-131"), "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
    refused("an empty string set", SS(), "One or more parameter values were invalid: An string set  may not be empty"),
    refused("an empty number set", NS(), "One or more parameter values were invalid: An number set  may not be empty"),
    refused("an empty binary set", BS(), "One or more parameter values were invalid: Binary sets should not be empty"),
    refused(
      "a string set with the same twice",
      SS("a", "a"),
      "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
    ),
    refused("a number set with the same twice", NS("1", "1.0"), "Input collection contains duplicates"),
    refused(
      "a binary set with the same twice",
      BS([1], [1]),
      "One or more parameter values were invalid: Input collection [AQ==, AQ==]of type BS contains duplicates.",
    ),
    refused(
      "null that is false",
      { NULL: false } as never,
      "One or more parameter values were invalid: Null attribute value types must have the value of true",
    ),
    refused("a value of no type", {} as never, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    refused(
      "a value within a list of no type",
      L({} as never),
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    ),
    refused("32 levels below an attribute", nested(32), tooDeep),
    { ...refused("409,600 bytes and the key", S("x".repeat(409_600)), "Item size has exceeded the maximum allowed size") },
    {
      name: "an update to more than 409,600 bytes",
      code: "ValidationException",
      words: "Item size to update has exceeded the maximum allowed size",
      run: async (tables) => {
        const Key = freshKey();
        await tables.putItem({ TableName, Item: { ...Key, v: S("x".repeat(400_000)) } });
        return tables.updateItem({
          TableName,
          Key,
          UpdateExpression: "SET w = :w",
          ExpressionAttributeValues: { ":w": S("y".repeat(9_600)) },
        });
      },
    },
  ]);
}
