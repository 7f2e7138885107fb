import { createTables } from "../adapters/tables.ts";
import { clock, ids } from "../base.ts";
import { dynamodb } from "./dynamodb.ts";

/** The tables in DynamoDB. */
export const tables = createTables({ dynamodb, clock, ids });
