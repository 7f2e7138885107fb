/** BatchGetItem and BatchWriteItem. */
import type { DynamoDB, WriteRequest } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { type Item, N, S, TableName } from "./fixture.ts";

const pk = S("batched");
const key = (sk: number) => ({ pk, sk: N(sk) });
const put = (Item: Item): WriteRequest => ({ PutRequest: { Item } });
const remove = (Key: Item): WriteRequest => ({ DeleteRequest: { Key } });
const write = (tables: DynamoDB, ...requests: WriteRequest[]) => tables.batchWriteItem({ RequestItems: { [TableName]: requests } });
const read = (tables: DynamoDB, Keys: Item[], more = {}) => tables.batchGetItem({ RequestItems: { [TableName]: { Keys, ...more } } });
const oneToHundred = Array.from({ length: 100 }, (_, at) => at + 1);

export function checkBatches(contract: Contract<DynamoDB>): void {
  contract.check("a batch puts, replaces and deletes", async (tables) => {
    await write(tables, put({ ...key(1), v: S("first") }), put({ ...key(2), v: S("kept") }));
    const { UnprocessedItems } = await write(tables, put({ ...key(1), w: S("second") }), remove(key(2)), remove(key(3)));
    expect(UnprocessedItems).toEqual({});
    const { Items } = await tables.query({ TableName, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": pk } });
    expect(Items).toEqual([{ ...key(1), w: S("second") }]);
  });
  contract.check("a batch reads what is there, in parts where asked", async (tables) => {
    await write(tables, put({ ...key(10), v: S("ten"), w: N(1) }), put({ ...key(11), v: S("eleven") }));
    const { Responses, UnprocessedKeys } = await read(tables, [key(10), key(11), key(12)]);
    expect(Responses?.[TableName]?.length).toBe(2);
    expect(UnprocessedKeys).toEqual({});
    const part = await read(tables, [key(10)], {
      ProjectionExpression: "#v",
      ExpressionAttributeNames: { "#v": "v" },
      ConsistentRead: true,
    });
    expect(part.Responses).toEqual({ [TableName]: [{ v: S("ten") }] });
  });
  contract.check("100 keys are read at once", async (tables) => {
    expect(
      (
        await read(
          tables,
          oneToHundred.map((sk) => key(sk + 1_000)),
        )
      ).Responses,
    ).toEqual({ [TableName]: [] });
  });
  contract.check(
    "what exceeds 16 MB of answer is left for another call",
    async (tables) => {
      const large = oneToHundred.slice(0, 45).map((sk) => key(sk + 2_000));
      for (let from = 0; from < large.length; from += 25) {
        await write(tables, ...large.slice(from, from + 25).map((one) => put({ ...one, v: S("x".repeat(390_000)) })));
      }
      const { Responses, UnprocessedKeys } = await read(tables, large);
      const [found, left] = [Responses?.[TableName]?.length ?? 0, UnprocessedKeys?.[TableName]?.Keys?.length ?? 0];
      expect(left).toBeGreaterThan(0);
      expect(found + left).toBe(large.length);
    },
    60_000,
  );
  const repeated = "Provided list of item keys contains duplicates";
  checkRefusals(
    contract,
    (
      [
        ["the same key twice", (tables) => write(tables, put(key(1)), remove(key(1))), repeated],
        ["26 writes", (tables) => write(tables, ...oneToHundred.slice(0, 26).map((sk) => put(key(sk)))), undefined],
        ["no write", (tables) => write(tables), undefined],
        [
          "neither put nor delete",
          (tables) => write(tables, {}),
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        ],
        [
          "an item without its key",
          (tables) => write(tables, put({ pk })),
          "One or more parameter values were invalid: Missing the key sk in the item",
        ],
        ["a key that does not fit", (tables) => write(tables, remove({ pk })), "The provided key element does not match the schema"],
        [
          "an item too large",
          (tables) => write(tables, put({ ...key(1), v: S("x".repeat(409_600)) })),
          "Item size has exceeded the maximum allowed size",
        ],
        [
          "an item that is none",
          (tables) => write(tables, put({ ...key(1), v: { SS: [] } })),
          "One or more parameter values were invalid: An string set  may not be empty",
        ],
        ["the same key read twice", (tables) => read(tables, [key(1), key(1)]), repeated],
        ["101 keys", (tables) => read(tables, [...oneToHundred, 101].map(key)), "Too many items requested for the BatchGetItem call"],
        ["no key", (tables) => read(tables, []), undefined],
        ["a read key that does not fit", (tables) => read(tables, [{ pk }]), "The provided key element does not match the schema"],
        ["no table", (tables) => tables.batchGetItem({ RequestItems: {} }), undefined],
      ] as readonly (readonly [string, (tables: DynamoDB) => Promise<unknown>, string | undefined])[]
    ).map(([name, run, words]) => ({
      name: `batch with ${name}`,
      run,
      code: "ValidationException",
      ...(words !== undefined && { words }),
    })),
  );
  checkRefusals(contract, [
    {
      name: "batch on a table that is not there",
      run: (tables) => tables.batchWriteItem({ RequestItems: { "no-such-table": [put(key(1))] } }),
      code: "ResourceNotFoundException",
      words: "Requested resource not found",
    },
  ]);
  contract.check("a batch with one fault writes nothing", async (tables) => {
    await write(tables, put({ ...key(20), v: S("x") }), put({ ...key(21), g: N(1) })).catch(() => {});
    expect((await tables.getItem({ TableName, Key: key(20), ConsistentRead: true })).Item).toBeUndefined();
  });
}
