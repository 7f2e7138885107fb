/** DynamoDB and DynamoDB Streams, as their callers meet them. */
import { type AwsService, absent, defineAwsService } from "@serverlesspresso/aws-service";
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
    ...absent("expressions say what PartiQL says", ["BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction"]),
    ...absent("npm run backup copies the whole store", [
      "CreateBackup",
      "DeleteBackup",
      "DescribeBackup",
      "ListBackups",
      "RestoreTableFromBackup",
      "RestoreTableToPointInTime",
      "UpdateContinuousBackups",
    ]),
    ...absent("there is no S3 to read from or write to", [
      "CancelBulkOperation",
      "DescribeBulkOperation",
      "DescribeExport",
      "DescribeImport",
      "ExportTableToPointInTime",
      "ImportTable",
      "ListBulkOperations",
      "ListExports",
      "ListImports",
      "StartBulkPutItems",
    ]),
    ...absent("there is one region", [
      "CreateGlobalTable",
      "DescribeEndpoints",
      "DescribeGlobalTable",
      "DescribeGlobalTableSettings",
      "DescribeTableReplicaAutoScaling",
      "ListGlobalTables",
      "UpdateGlobalTable",
      "UpdateGlobalTableSettings",
      "UpdateTableReplicaAutoScaling",
    ]),
    ...absent("there are no Kinesis streams; a table's own stream has its changes", [
      "DescribeKinesisStreamingDestination",
      "DisableKinesisStreamingDestination",
      "EnableKinesisStreamingDestination",
      "UpdateKinesisStreamingDestination",
    ]),
    ...absent("there is one account", ["DeleteResourcePolicy", "GetResourcePolicy", "PutResourcePolicy"]),
    ...absent("access is not counted by key", ["DescribeContributorInsights", "ListContributorInsights", "UpdateContributorInsights"]),
    ...absent("capacity is that of the machine", ["DescribeLimits"]),
    ...absent("there are no vector indexes", ["SearchVectors"]),
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
