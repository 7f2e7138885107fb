/** Update expressions: what each makes of one item, or why it is refused. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import {
  BOOL,
  BS,
  freshKey,
  type Item,
  inOrder,
  everyType as item,
  L,
  M,
  N,
  NS,
  NULL,
  placeholders,
  plain,
  S,
  SS,
  TableName,
} from "./fixture.ts";

const values: Item = {
  ":n": N(1),
  ":nine": N(9),
  ":s": S("q"),
  ":l": L(S("new")),
  ":none": L(),
  ":ss": SS("b", "c"),
  ":both": SS("a", "b"),
  ":ns": NS(2, 3),
  ":bs": BS([2], [3]),
  ":m": M({ k: S("v") }),
  ":t": BOOL(false),
  ":z": NULL,
};

/** Each with the attributes that change; undefined is gone. */
const changes: readonly (readonly [expression: string, after: Readonly<Record<string, Item[string] | undefined>>])[] = [
  ["SET x = :n", { x: N(1) }],
  ["set x = :n", { x: N(1) }],
  ["SET x = :n, y = s", { x: N(1), y: S("latte") }],
  ["SET x = (n + :n)", { x: N(6) }],
  ["SET n = n + :n", { n: N(6) }],
  ["SET n = n - :nine", { n: N(-4) }],
  ["SET n = :n - n", { n: N(-4) }],
  ["SET n = n + n", { n: N(10) }],
  ["SET x = n + l[1]", { x: N(7) }],
  ["SET x = if_not_exists(y, :n)", { x: N(1) }],
  ["SET x = if_not_exists(n, :n)", { x: N(5) }],
  ["SET x = if_not_exists(n, :n) + :nine", { x: N(14) }],
  ["SET x = if_not_exists(m.q, z)", { x: NULL }],
  ["SET l = list_append(l, :l)", { l: L(S("x"), N(2), S("new")) }],
  ["SET l = list_append(:l, l)", { l: L(S("new"), S("x"), N(2)) }],
  ["SET l = list_append(l, :none)", {}],
  ["SET y = list_append(if_not_exists(y, :none), :l)", { y: L(S("new")) }],
  ["SET l[0] = :n", { l: L(N(1), N(2)) }],
  ["SET l[7] = :n", { l: L(S("x"), N(2), N(1)) }],
  ["SET l[9] = :s, l[7] = :n", { l: L(S("x"), N(2), N(1), S("q")) }],
  ["SET l[0] = l[1], l[1] = l[0]", { l: L(N(2), S("x")) }],
  ["SET l[1] = :n REMOVE l[0]", { l: L(N(1)) }],
  ["SET m.a = :n, m.c = :s", { m: M({ a: N(1), b: L(N(1)), c: S("q") }) }],
  ["SET m.b[0] = :nine", { m: M({ a: S("y"), b: L(N(9)) }) }],
  ["SET m.a = list_append(m.b, :l)", { m: M({ a: L(N(1), S("new")), b: L(N(1)) }) }],
  ["SET m = :m, t = :t, x = :z", { m: M({ k: S("v") }), t: BOOL(false), x: NULL }],
  ["SET #name = :s, #data = :n", { name: S("q"), data: N(1) }],
  ["SET x = s, s = n, n = :nine", { x: S("latte"), s: N(5), n: N(9) }],
  ["REMOVE s, q, m.q, l[5]", { s: undefined }],
  ["REMOVE l[0], l[1]", { l: L() }],
  ["REMOVE m.b[0], m.a", { m: M({ b: L() }) }],
  ["ADD n :nine, x :n", { n: N(14), x: N(1) }],
  ["ADD ss :ss, ns :ns, bs :bs", { ss: SS("a", "b", "c"), ns: NS(1, 2, 3), bs: BS([1], [2], [3]) }],
  ["ADD x :ss", { x: SS("b", "c") }],
  ["ADD m.x :n, l[1] :nine", { m: M({ a: S("y"), b: L(N(1)), x: N(1) }), l: L(S("x"), N(11)) }],
  ["DELETE ss :ss, ns :ns, bs :bs, q :ss", { ss: SS("a"), ns: NS(1), bs: BS([1]) }],
  ["DELETE ss :both", { ss: undefined }],
  ["delete ss :ss remove s add n :n set x = :s", { ss: SS("a"), s: undefined, n: N(6), x: S("q") }],
];

const wrongType = "An operand in the update expression has an incorrect data type";
const missing = "The provided expression refers to an attribute that does not exist in the item";
const wrongPath = "The document path provided in the update expression is invalid for update";
const bad = (rule: string): string => `Invalid UpdateExpression: ${rule}`;
const operand = (operator: string, type: string): string =>
  bad(
    `Incorrect operand type for operator or function; operator: ${operator}, operand type: ${type}, typeSet: ALLOWED_FOR_${operator}_OPERAND`,
  );
const overlap = (one: string, two: string, how = "overlap"): string =>
  bad(`Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`);
const key = (name: string): string =>
  `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`;

const refusals: readonly (readonly [expression: string, words: string])[] = [
  ["SET x = s + :n", wrongType],
  ["SET x = n + s", wrongType],
  ["SET l = list_append(s, :l)", wrongType],
  ["ADD s :n", wrongType],
  ["ADD ss :ns", wrongType],
  ["DELETE n :ss", wrongType],
  ["SET x = y", missing],
  ["SET x = y + :n", missing],
  ["SET x = if_not_exists(s, y)", missing],
  ["SET x = l[9]", missing],
  ["SET x = m.q", missing],
  ["SET q.a = :n", wrongPath],
  ["SET s.a = :n", wrongPath],
  ["SET s[0] = :n", wrongPath],
  ["SET m[0] = :n", wrongPath],
  ["SET l.a = :n", wrongPath],
  ["SET m.a.b = :n", wrongPath],
  ["REMOVE q.a", wrongPath],
  ["ADD n :s", operand("ADD", "STRING")],
  ["ADD l :l", operand("ADD", "LIST")],
  ["DELETE ss :s", operand("DELETE", "STRING")],
  ["DELETE n :n", operand("DELETE", "NUMBER")],
  ["SET x = :s + :n", bad("Incorrect operand type for operator or function; operator or function: +, operand type: S")],
  [
    "SET l = list_append(:s, :l)",
    bad("Incorrect operand type for operator or function; operator or function: list_append, operand type: S"),
  ],
  ["SET x = :n, x = :s", overlap("[x]", "[x]")],
  ["SET m.a = :n, m = :m", overlap("[m, a]", "[m]")],
  ["SET m.a = :n REMOVE m.a", overlap("[m, a]", "[m, a]")],
  ["SET l[0] = :n, l[0] = :s", overlap("[l, [0]]", "[l, [0]]")],
  ["SET m.b[0] = :n, m.b.c = :s", overlap("[m, b, [0]]", "[m, b, c]", "conflict")],
  ["SET x = :n SET y = :n", bad('The "SET" section can only be used once in an update expression;')],
  ["SET pk = :s", key("pk")],
  ["SET pk.a = :s", key("pk")],
  ["REMOVE sk", key("sk")],
  ["SET g.a = :s", "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g"],
  ["SET g = :n", "The update expression attempted to update the secondary index key to unsupported type"],
  ["SET x = size(s)", bad("The function is not allowed in an update expression; function: size")],
  ["SET x = foo(s)", bad("Invalid function name; function: foo")],
  [
    "SET x = if_not_exists(s)",
    bad("Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1"),
  ],
  ["SET x = if_not_exists(:n, :s)", bad("Operator or function requires a document path; operator or function: if_not_exists")],
  ["SET x = ((:n))", bad("The expression has redundant parentheses;")],
  ["SET x = :n + :nine + :n", bad('Syntax error; token: "+", near: ":nine + :n"')],
  ["SET x =", bad('Syntax error; token: "<EOF>", near: "="')],
  ["x", bad('Syntax error; token: "x", near: "x"')],
  ["SET x = :n,", bad('Syntax error; token: "<EOF>", near: ","')],
  ["SET x = :n y = :n", bad('Syntax error; token: "y", near: ":n y ="')],
  ["SET l[-1] = :n", bad('Syntax error; token: "-", near: "[-1"')],
  ["SET l[01] = :n", bad('Syntax error; token: "1", near: "01]"')],
  ["   ", bad('Syntax error; token: "<EOF>", near: "   "')],
  ["SET x = :undefined", bad("An expression attribute value used in expression is not defined; attribute value: :undefined")],
  ["SET name = :n", bad("Attribute name is a reserved keyword; reserved keyword: name")],
  ["SET name = :n y", bad('Syntax error; token: "y", near: ":n y"')],
];

/** A document path of `levels` steps. */
const deep = (levels: number): string => Array.from({ length: levels }, (_, at) => `a${at}`).join(".");

export function checkUpdates(contract: Contract<DynamoDB>): void {
  const update = async (tables: DynamoDB, text: string, more = {}) => {
    const Key = freshKey();
    await tables.putItem({ TableName, Item: { ...Key, ...item } });
    const request = { TableName, Key, UpdateExpression: text, ...placeholders(text, values), ...more };
    return { Key, answer: await tables.updateItem(request) };
  };
  for (const [expression, after] of changes) {
    contract.check(`update ${expression}`, async (tables) => {
      const { Key, answer } = await update(tables, expression, { ReturnValues: "ALL_NEW" });
      const expected = Object.fromEntries(Object.entries({ ...item, ...after }).filter(([, value]) => value !== undefined));
      expect(plain(answer.Attributes)).toEqual(inOrder(expected));
      expect(plain((await tables.getItem({ TableName, Key, ConsistentRead: true })).Item)).toEqual(inOrder(expected));
    });
  }
  checkRefusals(
    contract,
    [
      ...refusals,
      [`SET ${deep(33)} = :n`, bad("The document path has too many nesting levels; nesting levels: 33")] as const,
      [
        `SET ${Array.from({ length: 301 }, (_, at) => `b${at}=:n+:n`)}`,
        bad("The expression contains too many operators; operator count: 301"),
      ] as const,
    ].map(([expression, words]) => ({
      name: `update ${expression.slice(0, 60)}`,
      code: "ValidationException",
      words,
      run: (tables) => update(tables, expression),
    })),
  );
  contract.check("an update that is refused leaves the item as it was", async (tables) => {
    const Key = freshKey();
    await tables.putItem({ TableName, Item: { ...Key, ...item } });
    await tables.updateItem({ TableName, Key, UpdateExpression: "SET x = s, y = q REMOVE n" }).catch(() => {});
    expect(plain((await tables.getItem({ TableName, Key, ConsistentRead: true })).Item)).toEqual(inOrder(item));
  });
  for (const [expression, made] of [
    ["SET x = if_not_exists(x, :nine) + :n", { x: N(10) }],
    ["REMOVE x", {}],
    ["ADD x :n", { x: N(1) }],
    ["DELETE x :ss", {}],
    [undefined, {}],
  ] as const) {
    contract.check(`update of an absent item by ${expression} makes it`, async (tables) => {
      const Key = freshKey();
      const text = expression === undefined ? {} : { UpdateExpression: expression, ...placeholders(expression, values) };
      await tables.updateItem({ TableName, Key, ...text });
      expect((await tables.getItem({ TableName, Key, ConsistentRead: true })).Item).toEqual({ ...Key, ...made });
    });
  }
}
