/** Scans: everything, once, in pages and in parallel segments. */
import type { DynamoDB, ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { createTable, type Item, keys, N, S } from "./fixture.ts";

const TableName = "contract-scanned";
const count = 60;

/** The ids of all items, page by page. */
async function idsOf(tables: DynamoDB, request: Omit<ScanCommandInput, "TableName">): Promise<number[]> {
  const found: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await tables.scan({ TableName, ...request, ...(from !== undefined && { ExclusiveStartKey: from }) });
    found.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return found.map(({ id }) => Number(id?.N));
}

export function checkScans(contract: Contract<DynamoDB>): void {
  const all = Array.from({ length: count }, (_, at) => at);
  const inOrder = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);
  contract.before(async (tables) => {
    const attributes = { id: "N", kind: "S" } as const;
    await createTable(tables, {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keys("id"),
      GlobalSecondaryIndexes: [{ IndexName: "byKind", KeySchema: keys("kind"), Projection: { ProjectionType: "KEYS_ONLY" } }],
    });
    for (const at of all)
      await tables.putItem({ TableName, Item: { id: N(at), v: S(`v${at}`), ...(at % 3 === 0 && { kind: S("third") }) } });
  });
  contract.after((tables) => tables.deleteTable({ TableName }));

  contract.check("a scan meets every item once, whatever the page", async (tables) => {
    for (const Limit of [1, 7, count, 1000]) expect(inOrder(await idsOf(tables, { Limit }))).toEqual(all);
  });
  contract.check("segments share all items between them", async (tables) => {
    for (const TotalSegments of [1, 3, 8]) {
      const segments = await Promise.all(
        Array.from({ length: TotalSegments }, (_, Segment) => idsOf(tables, { Segment, TotalSegments, Limit: 5 })),
      );
      expect(inOrder(segments.flat())).toEqual(all);
    }
  });
  contract.check("a filter may use keys; what it drops was read", async (tables) => {
    const filter = { FilterExpression: "id < :n", ExpressionAttributeValues: { ":n": N(10) } };
    expect(await tables.scan({ TableName, ...filter, Select: "COUNT" })).toMatchObject({ Count: 10, ScannedCount: count });
  });
  contract.check("an index is scanned like a table", async (tables) => {
    expect(inOrder(await idsOf(tables, { IndexName: "byKind", Limit: 7 }))).toEqual(all.filter((at) => at % 3 === 0));
    const { Items } = await tables.scan({ TableName, IndexName: "byKind", Limit: 1 });
    expect(Object.keys(Items?.[0] ?? {}).toSorted()).toEqual(["id", "kind"]);
  });
  const zeroBased = "The Segment parameter is zero-based and must be less than parameter TotalSegments:";
  checkRefusals(
    contract,
    (
      [
        [
          "a segment of nothing",
          { Segment: 0 },
          "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
        ],
        [
          "segments without a segment",
          { TotalSegments: 2 },
          "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
        ],
        ["a segment past the last", { Segment: 2, TotalSegments: 2 }, `${zeroBased} Segment: 2 is not less than TotalSegments: 2`],
        [
          "a start without its key",
          { ExclusiveStartKey: {} },
          "The provided starting key is invalid: The provided key element does not match the schema",
        ],
        [
          "a consistent read of an index",
          { IndexName: "byKind", ConsistentRead: true },
          "Consistent reads are not supported on global secondary indexes",
        ],
        ["a filter that is empty", { FilterExpression: "" }, "Invalid FilterExpression: The expression can not be empty;"],
      ] as const
    ).map(([name, request, words]) => ({
      name: `scan with ${name}`,
      code: "ValidationException",
      words,
      run: (tables: DynamoDB) => tables.scan({ TableName, ...request }),
    })),
  );
}
