import { createIdempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { clock, ids, names } from "../base.ts";
import { tables } from "./tables.ts";

/** Keeps the answers by `Idempotency-Key`, in the platform's own table. */
export const idempotency = createIdempotency({ tables, tableName: names.platformTable, clock, ids });
