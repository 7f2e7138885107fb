/** `PUT /store`. */
import { createConfig } from "@serverlesspresso/services/config/index.ts";
import { serviceRoute } from "../api/service-route.ts";
import { clock, depsOf } from "../base.ts";
import { idempotency } from "../wiring/idempotency.ts";
import { tables } from "../wiring/tables.ts";

export const handler = serviceRoute("PutStore", createConfig(depsOf({ tables })).PutStore, { clock, idempotency });
