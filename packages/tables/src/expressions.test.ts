/** Expressions as a request meets them: grammar, meaning, and DynamoDB's words for what is wrong. */
import type { JsonObject } from "@serverlesspresso/ports";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AttributeMap, AttributeValue } from "./index.ts";
import { openTestTables, type TestTables, tableRequest } from "./testing.ts";

let t: TestTables;
beforeAll(async () => {
  t = await openTestTables();
  await t.run("CreateTable", tableRequest("items", ["id:S"]));
});
afterAll(() => t.close());

const item: JsonObject = {
  id: { S: "1" },
  n: { N: "5" },
  s: { S: "Flat White" },
  bin: { B: "AQID" },
  tags: { SS: ["hot", "milk"] },
  nums: { NS: ["1", "2.5"] },
  seq: { L: [{ S: "a" }, { N: "2" }, { M: { deep: { BOOL: true } } }] },
  map: { M: { x: { N: "1" }, "odd name": { S: "y" } } },
  nil: { NULL: true },
  yes: { BOOL: true },
};
const allValues: JsonObject = {
  ":n": { N: "5.0" },
  ":low": { N: "1" },
  ":high": { N: "9" },
  ":s": { S: "Flat" },
  ":hot": { S: "hot" },
  ":bin": { B: "AQ==" },
  ":x": { M: { x: { N: "1" }, "odd name": { S: "y" } } },
  ":tags": { SS: ["milk", "hot"] },
  ":type": { S: "SS" },
  ":null": { NULL: true },
  ":three": { N: "3" },
};
const used = (all: JsonObject, text: string): JsonObject | undefined => {
  const found = Object.fromEntries(Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(text)));
  return Object.keys(found).length === 0 ? undefined : found;
};
const given = (text: string): JsonObject => {
  const [names, values] = [used({ "#m": "map", "#odd": "odd name", "#size": "size" }, text), used(allValues, text)];
  return { ...(names && { ExpressionAttributeNames: names }), ...(values && { ExpressionAttributeValues: values }) };
};

test.each<[string, boolean]>([
  ["n = :n", true],
  [":n = n", true],
  ["n <> :n", false],
  ["n < :high AND n > :low", true],
  ["n <= :n AND n >= :n", true],
  ["n BETWEEN :low AND :high", true],
  ["n between :high AND :high", false],
  ["n IN (:low, :n)", true],
  ["s in (:hot)", false],
  ["n = :s", false],
  ["s < :n", false],
  ["absent = :n", false],
  ["absent <> :n", true],
  ["absent < :n", false],
  ["attribute_exists(n)", true],
  ["attribute_exists(seq[2].deep)", true],
  ["attribute_exists(seq[3])", false],
  ["attribute_exists(n.x)", false],
  ["attribute_not_exists(absent)", true],
  ["attribute_type(tags, :type)", true],
  ["begins_with(s, :s)", true],
  ["begins_with(bin, :bin)", true],
  ["begins_with(absent, :s)", false],
  ["contains(s, :s)", true],
  ["contains(tags, :hot)", true],
  ["contains(nums, :n)", false],
  ["contains(seq, :hot)", false],
  ["size(s) > :n", true],
  ["size(seq) = :three", true],
  ["size(tags) < :three", true],
  ["size(n) = :n", false],
  ["#m = :x", true],
  ["#m.#odd <> :s", true],
  ["tags = :tags", true],
  ["nil = :null", true],
  ["NOT n = :low", true],
  ["not n = :n or n = :n", true],
  ["n = :low OR n = :high AND n = :n", false],
  ["(n = :low OR n = :n) AND n = :n", true],
  ["(n) = (:n)", true],
  ["NOT (attribute_exists(n) AND n = :low)", true],
  ["seq[1] < n", true],
])("%s is %s", async (text, expected) => {
  await t.run("PutItem", { TableName: "items", Item: item });
  const attempt = t.run("DeleteItem", { TableName: "items", Key: { id: { S: "1" } }, ConditionExpression: text, ...given(text) });
  if (expected) await attempt;
  else await expect(attempt).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
});

test.each<[string, string]>([
  ["", "Invalid ConditionExpression: The expression can not be empty;"],
  ["n =", 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'],
  ["n = = :n", 'Invalid ConditionExpression: Syntax error; token: "=", near: "= = :n"'],
  ["n ! :n", 'Invalid ConditionExpression: Syntax error; token: "!", near: "n ! :n"'],
  ["n", 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "n"'],
  ["status = :n", "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"],
  ["n = :other", "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :other"],
  ["#o = :n", "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #o"],
  ["foo(n)", "Invalid ConditionExpression: Invalid function name; function: foo"],
  [
    "size(n, s) = :n",
    "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
  ],
  ["size(n)", "Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size"],
  [
    "contains(n, :n) = :n",
    "Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: contains",
  ],
  ["((n = :n))", "Invalid ConditionExpression: The expression has redundant parentheses;"],
  [
    "n = n",
    "Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
  ],
  [
    "begins_with(s, :n)",
    "Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
  ],
  [
    "attribute_exists(:n)",
    "Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists",
  ],
  [
    "n BETWEEN :high AND :low",
    "Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {N:1}",
  ],
])("the condition %j is refused", async (text, message) => {
  const request = { TableName: "items", Key: { id: { S: "1" } }, ConditionExpression: text, ...given(text) };
  await expect(t.run("DeleteItem", request)).rejects.toMatchObject({ name: "ValidationException", message });
});

test.each<[JsonObject, string]>([
  [
    { ConditionExpression: "n = :n", ExpressionAttributeValues: { ":n": { N: "1" }, ":m": { N: "1" } } },
    "Value provided in ExpressionAttributeValues unused in expressions: keys: {:m}",
  ],
  [
    { ConditionExpression: "attribute_exists(n)", ExpressionAttributeNames: { "#a": "x", "#b": "y" } },
    "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}",
  ],
  [{ ExpressionAttributeNames: { "#a": "x" } }, "ExpressionAttributeNames can only be specified when using expressions"],
  [
    { ExpressionAttributeValues: { ":a": { S: "x" } } },
    "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
  ],
  [{ ConditionExpression: "a = :a", ExpressionAttributeValues: {} }, "ExpressionAttributeValues must not be empty"],
  [
    { ConditionExpression: "a = :a", ExpressionAttributeValues: { a: { S: "x" } } },
    'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"',
  ],
  [
    { ConditionExpression: "a = :a", ExpressionAttributeValues: { ":a": {} } },
    "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :a",
  ],
  [{ Expected: {} }, "The legacy parameter Expected is not supported here; use the expression parameters instead"],
])("placeholders %j are refused", async (request, message) => {
  await expect(t.run("DeleteItem", { TableName: "items", Key: { id: { S: "1" } }, ...request })).rejects.toMatchObject({ message });
});

const update = async (text: string, more: JsonObject = {}): Promise<JsonObject> => {
  await t.run("PutItem", { TableName: "items", Item: item });
  const request = {
    TableName: "items",
    Key: { id: { S: "1" } },
    UpdateExpression: text,
    ReturnValues: "UPDATED_NEW",
    ...given(text),
    ...more,
  };
  return (await t.run("UpdateItem", request)).Attributes as JsonObject;
};

test.each<[string, JsonObject | undefined]>([
  ["SET n = n + :n", { n: { N: "10" } }],
  ["set n = :n - n, s = :s", { n: { N: "0" }, s: { S: "Flat" } }],
  ["SET q = if_not_exists(q, :n) + :n", { q: { N: "10" } }],
  ["SET n = if_not_exists(n, :low)", { n: { N: "5" } }],
  ["SET seq = list_append(seq, seq)", { seq: { L: [...listOf(), ...listOf()] } }],
  ["SET seq[1] = :n", { seq: { L: [{ N: "5" }] } }],
  ["SET seq[9] = :s, seq[7] = :n", undefined],
  ["SET #m.#odd = :n", { map: { M: { "odd name": { N: "5" } } } }],
  ["SET seq[2].deep = seq[0]", { seq: { L: [{ M: { deep: { S: "a" } } }] } }],
  ["REMOVE n, #m.x", undefined],
  ["ADD n :n", { n: { N: "10" } }],
  ["ADD fresh :n", { fresh: { N: "5" } }],
  ["ADD tags :tags", { tags: { SS: ["hot", "milk"] } }],
  ["DELETE tags :tags", undefined],
  ["SET n = (n + :n) REMOVE s ADD q :n DELETE absent :tags", { n: { N: "10" }, q: { N: "5" } }],
])("%s gives %j", async (text, expected) => expect(await update(text)).toEqual(expected));

function listOf(): JsonObject[] {
  return (item.seq as { L: JsonObject[] }).L;
}

test.each<[string, JsonObject]>([
  ["SET seq[9] = :s, seq[7] = :n", { seq: { L: [...listOf(), { N: "5" }, { S: "Flat" }] } }],
  ["REMOVE seq[0], seq[2], seq[8] SET seq[1] = :n", { seq: { L: [{ N: "5" }] } }],
  ["REMOVE #m.x", { map: { M: { "odd name": { S: "y" } } } }],
  ["SET n = s, s = n", { n: { S: "Flat White" }, s: { N: "5" } }],
])("%s leaves %j", async (text, expected) => {
  expect(await update(text, { ReturnValues: "ALL_NEW" })).toMatchObject(expected);
});

test("a set from which everything is deleted goes away, and removing what is not there does nothing", async () => {
  const after = await update("DELETE tags :tags", { ReturnValues: "ALL_NEW" });
  expect(after).not.toHaveProperty("tags");
  expect(await update("REMOVE absent, seq[77]", { ReturnValues: "ALL_NEW" })).toEqual(item);
});

test.each<[string, string]>([
  ["SET absent.x = :n", "The document path provided in the update expression is invalid for update"],
  ["SET n.x = :n", "The document path provided in the update expression is invalid for update"],
  ["SET n = absent", "The provided expression refers to an attribute that does not exist in the item"],
  ["SET n = absent + :n", "The provided expression refers to an attribute that does not exist in the item"],
  ["SET n = s + :n", "An operand in the update expression has an incorrect data type"],
  ["SET n = n + :s", "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S"],
  ["ADD s :n", "An operand in the update expression has an incorrect data type"],
  [
    "ADD n :s",
    "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
  ],
  [
    "DELETE n :n",
    "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
  ],
  ["SET id = :s", "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key"],
  ["SET n = :n SET s = :s", 'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'],
  [
    "SET #m = :x, #m.x = :n",
    "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [map], path two: [map, x]",
  ],
  [
    "SET seq[0] = :n, seq.x = :n",
    "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [seq, [0]], path two: [seq, x]",
  ],
  [
    "SET n = attribute_exists(s)",
    "Invalid UpdateExpression: The function is not allowed in an update expression; function: attribute_exists",
  ],
  ["SET n = foo(s)", "Invalid UpdateExpression: Invalid function name; function: foo"],
  ["n = :n", 'Invalid UpdateExpression: Syntax error; token: "n", near: "n ="'],
  ["SET n = :n,", 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ","'],
  ["SET date = :n", "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: date"],
])("the update %j is refused and changes nothing", async (text, message) => {
  await expect(update(text)).rejects.toMatchObject({ name: "ValidationException", message });
  expect((await t.run("GetItem", { TableName: "items", Key: { id: { S: "1" } } })).Item).toEqual(item);
});

test.each<[string, JsonObject]>([
  ["n, s", { n: { N: "5" }, s: { S: "Flat White" } }],
  ["#m.#odd, seq[2].deep, seq[0]", { map: { M: { "odd name": { S: "y" } } }, seq: { L: [{ S: "a" }, { M: { deep: { BOOL: true } } }] } }],
  ["absent, n.x, seq[9]", {}],
])("the projection %j gives %j", async (text, expected) => {
  await t.run("PutItem", { TableName: "items", Item: item });
  const { ExpressionAttributeNames } = given(text);
  const names = ExpressionAttributeNames === undefined ? {} : { ExpressionAttributeNames };
  const request = { TableName: "items", Key: { id: { S: "1" } }, ProjectionExpression: text, ...names };
  expect((await t.run("GetItem", request)).Item).toEqual(expected);
});

test("attributes named as JavaScript's own members are attributes like any other", async () => {
  const odd = JSON.parse('{"id":{"S":"odd"},"__proto__":{"N":"1"},"constructor":{"S":"c"}}') as JsonObject;
  await t.run("PutItem", { TableName: "items", Item: odd });
  const names = { "#p": "__proto__", "#t": "toString" };
  const request = { TableName: "items", Key: { id: { S: "odd" } }, UpdateExpression: "SET #p = #p + :one, #t = :one" };
  await t.run("UpdateItem", { ...request, ExpressionAttributeNames: names, ExpressionAttributeValues: { ":one": { N: "1" } } });
  const { Item } = await t.run("GetItem", { TableName: "items", Key: { id: { S: "odd" } } });
  expect(JSON.parse(JSON.stringify(Item))).toEqual(
    JSON.parse('{"id":{"S":"odd"},"__proto__":{"N":"2"},"constructor":{"S":"c"},"toString":{"N":"1"}}'),
  );
  expect(Object.prototype).not.toHaveProperty("N");
  const hidden = { ConditionExpression: "attribute_exists(hasOwnProperty)" };
  await expect(t.run("DeleteItem", { TableName: "items", Key: { id: { S: "odd" } }, ...hidden })).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
  });
});

/** Updates of top-level attributes against a model of a dozen lines. */
type Step = { readonly text: string; readonly apply: (item: Record<string, AttributeValue>, old: AttributeMap) => void };
const attributes = ["a", "b", "c", "d"] as const;
const numberIn = (value: AttributeValue | undefined): number | undefined =>
  value !== undefined && "N" in value ? Number(value.N) : undefined;
const step = (attribute: string): fc.Arbitrary<Step & { section: "SET" | "REMOVE" | "ADD" }> =>
  fc.oneof(
    fc.constantFrom(...attributes).map((from) => ({
      section: "SET" as const,
      text: `${attribute} = if_not_exists(${from}, :zero) + :one`,
      apply: (target: Record<string, AttributeValue>, old: AttributeMap) => {
        target[attribute] = { N: String((numberIn(old[from]) ?? 0) + 1) };
      },
    })),
    fc.constant({
      section: "REMOVE" as const,
      text: attribute,
      apply: (target: Record<string, AttributeValue>) => void delete target[attribute],
    }),
    fc.constant({
      section: "ADD" as const,
      text: `${attribute} :one`,
      apply: (target: Record<string, AttributeValue>, old: AttributeMap) => {
        target[attribute] = { N: String((numberIn(old[attribute]) ?? 0) + 1) };
      },
    }),
  );

test("updates agree with a model", async () => {
  const start = fc.record(Object.fromEntries(attributes.map((name) => [name, fc.integer({ min: -5, max: 5 })])), { requiredKeys: [] });
  const steps = fc.subarray([...attributes], { minLength: 1 }).chain((names) => fc.tuple(...names.map(step)));
  await fc.assert(
    fc.asyncProperty(start, steps, async (numbers, chosen) => {
      const before = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, { N: String(value) }]));
      await t.run("PutItem", { TableName: "items", Item: { id: { S: "model" }, ...before } });
      const expected: Record<string, AttributeValue> = { id: { S: "model" }, ...before };
      for (const { apply } of chosen) apply(expected, before);
      const sections = ["SET", "REMOVE", "ADD"].flatMap((section) => {
        const texts = chosen.filter((one) => one.section === section).map(({ text }) => text);
        return texts.length === 0 ? [] : [`${section} ${texts.join(", ")}`];
      });
      const text = sections.join(" ");
      const values = used({ ":zero": { N: "0" }, ":one": { N: "1" } }, text);
      const request = { TableName: "items", Key: { id: { S: "model" } }, UpdateExpression: text, ReturnValues: "ALL_NEW" };
      const { Attributes } = await t.run("UpdateItem", { ...request, ...(values && { ExpressionAttributeValues: values }) });
      expect(Attributes).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
