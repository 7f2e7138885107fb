/** Secondary indexes: which items they hold, and what of each. Reads the items of `queries.ts`. */
import type { DynamoDB, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { createTable, freshKey, type Item, keys, N, S, TableName } from "./fixture.ts";

const pk = S("queried");
type More = Partial<QueryCommandInput>;
const byG = (tables: DynamoDB, more: More = {}) =>
  tables.query({ TableName, IndexName: "byG", KeyConditionExpression: "g = :g", ExpressionAttributeValues: { ":g": S("g1") }, ...more });
const byLs = (tables: DynamoDB, more: More = {}) =>
  tables.query({ TableName, IndexName: "byLs", KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": pk }, ...more });

export function checkIndexes(contract: Contract<DynamoDB>): void {
  contract.check("a global index holds items that have its whole key, and what it projects", async (tables) => {
    expect((await byG(tables)).Items).toEqual([
      { pk, sk: N(-6), g: S("g1"), h: N(1), extra: S("extra 1") },
      { pk, sk: N(12), g: S("g1"), h: N(7), extra: S("extra 7") },
    ]);
    const range = { KeyConditionExpression: "g = :g AND h > :h", ExpressionAttributeValues: { ":g": S("g1"), ":h": N(2) } };
    expect((await byG(tables, range)).Items?.map(({ sk }) => sk)).toEqual([N(12)]);
  });
  contract.check("an index of keys gives keys, and no order among equals is lost between pages", async (tables) => {
    const query = { TableName, IndexName: "keysOnly", KeyConditionExpression: "g = :g", ExpressionAttributeValues: { ":g": S("g2") } };
    const found: Item[] = [];
    let from: Item | undefined;
    do {
      const page = await tables.query({ ...query, Limit: 1, ...(from !== undefined && { ExclusiveStartKey: from }) });
      found.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    expect(found.map(({ sk }) => Number(sk?.N)).toSorted((a, b) => a - b)).toEqual([6, 24]);
    expect(found[0]).toEqual({ pk, g: S("g2"), sk: found[0]?.sk });
  });
  contract.check("a local index sorts the partition its own way, and leads to whole items", async (tables) => {
    const { Items = [] } = await byLs(tables);
    expect(Items.map(({ ls }) => ls?.S)).toEqual(["lb", "lc", "ld", "le", "lf", "li", "lj", "ll"]);
    expect(Items[0]).toEqual({ pk, sk: N(3), ls: S("lb") });
    const whole = await byLs(tables, { Select: "ALL_ATTRIBUTES", Limit: 1, ConsistentRead: true });
    expect(whole.Items?.[0]).toMatchObject({ num: N(4), extra: S("extra 4") });
    const part = await byLs(tables, { ProjectionExpression: "num", Limit: 1, ScanIndexForward: false });
    expect(part.Items).toEqual([{ num: N(11) }]);
    const range = { KeyConditionExpression: "pk = :p AND begins_with(ls, :l)", ExpressionAttributeValues: { ":p": pk, ":l": S("lb") } };
    expect((await byLs(tables, range)).Count).toBe(1);
  });
  contract.check("a page of an index ends with the index's key and the table's", async (tables) => {
    expect((await byG(tables, { Limit: 1 })).LastEvaluatedKey).toEqual({ pk, sk: N(-6), g: S("g1"), h: N(1) });
    expect((await byLs(tables, { Limit: 1 })).LastEvaluatedKey).toEqual({ pk, sk: N(3), ls: S("lb") });
  });
  contract.check("an item enters, moves in and leaves an index with its attributes", async (tables) => {
    const Key = freshKey();
    const within = async (g: string) => (await byG(tables, { ExpressionAttributeValues: { ":g": S(g) } })).Count;
    const update = (UpdateExpression: string, values?: Item) =>
      tables.updateItem({ TableName, Key, UpdateExpression, ...(values && { ExpressionAttributeValues: values }) });
    await update("SET g = :g", { ":g": S("moving") });
    expect(await within("moving")).toBe(0);
    await update("SET h = :h", { ":h": N(1) });
    expect(await within("moving")).toBe(1);
    await update("SET g = :g", { ":g": S("moved") });
    expect([await within("moving"), await within("moved")]).toEqual([0, 1]);
    await update("REMOVE h");
    expect(await within("moved")).toBe(0);
  });
  contract.check("an index made later holds the items that were there", async (tables) => {
    const name = "contract-late-index";
    const attributes = [{ AttributeName: "id", AttributeType: "S" as const }];
    await createTable(tables, { TableName: name, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: attributes, KeySchema: keys("id") });
    for (const [id, kind] of [
      ["a", S("x")],
      ["b", S("y")],
      ["c", N(1)],
    ] as const)
      await tables.putItem({ TableName: name, Item: { id: S(id), kind } });
    const index = { IndexName: "byKind", KeySchema: keys("kind"), Projection: { ProjectionType: "ALL" as const } };
    await tables.updateTable({
      TableName: name,
      AttributeDefinitions: [...attributes, { AttributeName: "kind", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
    const active = async () => (await tables.describeTable({ TableName: name })).Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus;
    while ((await active()) !== "ACTIVE") await new Promise((resolve) => setTimeout(resolve, 100));
    const { Items } = await tables.scan({ TableName: name, IndexName: "byKind" });
    expect(Items?.map(({ id }) => id?.S).toSorted()).toEqual(["a", "b"]);
    await tables.deleteTable({ TableName: name });
  });
  const wholeIndex = "Select type ALL_ATTRIBUTES is not supported for global secondary index byG because its projection type is not ALL";
  checkRefusals(
    contract,
    (
      [
        ["a consistent read", { ConsistentRead: true }, "Consistent reads are not supported on global secondary indexes"],
        ["all attributes", { Select: "ALL_ATTRIBUTES" }, `One or more parameter values were invalid: ${wholeIndex}`],
        [
          "an attribute it does not project",
          { ProjectionExpression: "num" },
          "One or more parameter values were invalid: Global secondary index byG does not project [num]",
        ],
        [
          "a filter on an attribute it does not project",
          { FilterExpression: "num > :g" },
          "One or more parameter values were invalid: Secondary index byG does not project one or more filter attributes: [num]",
        ],
        ["the table's key", { KeyConditionExpression: "pk = :g" }, "Query condition missed key schema element: g"],
      ] as const
    ).map(([name, more, words]) => ({
      name: `of a global index ${name}`,
      code: "ValidationException",
      words,
      run: (tables: DynamoDB) => byG(tables, more),
    })),
  );
}
