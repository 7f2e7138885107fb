import { createTables } from "../adapters/tables.ts";
import { clock, ids } from "../base.ts";
import { dynamodb } from "./dynamodb.ts";

export const tables = createTables({ dynamodb, clock, ids });
