/**
 * The calls of export and import to DynamoDB. Unprocessed keys and items are sent again, with exponential back-off and jitter.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  ResourceNotFoundException,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import type { TableBlueprint } from "@serverlesspresso/blueprint";
import type { Entry } from "./data-file.ts";
import type { WireItem } from "./wire-item.ts";

/** A failure that the operator can fix; the message says how. */
export class MoveError extends Error {
  override readonly name = "MoveError";
}

/** Reads and writes the tables of a bar. */
export interface MoveTables {
  /** Resolves if the table has the key of the blueprint. @throws {MoveError} if it is missing or has another key */
  checkTable(table: TableBlueprint): Promise<void>;
  /** Yields all items of a table. */
  scan(tableName: string): AsyncGenerator<WireItem>;
  /** Resolves to the items with the keys of these entries, in their order; undefined for a missing item. At most 100 entries. */
  read(entries: readonly Entry[]): Promise<(WireItem | undefined)[]>;
  /** Puts an item under a condition. Resolves to undefined, or to the item in the table if the condition fails. */
  putIf(entry: Entry, condition: Condition): Promise<WireItem | undefined>;
  /** Puts items without a condition. At most 25. */
  putAll(entries: readonly Entry[]): Promise<void>;
}
/** A condition expression with its placeholders. */
export interface Condition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: WireItem;
}
/** How the back-off waits. */
export interface Waiting {
  pause(ms: number): Promise<void>;
  /** Returns a number from 0 up to, but not including, 1. */
  random(): number;
}

const firstPauseMs = 50;
const longestPauseMs = 5_000;
const mostRounds = 12;

/** Creates the calls. `keysOf` returns the names of the key attributes of a table. */
export function createMoveTables(
  client: Pick<DynamoDBClient, "send">,
  keysOf: (table: string) => readonly string[],
  waiting: Waiting,
): MoveTables {
  const keyOf = ({ table, item }: Entry): WireItem => Object.fromEntries(keysOf(table).map((name) => [name, item[name] as AttributeValue]));
  const idOf = (entry: Entry): string => JSON.stringify([entry.table, keyOf(entry)]);

  /** Sends what is unprocessed until nothing is left. @throws {MoveError} after 12 rounds */
  async function untilDone<T>(first: T | undefined, what: string, send: (left: T) => Promise<T | undefined>): Promise<void> {
    let left = first;
    for (let round = 0; left !== undefined; round++) {
      if (round === mostRounds)
        throw new MoveError(`${what} was left undone ${mostRounds} times: the tables are too busy, try again later`);
      if (round > 0) await waiting.pause(waiting.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** round));
      left = await send(left);
    }
  }

  return {
    async checkTable({ name, partitionKey, sortKey }) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: name })).catch((error: unknown) => {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        throw new MoveError(`there is no table ${name}: the bar has to be there before its data`);
      });
      const found = (Table?.KeySchema ?? []).map(({ AttributeName }) => AttributeName);
      const expected = [partitionKey.name, ...(sortKey === undefined ? [] : [sortKey.name])];
      if (found.join() !== expected.join())
        throw new MoveError(`table ${name} has the key ${found.join(", ")}, expected ${expected.join(", ")}`);
    },
    async *scan(tableName) {
      for await (const { Items = [] } of paginateScan({ client: client as DynamoDBClient }, { TableName: tableName, ConsistentRead: true }))
        yield* Items;
    },
    async read(entries) {
      const found = new Map<string, WireItem>();
      const byTable = Map.groupBy(entries, ({ table }) => table);
      const request = Object.fromEntries([...byTable].map(([table, some]) => [table, { Keys: some.map(keyOf), ConsistentRead: true }]));
      await untilDone(entries.length === 0 ? undefined : request, "reading", async (RequestItems) => {
        const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetItemCommand({ RequestItems }));
        for (const [table, items] of Object.entries(Responses)) for (const item of items) found.set(idOf({ table, item }), item);
        return isEmpty(UnprocessedKeys) ? undefined : (UnprocessedKeys as typeof request);
      });
      return entries.map((entry) => found.get(idOf(entry)));
    },
    async putIf({ table, item }, { expression, names, values }) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: expression,
            ...(isEmpty(names) ? {} : { ExpressionAttributeNames: { ...names } }),
            ...(isEmpty(values) ? {} : { ExpressionAttributeValues: { ...values } }),
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return undefined;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
        throw error;
      }
    },
    async putAll(entries) {
      const requests: Record<string, WriteRequest[]> = {};
      for (const { table, item } of entries) (requests[table] ??= []).push({ PutRequest: { Item: item } });
      await untilDone(entries.length === 0 ? undefined : requests, "writing", async (RequestItems) => {
        const { UnprocessedItems = {} } = await client.send(new BatchWriteItemCommand({ RequestItems }));
        return isEmpty(UnprocessedItems) ? undefined : UnprocessedItems;
      });
    },
  };
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}
