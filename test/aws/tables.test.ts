import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callSigned } from "./sign.ts";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
let tables: DynamoDBClient;
beforeAll(async () => {
  bar = await openAwsBar();
  tables = new DynamoDBClient(bar.client);
});
afterAll(() => bar.close());

const TableName = "beans";
const key = (PK: string, SK: string) => ({ PK: { S: PK }, SK: { N: SK } });

test("the shop's own config is read and changed", async () => {
  const config = { TableName: "serverlesspresso-config-table", Key: { PK: { S: "config" } } };
  expect((await tables.send(new GetItemCommand(config))).Item?.storeOpen).toEqual({ BOOL: true });
  const { Attributes } = await tables.send(
    new UpdateItemCommand({
      ...config,
      UpdateExpression: "SET storeOpen = :open",
      ExpressionAttributeValues: { ":open": { BOOL: false } },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  expect(Attributes).toEqual({ storeOpen: { BOOL: false } });
});

test("a table from creation to deletion", async () => {
  const { TableDescription } = await tables.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "PK", AttributeType: "S" },
        { AttributeName: "SK", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "PK", KeyType: "HASH" },
        { AttributeName: "SK", KeyType: "RANGE" },
      ],
    }),
  );
  expect(TableDescription?.CreationDateTime).toEqual(new Date(bar.clock.nowMs()));
  expect((await tables.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe("ACTIVE");

  await tables.send(
    new PutItemCommand({ TableName, Item: { ...key("a", "1"), data: { B: Buffer.from("\u0000\u00ffx", "latin1") }, n: { N: "1e10" } } }),
  );
  const { Item } = await tables.send(new GetItemCommand({ TableName, Key: key("a", "1") }));
  expect(Buffer.from(Item?.data?.B ?? []).toString("latin1")).toBe("\u0000\u00ffx");
  expect(Item?.n).toEqual({ N: "10000000000" });

  const PutRequests = Array.from({ length: 25 }, (_, i) => ({
    PutRequest: { Item: { ...key("b", `${i}`), even: { BOOL: i % 2 === 0 } } },
  }));
  await tables.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: PutRequests } }));
  const query = {
    TableName,
    KeyConditionExpression: "PK = :b AND SK < :ten",
    ExpressionAttributeValues: { ":b": { S: "b" }, ":ten": { N: "10" } },
  };
  const first = await tables.send(new QueryCommand({ ...query, Limit: 4, ScanIndexForward: false }));
  expect(first.Items?.map(({ SK }) => SK?.N)).toEqual(["9", "8", "7", "6"]);
  const rest = await tables.send(new QueryCommand({ ...query, ScanIndexForward: false, ExclusiveStartKey: first.LastEvaluatedKey }));
  expect(rest.Count).toBe(6);
  const scanned = await tables.send(
    new ScanCommand({ TableName, FilterExpression: "even = :yes", ExpressionAttributeValues: { ":yes": { BOOL: true } } }),
  );
  expect([scanned.Count, scanned.ScannedCount]).toEqual([13, 26]);
  expect((await tables.send(new ListTablesCommand({}))).TableNames).toContain(TableName);
  await tables.send(new DeleteTableCommand({ TableName }));
  await expect(tables.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("failures carry what AWS tells of them", async () => {
  const TableName = "serverlesspresso-counting-table";
  const put = { TableName, Item: { PK: { S: "mine" } }, ConditionExpression: "attribute_not_exists(PK)" };
  await tables.send(new PutItemCommand(put));
  const refused = await tables
    .send(new PutItemCommand({ ...put, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }))
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ConditionalCheckFailedException);
  expect((refused as ConditionalCheckFailedException).Item).toEqual({ PK: { S: "mine" } });
  const cancelled = await tables.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: put }] })).catch((error: unknown) => error);
  expect(cancelled).toBeInstanceOf(TransactionCanceledException);
  expect((cancelled as TransactionCanceledException).CancellationReasons).toMatchObject([{ Code: "ConditionalCheckFailed" }]);
});

test("answers carry their checksum", async () => {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables" };
  const response = await callSigned(bar, { service: "dynamodb", headers, body: "{}" });
  const { crc32 } = await import("node:zlib");
  expect(response.headers.get("x-amz-crc32")).toBe(String(crc32(await response.text())));
  expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
});

test("batches of megabytes pass", async () => {
  const TableName = "serverlesspresso-counting-table";
  const items = Array.from({ length: 25 }, (_, i) => ({
    PutRequest: { Item: { PK: { S: `big${i}` }, text: { S: "x".repeat(100_000) } } },
  }));
  expect((await tables.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: items } }))).UnprocessedItems).toEqual({});
});
