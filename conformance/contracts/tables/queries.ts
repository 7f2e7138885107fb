/** Queries: key conditions, order, pages, filters, indexes. */
import type { DynamoDB, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { freshKey, type Item, N, S, TableName } from "./fixture.ts";

const pk = S("queried");
/** Sort keys -9, -6 … 24; every second item has `g`, the ones not divisible by four `h`, those not divisible by three `ls`. */
const items: readonly Item[] = Array.from({ length: 12 }, (_, at) => ({
  pk,
  sk: N(at * 3 - 9),
  ...(at % 2 === 1 ? { g: S(`g${at % 3}`) } : {}),
  ...(at % 4 === 0 ? {} : { h: N(at) }),
  ...(at % 3 === 0 ? {} : { ls: S(`l${"kcjabdhefgil"[at]}`) }),
  extra: S(`extra ${at}`),
  num: N(at),
}));
const sortKeys = items.map(({ sk }) => Number(sk?.N));

type Query = Omit<QueryCommandInput, "TableName" | "ExpressionAttributeValues">;

const ask = (tables: DynamoDB, condition: string, values: Item, more: Query = {}) =>
  tables.query({ TableName, KeyConditionExpression: condition, ExpressionAttributeValues: values, ...more });
const numbers = (found: readonly Item[] | undefined): number[] => (found ?? []).map(({ sk }) => Number(sk?.N));

const ranges: readonly (readonly [condition: string, values: Item, sortKeys: readonly number[]])[] = [
  ["pk = :p", {}, sortKeys],
  ["pk = :p AND sk = :a", { ":a": N("6.0") }, [6]],
  ["pk = :p AND sk = :a", { ":a": N(7) }, []],
  ["pk = :p AND sk < :a", { ":a": N(0) }, [-9, -6, -3]],
  ["pk = :p AND sk <= :a", { ":a": N(0) }, [-9, -6, -3, 0]],
  ["pk = :p AND sk > :a", { ":a": N(18) }, [21, 24]],
  ["pk = :p AND sk >= :a", { ":a": N(18) }, [18, 21, 24]],
  ["pk = :p AND :a < sk", { ":a": N(18) }, [21, 24]],
  ["sk BETWEEN :a AND :b AND pk = :p", { ":a": N(-4), ":b": N(3) }, [-3, 0, 3]],
  ["(pk = :p) AND (sk = :a)", { ":a": N(24) }, [24]],
  [":p = pk", {}, sortKeys],
];

const missed = "Query condition missed key schema element: pk";
const refusals: readonly (readonly [condition: string, values: Item, words: string])[] = [
  ["pk = :p AND sk <> :a", { ":a": N(1) }, "Invalid operator used in KeyConditionExpression: <>"],
  ["pk = :p AND sk IN (:a)", { ":a": N(1) }, "Invalid operator used in KeyConditionExpression: IN"],
  ["pk = :p OR sk = :a", { ":a": N(1) }, "Invalid operator used in KeyConditionExpression: OR"],
  ["NOT pk = :p", {}, "Invalid operator used in KeyConditionExpression: NOT"],
  ["pk = :p AND attribute_exists(sk)", {}, "Invalid operator used in KeyConditionExpression: attribute_exists"],
  ["pk = :p AND size(sk) = :a", { ":a": N(1) }, "KeyConditionExpressions cannot contain nested operations"],
  [
    "pk = :p AND begins_with(sk, :a)",
    { ":a": N(1) },
    "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
  ],
  ["pk = :p AND sk = :a AND sk > :a", { ":a": N(1) }, "KeyConditionExpressions must only contain one condition per key"],
  ["pk = :p AND sk = :a AND num = :a", { ":a": N(1) }, "Conditions can be of length 1 or 2 only"],
  ["pk = :p AND num = :a", { ":a": N(1) }, "Query condition missed key schema element: sk"],
  ["sk = :a", { ":a": N(1) }, missed],
  ["pk > :p", {}, "Query key condition not supported"],
  ["pk = :a", { ":a": N(1) }, "One or more parameter values were invalid: Condition parameter type does not match schema type"],
  [
    "pk = :a",
    { ":a": S("") },
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
  ],
  [
    "pk = :p AND sk.a = :a",
    { ":a": N(1) },
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: sk",
  ],
  [
    "pk = pk AND sk = :a",
    { ":a": N(1) },
    "Invalid KeyConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [pk]",
  ],
  [
    "pk = :p AND sk BETWEEN :a AND :b",
    { ":a": N(2), ":b": N(1) },
    "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}",
  ],
];

const start = { pk, sk: N(0) };
const wrongStart = "The provided starting key is invalid: The provided key element does not match the schema";
const optionRefusals: readonly (readonly [name: string, more: Query, words: string])[] = [
  ["an index that is not there", { IndexName: "nope" }, "The table does not have the specified index: nope"],
  [
    "a filter on a key",
    { FilterExpression: "sk > :p" },
    "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
  ],
  [
    "SPECIFIC_ATTRIBUTES of none",
    { Select: "SPECIFIC_ATTRIBUTES" },
    "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
  ],
  [
    "COUNT with a projection",
    { Select: "COUNT", ProjectionExpression: "num" },
    "Cannot specify the ProjectionExpression when choosing to get only the Count",
  ],
  [
    "ALL_PROJECTED_ATTRIBUTES of a table",
    { Select: "ALL_PROJECTED_ATTRIBUTES" },
    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
  ],
  ["a start without its sort key", { ExclusiveStartKey: { pk } }, wrongStart],
  ["a start with more than the key", { ExclusiveStartKey: { ...start, num: N(1) } }, wrongStart],
  ["a start on an index without the index's key", { IndexName: "byLs", ExclusiveStartKey: start }, wrongStart],
  [
    "a start in another partition",
    { ExclusiveStartKey: { ...start, pk: S("else") } },
    "The provided starting key is outside query boundaries based on provided conditions",
  ],
  [
    "Limit 0",
    { Limit: 0 },
    "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
];

export function checkQueries(contract: Contract<DynamoDB>): void {
  contract.before(async (tables) => {
    for (const Item of items) await tables.putItem({ TableName, Item });
  });
  for (const [condition, values, expected] of ranges) {
    const name = `query ${condition} ${Object.values(values).map(({ N }) => N)}`;
    contract.check(name, async (tables) => {
      const given = { ":p": pk, ...values };
      expect(numbers((await ask(tables, condition, given)).Items)).toEqual(expected);
      expect(numbers((await ask(tables, condition, given, { ScanIndexForward: false })).Items)).toEqual(expected.toReversed());
    });
  }
  checkRefusals(contract, [
    ...refusals.map(([condition, values, words]) => ({
      name: `query ${condition} ${Object.values(values).map(({ N, S }) => N ?? S)}`,
      code: "ValidationException",
      words,
      run: (tables: DynamoDB) => ask(tables, condition, condition.includes(":p") ? { ":p": pk, ...values } : values),
    })),
    ...optionRefusals.map(([name, more, words]) => ({
      name: `query with ${name}`,
      code: "ValidationException",
      words,
      run: (tables: DynamoDB) => ask(tables, "pk = :p", { ":p": pk }, more),
    })),
  ]);
  checkPages(contract);
  checkFilters(contract);
}

/** All pages of a query, each with its items' sort keys. */
async function pagesOf(tables: DynamoDB, condition: string, values: Item, more: Query): Promise<number[][]> {
  const pages: number[][] = [];
  let from: Item | undefined;
  do {
    const page = await ask(tables, condition, values, { ...more, ...(from !== undefined && { ExclusiveStartKey: from }) });
    pages.push(numbers(page.Items));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return pages;
}

function checkPages(contract: Contract<DynamoDB>): void {
  contract.check("pages follow one another, both ways", async (tables) => {
    const all = { ":p": pk };
    expect(await pagesOf(tables, "pk = :p", all, { Limit: 5 })).toEqual([sortKeys.slice(0, 5), sortKeys.slice(5, 10), sortKeys.slice(10)]);
    const down = sortKeys.toReversed();
    expect(await pagesOf(tables, "pk = :p", all, { Limit: 7, ScanIndexForward: false })).toEqual([down.slice(0, 7), down.slice(7)]);
    expect(await pagesOf(tables, "pk = :p", all, { Limit: 6 })).toEqual([sortKeys.slice(0, 6), sortKeys.slice(6), []]);
  });
  contract.check("a page may begin after a key that holds no item", async (tables) => {
    const { Items } = await ask(tables, "pk = :p", { ":p": pk }, { ExclusiveStartKey: { pk, sk: N(1) }, Limit: 2 });
    expect(numbers(Items)).toEqual([3, 6]);
  });
  contract.check(
    "a page ends before more than 1 MB is read",
    async (tables) => {
      const partition = S("large");
      for (let sk = 0; sk < 4; sk++) await tables.putItem({ TableName, Item: { pk: partition, sk: N(sk), v: S("x".repeat(400_000)) } });
      const pages = await pagesOf(tables, "pk = :p", { ":p": partition }, {});
      expect(pages.flat()).toEqual([0, 1, 2, 3]);
      expect(pages.length).toBeGreaterThan(1);
    },
    30_000,
  );
}

function checkFilters(contract: Contract<DynamoDB>): void {
  const filtered = { FilterExpression: "attribute_exists(g)" };
  const all = { ":p": pk };
  contract.check("a filter works on what was read; a limit counts what was read", async (tables) => {
    expect(await ask(tables, "pk = :p", all, filtered)).toMatchObject({ Count: 6, ScannedCount: 12 });
    const { Items, Count, ScannedCount, LastEvaluatedKey } = await ask(tables, "pk = :p", all, { ...filtered, Limit: 3 });
    expect([numbers(Items), Count, ScannedCount, LastEvaluatedKey]).toEqual([[-6], 1, 3, { pk, sk: N(-3) }]);
  });
  contract.check("COUNT gives no items", async (tables) => {
    const { Items, Count, ScannedCount } = await ask(tables, "pk = :p", all, { ...filtered, Select: "COUNT" });
    expect([Items, Count, ScannedCount]).toEqual([undefined, 6, 12]);
  });
  contract.check("a projection takes its part of each", async (tables) => {
    const { Items } = await ask(tables, "pk = :p", all, { ProjectionExpression: "num", Limit: 2 });
    expect(Items).toEqual([{ num: N(0) }, { num: N(1) }]);
  });
  contract.check("capacity is told where it is asked for", async (tables) => {
    expect((await ask(tables, "pk = :p", all)).ConsumedCapacity).toBeUndefined();
    expect((await ask(tables, "pk = :p", all, { ReturnConsumedCapacity: "TOTAL" })).ConsumedCapacity).toMatchObject({
      CapacityUnits: 0.5,
      TableName,
    });
    const consistent = await ask(tables, "pk = :p", all, { ReturnConsumedCapacity: "TOTAL", ConsistentRead: true });
    expect(consistent.ConsumedCapacity).toMatchObject({ CapacityUnits: 1 });
  });
  contract.check("capacity of a table and of its indexes", async (tables) => {
    const detailed = { ReturnConsumedCapacity: "INDEXES" } as const;
    const whole = await ask(tables, "pk = :p", all, detailed);
    expect(whole.ConsumedCapacity).toMatchObject({ CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } });
    const local = await ask(tables, "pk = :p", all, { ...detailed, IndexName: "byLs" });
    const parts = { Table: { CapacityUnits: 0 }, LocalSecondaryIndexes: { byLs: { CapacityUnits: 0.5 } } };
    expect(local.ConsumedCapacity).toMatchObject({ CapacityUnits: 0.5, ...parts });
  });
  contract.check("capacity of a write counts its indexes", async (tables) => {
    const Item = { ...freshKey(), g: S("counted") };
    const { ConsumedCapacity } = await tables.putItem({ TableName, Item, ReturnConsumedCapacity: "INDEXES" });
    const parts = { Table: { CapacityUnits: 1 }, GlobalSecondaryIndexes: { keysOnly: { CapacityUnits: 1 } } };
    expect(ConsumedCapacity).toMatchObject({ CapacityUnits: 2, ...parts });
  });
}
