/** What export and import ask of DynamoDB. What is throttled or left undone is asked again, more and more slowly. */
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

/** A failure that a person can do something about. */
export class MoveError extends Error {
  override readonly name = "MoveError";
}

export interface MoveTables {
  /** The names of the key attributes. @throws {MoveError} where the table is missing or has another key than the blueprint's */
  checkTable(table: TableBlueprint): Promise<void>;
  scan(tableName: string): AsyncGenerator<WireItem>;
  /** What stands under the keys of these entries, in their order. At most 100. */
  read(entries: readonly Entry[]): Promise<(WireItem | undefined)[]>;
  /** Puts an item under a condition; answers what stands there instead. */
  putIf(entry: Entry, condition: Condition): Promise<WireItem | undefined>;
  /** Puts items over whatever is there. At most 25. */
  putAll(entries: readonly Entry[]): Promise<void>;
}
export interface Condition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: WireItem;
}
export interface Waiting {
  pause(ms: number): Promise<void>;
  /** ≥ 0 and < 1. */
  random(): number;
}

const firstPauseMs = 50;
const longestPauseMs = 5_000;
const mostRounds = 12;

export function createMoveTables(
  client: Pick<DynamoDBClient, "send">,
  keysOf: (table: string) => readonly string[],
  waiting: Waiting,
): MoveTables {
  const keyOf = ({ table, item }: Entry): WireItem => Object.fromEntries(keysOf(table).map((name) => [name, item[name] as AttributeValue]));
  const idOf = (entry: Entry): string => JSON.stringify([entry.table, keyOf(entry)]);

  /** Sends what is left until nothing is. */
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
