/** The shop's own tables at the wire; what any table does is in conformance/contracts. */
import { BatchWriteItemCommand, DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
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
