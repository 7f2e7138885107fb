import { createIdempotency } from "../api/idempotency.ts";
import { clock } from "../base.ts";
import { dynamodb } from "./dynamodb.ts";

export const idempotency = createIdempotency({ dynamodb, clock });
