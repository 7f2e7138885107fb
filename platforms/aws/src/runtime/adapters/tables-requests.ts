/** The port's requests as DynamoDB's. Plain values become attribute values here, and nowhere else. */
import type { AttributeValue, QueryCommandInput, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall, type marshallOptions, unmarshall } from "@aws-sdk/util-dynamodb";
import type { DeleteItem, Expressions, Item, PlainValue, PutItem, Query, TransactItem, UpdateItem } from "@serverlesspresso/ports";

type AttributeMap = Record<string, AttributeValue>;

/** Members that are `undefined` are left out. @throws an error named `ValidationException` for what DynamoDB has no type for */
export function marshallItem(item: Item): AttributeMap {
  const options: marshallOptions = { removeUndefinedValues: true };
  try {
    return marshall(item, options) as AttributeMap;
  } catch (error) {
    throw Object.assign(error as Error, { name: "ValidationException" });
  }
}

/** A number beyond 2^53 loses digits, as every JavaScript number does. */
export function plainItem(item: AttributeMap): Item {
  return unmarshall(item, { wrapNumbers: Number }) as Item;
}

/**
 * Returns the SDK's PutItem of the port's, the item marshalled.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */
export function putRequest(request: PutItem) {
  return { TableName: request.tableName, Item: marshallItem(request.item), ...expressions(request) };
}

function expressions({ conditionExpression, names, values }: Expressions) {
  return {
    ...(conditionExpression !== undefined && { ConditionExpression: conditionExpression }),
    ...(names !== undefined && { ExpressionAttributeNames: { ...names } }),
    ...(values !== undefined && { ExpressionAttributeValues: marshallItem(values as Readonly<Record<string, PlainValue>>) }),
  };
}

/**
 * Returns the SDK's UpdateItem of the port's, the key marshalled.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export function updateRequest(request: UpdateItem) {
  return {
    TableName: request.tableName,
    Key: marshallItem(request.key),
    UpdateExpression: request.updateExpression,
    ...expressions(request),
  };
}

/**
 * Returns the SDK's DeleteItem of the port's, the key marshalled.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
 */
export function deleteRequest(request: DeleteItem) {
  return { TableName: request.tableName, Key: marshallItem(request.key), ...expressions(request) };
}

/**
 * Returns the SDK's Query of the port's.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
export function queryRequest(request: Query): QueryCommandInput {
  const { tableName, indexName, keyConditionExpression, names, values, scanIndexForward, limit, exclusiveStartKey } = request;
  return {
    TableName: tableName,
    KeyConditionExpression: keyConditionExpression,
    ...(indexName === undefined ? { ConsistentRead: true } : { IndexName: indexName }),
    ...(scanIndexForward !== undefined && { ScanIndexForward: scanIndexForward }),
    ...(limit !== undefined && { Limit: limit }),
    ...(exclusiveStartKey !== undefined && { ExclusiveStartKey: marshallItem(exclusiveStartKey) }),
    ...expressions({ ...(names !== undefined && { names }), ...(values !== undefined && { values }) }),
  };
}

/**
 * Returns the SDK's entry of TransactWriteItems for one of the port's.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function transactRequest(item: TransactItem): TransactWriteItem {
  if ("put" in item) return { Put: putRequest(item.put) };
  if ("update" in item) return { Update: updateRequest(item.update) };
  if ("delete" in item) return { Delete: deleteRequest(item.delete) };
  const { ConditionExpression = "", ...check } = deleteRequest(item.conditionCheck);
  return { ConditionCheck: { ...check, ConditionExpression } };
}
