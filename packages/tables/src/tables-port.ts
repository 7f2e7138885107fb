/** The port `Tables` over this engine: camelCase requests, plain values, each call its own transaction. */
import type { DeleteItem, Expressions, Item, JsonObject, PutItem, Query, Tables, TransactItem, UpdateItem } from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import type { AttributeMap, AttributeValue } from "./attribute-value.ts";
import { marshall, marshallValue, unmarshall } from "./marshall.ts";
import type { TablesEngine } from "./tables.ts";

/** Serves `ports/tables.ts` from the engine. Reads run in a transaction, so that they see every write that ran before them and answer when it is durable. */
export function createTablesPort(store: Store, tables: TablesEngine): Tables {
  const run = (operation: string, request: JsonObject): Promise<JsonObject> =>
    store.transact((tx) => tables.execute(tx, operation, request));
  return {
    async getItem({ tableName, key }) {
      const { Item } = await run("GetItem", { TableName: tableName, Key: wire(key) });
      return Item === undefined ? undefined : plain(Item);
    },
    async putItem(request) {
      await run("PutItem", putRequest(request));
    },
    async updateItem(request) {
      const { Attributes } = await run("UpdateItem", { ...updateRequest(request), ReturnValues: "ALL_NEW" });
      return plain(Attributes ?? {});
    },
    async deleteItem(request) {
      await run("DeleteItem", deleteRequest(request));
    },
    async query(request) {
      const { Items, LastEvaluatedKey } = await run("Query", queryRequest(request));
      const items = (Items as readonly JsonObject[]).map(plain);
      return LastEvaluatedKey === undefined ? { items } : { items, lastEvaluatedKey: plain(LastEvaluatedKey) };
    },
    async transactWriteItems(items) {
      await run("TransactWriteItems", { TransactItems: items.map(transactRequest) });
    },
  };
}

function wire(item: Item): JsonObject {
  return marshall(item) as unknown as JsonObject;
}

function plain(item: unknown): Item {
  return unmarshall(item as AttributeMap);
}

function putRequest(request: PutItem): JsonObject {
  return { TableName: request.tableName, Item: wire(request.item), ...expressions(request) };
}

function expressions({ conditionExpression, names, values }: Expressions): JsonObject {
  return {
    ...(conditionExpression === undefined ? {} : { ConditionExpression: conditionExpression }),
    ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
    ...(values === undefined ? {} : { ExpressionAttributeValues: wireValues(values) }),
  };
}

function wireValues(values: NonNullable<Expressions["values"]>): JsonObject {
  const wired: Record<string, AttributeValue> = {};
  for (const name of Object.keys(values)) wired[name] = marshallValue(values[name] ?? null);
  return wired as unknown as JsonObject;
}

function updateRequest(request: UpdateItem): JsonObject {
  return { TableName: request.tableName, Key: wire(request.key), UpdateExpression: request.updateExpression, ...expressions(request) };
}

function deleteRequest(request: DeleteItem): JsonObject {
  return { TableName: request.tableName, Key: wire(request.key), ...expressions(request) };
}

function queryRequest(request: Query): JsonObject {
  const { tableName, indexName, keyConditionExpression, scanIndexForward, limit, exclusiveStartKey } = request;
  return {
    TableName: tableName,
    KeyConditionExpression: keyConditionExpression,
    ...(indexName === undefined ? {} : { IndexName: indexName }),
    ...(scanIndexForward === undefined ? {} : { ScanIndexForward: scanIndexForward }),
    ...(limit === undefined ? {} : { Limit: limit }),
    ...(exclusiveStartKey === undefined ? {} : { ExclusiveStartKey: wire(exclusiveStartKey) }),
    ...expressions({ ...(request.names && { names: request.names }), ...(request.values && { values: request.values }) }),
  };
}

function transactRequest(item: TransactItem): JsonObject {
  if ("put" in item) return { Put: putRequest(item.put) };
  if ("update" in item) return { Update: updateRequest(item.update) };
  if ("delete" in item) return { Delete: deleteRequest(item.delete) };
  return { ConditionCheck: deleteRequest(item.conditionCheck) };
}
