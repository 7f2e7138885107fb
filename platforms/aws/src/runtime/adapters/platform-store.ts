import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { names } from "../base.ts";

/** Where Powertools keeps what has been done: the platform's own table. */
export function createPlatformStore(dynamodb: DynamoDBClient): DynamoDBPersistenceLayer {
  return new DynamoDBPersistenceLayer({ tableName: names.platformTable, keyAttr: "PK", expiryAttr: "expiresAt", awsSdkV3Client: dynamodb });
}
