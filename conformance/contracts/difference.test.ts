/** Generated updates and conditions do the same at the local platform and at DynamoDB Local. */
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { notRun } from "../../test/support/not-run.ts";
import type { Opened } from "./contract.ts";
import { dynamoDbLocalMissing, openDynamoDbLocal } from "./dynamodb-local.ts";
import { createTable, definition, freshKey, type Item, inOrder, placeholders, TableName } from "./tables/fixture.ts";
import { attributes, condition, given, update } from "./tables/generated.ts";
import { openAtWire } from "./wire.ts";

const missing = dynamoDbLocalMissing();
const runs = { numRuns: 120 };

let places: readonly Opened<DynamoDB>[] = [];
beforeAll(async () => {
  if (missing !== undefined) return;
  places = await Promise.all([openAtWire((bar) => new DynamoDB(bar.client)), openDynamoDbLocal()]);
  for (const { client } of places) await createTable(client, definition);
});
afterAll(async () => {
  for (const place of places) await place.close();
});

/** What comes of a write at each place: a code where it is refused, and the item afterwards. */
function outcomes(item: Item, write: (tables: DynamoDB, Key: Item) => Promise<unknown>): Promise<unknown[]> {
  const Key = freshKey();
  return Promise.all(
    places.map(async ({ client }) => {
      await client.putItem({ TableName, Item: { ...item, ...Key } });
      const code = await write(client, Key).then(
        () => "done",
        (error: Error) => error.name,
      );
      return { code, item: withNumbers((await client.getItem({ TableName, Key, ConsistentRead: true })).Item) };
    }),
  );
}

/** DynamoDB Local writes some numbers with trailing zeros. */
function withNumbers(item: Item | undefined): unknown {
  const text = JSON.stringify(inOrder(item ?? null));
  return JSON.parse(text, (name, value) => {
    if (name === "N") return Number(value);
    return name === "NS" ? (value as string[]).map(Number).toSorted((a, b) => a - b) : value;
  });
}

test.skipIf(missing !== undefined)(
  `updates${notRun(missing)}`,
  () =>
    fc.assert(
      fc.asyncProperty(attributes, update, given, async (item, UpdateExpression, values) => {
        const expressions = { UpdateExpression, ...placeholders(UpdateExpression, values) };
        const [here, there] = await outcomes(item, (tables, Key) => tables.updateItem({ TableName, Key, ...expressions }));
        expect(here).toEqual(there);
      }),
      runs,
    ),
  60_000,
);

test.skipIf(missing !== undefined)(
  `conditions${notRun(missing)}`,
  () =>
    fc.assert(
      fc.asyncProperty(attributes, condition, given, async (item, ConditionExpression, values) => {
        const expressions = { ConditionExpression, ...placeholders(ConditionExpression, values) };
        const [here, there] = await outcomes(item, (tables, Key) => tables.deleteItem({ TableName, Key, ...expressions }));
        expect(here).toEqual(there);
      }),
      runs,
    ),
  60_000,
);
