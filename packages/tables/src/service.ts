/** DynamoDB and DynamoDB Streams, as their callers meet them. */
import { type AwsService, defineAwsService } from "@serverlesspresso/aws-service";
import { batchOperations } from "./batches.ts";
import type { TablesCore } from "./engine.ts";
import { refusal } from "./errors.ts";
import { readOperations } from "./item-reads.ts";
import { writeOperations } from "./item-writes.ts";
import { streamOperations } from "./stream-operations.ts";
import { tableOperations } from "./table-operations.ts";
import { tagOperations } from "./table-tags.ts";
import { timeToLiveOperations } from "./time-to-live.ts";
import { transactionOperations } from "./transactions.ts";

const kib = 1024;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html */
export const dynamoDb: AwsService<TablesCore> = defineAwsService({
  name: "DynamoDB",
  target: "DynamoDB_20120810",
  signingNames: ["dynamodb"],
  sdk: { service: "dynamodb", errors: "DynamoDb" },
  optimized: { service: "dynamodb", errors: "DynamoDB", client: "AmazonDynamoDBv2", unmodelled: "AmazonDynamoDBException" },
  protocol: "json-1.0",
  mostBytes: 16 * kib * kib,
  instants: ["CreationDateTime", "LastUpdateToPayPerRequestDateTime"],
  errors: { invalid: refusal },
  operations: {
    ...readOperations,
    ...writeOperations,
    ...batchOperations,
    ...transactionOperations,
    ...tableOperations,
    ...timeToLiveOperations,
    ...tagOperations,
  },
});

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html */
export const dynamoDbStreams: AwsService<TablesCore> = defineAwsService({
  name: "DynamoDB Streams",
  target: "DynamoDBStreams_20120810",
  signingNames: ["dynamodb"],
  sdk: { service: "dynamodbstreams", errors: "DynamoDbStreams" },
  protocol: "json-1.0",
  mostBytes: 64 * kib,
  errors: { invalid: refusal },
  operations: streamOperations,
});
