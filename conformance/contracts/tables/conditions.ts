/** Conditions: which of them one item meets, and which are refused whatever the item. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { B, BOOL, freshKey, type Item, everyType as item, L, M, N, NULL, placeholders, S, SS, TableName } from "./fixture.ts";
import { isReserved, reservedWords } from "./reserved-words.ts";

const values: Item = {
  ":s": S("latte"),
  ":la": S("la"),
  ":x": S("x"),
  ":a": S("a"),
  ":one": N(1),
  ":five": N("5.0"),
  ":nine": N(9),
  ":b": B(1, 2),
  ":byte": B(1),
  ":t": BOOL(true),
  ":z": NULL,
  ":ss": SS("b", "a"),
  ":m": M({ b: L(N(1)), a: S("y") }),
  ":l": L(S("x"), N(2)),
  ":type": S("N"),
  ":other": S("Q"),
};

const held = [
  "s = :s",
  ":s = s",
  "n = :five",
  "t = :t AND z = :z",
  "ss = :ss",
  "m = :m",
  "l = :l",
  "q <> :s",
  "s <> :five",
  "n > :one and n < :nine",
  "n >= :five AND n <= :five",
  "s > :la",
  "b > :b",
  "n BETWEEN :one AND :nine",
  "n between :five and :five",
  "n IN (:one, :five)",
  "s in (m.a, :s)",
  "attribute_exists(m.a) AND attribute_exists(l[1]) AND attribute_exists(m.b[0])",
  "attribute_not_exists(q) AND attribute_not_exists(m.q.r) AND attribute_not_exists(l[2])",
  "attribute_not_exists(s.a) AND attribute_not_exists(l.a) AND attribute_not_exists(m[0])",
  "attribute_type(n, :type)",
  "begins_with(s, :la)",
  "begins_with(b, :b)",
  "contains(s, :la)",
  "contains(ss, :a) AND contains(ns, :one) AND contains(bs, :byte)",
  "contains(l, :x)",
  "size(s) = :five",
  "size(l) = size(m)",
  "size(b) < size(s) AND size(ss) > :one",
  "NOT s = :x",
  "not attribute_exists(q) or attribute_exists(q)",
  "s = :x OR n = :five AND t = :t",
  "(s = :s)",
  "(s) = :s",
  "(s = :x OR n = :five) AND (t = :t)",
  "NOT NOT attribute_exists(s)",
  "size(q) = :one OR attribute_exists(#name) OR n = :five",
];
const failed = [
  "s = :five",
  "q = :s",
  "q < :nine",
  "NOT attribute_exists(s)",
  "s = :s AND n = :one",
  "(s = :s OR n = :five) AND t = :z",
  "n IN (:one, :nine)",
  "n BETWEEN :nine AND :nine",
  "t < :five",
  "s < :five OR s > :five",
  "attribute_type(s, :type)",
  "attribute_type(q, :type)",
  "begins_with(s, :x)",
  "begins_with(ss, :a)",
  "contains(s, :five)",
  "contains(m, :x)",
  "contains(n, :five)",
  "contains(q, :x)",
  "size(n) = :one",
  "size(q) = :one",
  "l = m",
];

const bad = (rule: string): string => `Invalid ConditionExpression: ${rule}`;
const wrongOperand = (name: string, type: string): string =>
  bad(`Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`);
const notDistinct = (operator: string, path: string): string =>
  bad(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${path}`,
  );
const many = (count: number, text: string, by: string): string => Array<string>(count).fill(text).join(by);

const refusals: readonly (readonly [condition: string, words: string | undefined])[] = [
  ["", bad("The expression can not be empty;")],
  ["s", bad('Syntax error; token: "<EOF>", near: "s"')],
  ["s = :s AND", bad('Syntax error; token: "<EOF>", near: "AND"')],
  ["AND s", bad('Syntax error; token: "AND", near: "AND s"')],
  ["s == :s", bad('Syntax error; token: "=", near: "== :s"')],
  ["s != :s", bad('Syntax error; token: "!", near: "s !="')],
  ["set = :s", bad('Syntax error; token: "set", near: "set ="')],
  ["s =\u00a0:s", bad('Syntax error; token: "\u00a0", near: "=\u00a0:s"')],
  ["s = 5", bad('Syntax error; token: "5", near: "= 5"')],
  ["s IN ()", bad('Syntax error; token: ")", near: "()"')],
  ["s LIKE :s", bad('Syntax error; token: "LIKE", near: "s LIKE :s"')],
  ["name = :s", bad("Attribute name is a reserved keyword; reserved keyword: name")],
  ["((s = :s))", bad("The expression has redundant parentheses;")],
  ["foo(s)", bad("Invalid function name; function: foo")],
  ["if_not_exists(s, :s)", bad("The function is not allowed in a condition expression; function: if_not_exists")],
  ["size(s)", bad("The function is not allowed to be used this way in an expression; function: size")],
  ["attribute_exists(s) = :t", bad("The function is not allowed to be used this way in an expression; function: attribute_exists")],
  [
    "attribute_exists(s, n)",
    bad("Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2"),
  ],
  ["attribute_exists(:s)", bad("Operator or function requires a document path; operator or function: attribute_exists")],
  [
    "begins_with(s)",
    bad("Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1"),
  ],
  ["begins_with(s, :one)", wrongOperand("begins_with", "N")],
  ["t < :t", wrongOperand("<", "BOOL")],
  ["l >= :l", wrongOperand(">=", "L")],
  ["size(:one) = :one", wrongOperand("size", "N")],
  ["attribute_type(n, :one)", wrongOperand("attribute_type", "N")],
  ["attribute_type(n, :other)", undefined],
  ["s = s", notDistinct("=", "[s]")],
  ["contains(s, s)", notDistinct("contains", "[s]")],
  [
    "n BETWEEN :nine AND :one",
    bad(
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {N:1}",
    ),
  ],
  [
    "n BETWEEN :one AND :s",
    bad(
      "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:latte}",
    ),
  ],
  ["attribute_exists(pk.a)", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"],
  [`s IN (${many(101, ":s", ",")})`, bad("The IN operator is provided with too many operands; number of operands: 101")],
  [many(151, "s=:s", " or "), bad("The expression contains too many operators; operator count: 301")],
  [`attribute_exists(${"x".repeat(4_090)})`, bad("Expression size has exceeded the maximum allowed size; expression size: 4108")],
];

export function checkConditions(contract: Contract<DynamoDB>): void {
  const evaluate = async (tables: DynamoDB, condition: string) => {
    const Key = freshKey();
    await tables.putItem({ TableName, Item: { ...Key, ...item } });
    return tables.putItem({ TableName, Item: Key, ConditionExpression: condition, ...placeholders(condition, values) });
  };
  for (const condition of held) contract.check(`holds: ${condition}`, (tables) => evaluate(tables, condition));
  for (const condition of failed) {
    contract.check(`fails: ${condition}`, (tables) =>
      expect(evaluate(tables, condition)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" }),
    );
  }
  checkRefusals(
    contract,
    refusals.map(([condition, words]) => ({
      name: `condition ${condition.slice(0, 60)}`,
      code: "ValidationException",
      ...(words !== undefined && { words }),
      run: (tables) => evaluate(tables, condition),
    })),
  );
  contract.check("300 operators and 4,096 bytes are not too many", async (tables) => {
    await evaluate(tables, many(150, "n=:five", " or "));
    await evaluate(tables, `attribute_not_exists(${"x".repeat(4_074)})`);
  });
  checkReservedWords(contract);
}

function checkReservedWords(contract: Contract<DynamoDB>): void {
  const taken = async (tables: DynamoDB, word: string): Promise<boolean> => {
    const call = tables.getItem({ TableName, Key: freshKey(), ProjectionExpression: word });
    return call.then(
      () => false,
      (error: Error) => isReserved(error.message, word),
    );
  };
  contract.check(
    "reserved words, in whatever case, and no others",
    async (tables) => {
      const free = [];
      const words = reservedWords
        .filter((word) => word !== "SIZE" && word !== "CONVERT")
        .map((word, at) => (at % 2 === 0 ? word : word.toLowerCase()));
      for (const word of words) if (!(await taken(tables, word))) free.push(word);
      expect(free).toEqual([]);
      for (const word of ["drink", "orderNumber", "pk", "barista", "contains", "attribute_exists"])
        expect(await taken(tables, word)).toBe(false);
    },
    60_000,
  );
  for (const word of ["SIZE", "CONVERT"]) {
    contract.check(`${word} is reserved`, async (tables) => expect(await taken(tables, word)).toBe(true));
  }
}
