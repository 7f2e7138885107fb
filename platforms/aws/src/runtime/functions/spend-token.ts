/** `POST /qr-code`. */
import { createValidator } from "@serverlesspresso/services/validator/index.ts";
import { serviceRoute } from "../api/service-route.ts";
import { clock, depsOf } from "../base.ts";
import { idempotency } from "../wiring/idempotency.ts";
import { tables } from "../wiring/tables.ts";

export const handler = serviceRoute("SpendToken", createValidator(depsOf({ tables })).SpendToken, { clock, idempotency });
