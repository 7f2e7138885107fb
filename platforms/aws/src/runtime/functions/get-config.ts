/** `GET /config`. */
import { createConfig } from "@serverlesspresso/services/config/index.ts";
import { serviceRoute } from "../api/service-route.ts";
import { clock, depsOf } from "../base.ts";
import { tables } from "../wiring/tables.ts";

export const handler = serviceRoute("GetConfig", createConfig(depsOf({ tables })).GetConfig, { clock });
