import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientOptions } from "./client-options.ts";

/** The client that tables and counted events share. */
export const dynamodb = new DynamoDBClient(clientOptions);
