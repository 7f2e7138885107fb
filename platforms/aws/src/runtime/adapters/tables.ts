/**
 * The port `Tables` over DynamoDB.
 *
 * D1. Reads of items are strongly consistent. A query's are, too, on the table itself; an index cannot be.
 * D2. The reasons of a cancelled transaction come in the port's spelling, in the order of its items.
 * D3. A single write that meets a running transaction on its item is tried again for a moment: it has lost nothing yet.
 */
import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock, Ids, Item, Tables } from "@serverlesspresso/ports";
import { deleteRequest, marshallItem, plainItem, putRequest, queryRequest, transactRequest, updateRequest } from "./tables-requests.ts";

/** The client of DynamoDB, the clock and the ids. */
export interface TablesOptions {
  readonly dynamodb: Pick<DynamoDBClient, "send">;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "random">;
}

const mostAttempts = 6;

/** Serves `ports/tables.ts` from DynamoDB. */
export function createTables({ dynamodb, clock, ids }: TablesOptions): Tables {
  /** D3. */
  async function pastTransactions<T>(write: () => Promise<T>, attempt = 1): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if ((error as Error).name !== "TransactionConflictException" || attempt >= mostAttempts) throw error;
      await new Promise<void>((resolve) => void clock.at(clock.nowMs() + Math.ceil(ids.random() * 10 * 2 ** attempt), resolve));
      return pastTransactions(write, attempt + 1);
    }
  }

  return {
    async getItem({ tableName, key }) {
      const { Item: item } = await dynamodb.send(
        new GetItemCommand({ TableName: tableName, Key: marshallItem(key), ConsistentRead: true }),
      );
      return item === undefined ? undefined : plainItem(item);
    },
    async putItem(request) {
      const input = putRequest(request);
      await pastTransactions(() => dynamodb.send(new PutItemCommand(input)));
    },
    async updateItem(request) {
      const input = { ...updateRequest(request), ReturnValues: "ALL_NEW" } as const;
      const { Attributes = {} } = await pastTransactions(() => dynamodb.send(new UpdateItemCommand(input)));
      return plainItem(Attributes);
    },
    async deleteItem(request) {
      const input = deleteRequest(request);
      await pastTransactions(() => dynamodb.send(new DeleteItemCommand(input)));
    },
    async query(request) {
      const { Items = [], LastEvaluatedKey } = await dynamodb.send(new QueryCommand(queryRequest(request)));
      const items: readonly Item[] = Items.map(plainItem);
      return LastEvaluatedKey === undefined ? { items } : { items, lastEvaluatedKey: plainItem(LastEvaluatedKey) };
    },
    async transactWriteItems(items) {
      try {
        await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: items.map(transactRequest) }));
      } catch (error) {
        throw withReasons(error);
      }
    },
  };
}

/** D2. */
function withReasons(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return error;
  const { CancellationReasons = [] } = error as { readonly CancellationReasons?: readonly { readonly Code?: string }[] };
  return Object.assign(error, { cancellationReasons: CancellationReasons.map(({ Code = "None" }) => ({ code: Code })) });
}
