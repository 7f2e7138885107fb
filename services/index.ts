/** The services of the bar. A new one is a line here. */
import { service as access } from "./access/service.ts";
import { service as config } from "./config/service.ts";
import { service as counting } from "./counting/service.ts";
import type { Service } from "./declaration.ts";
import { service as metrics } from "./metrics/service.ts";
import { service as orderManager } from "./order-manager/service.ts";
import { service as orderProcessor } from "./order-processor/service.ts";
import { service as publisher } from "./publisher/service.ts";
import { service as validator } from "./validator/service.ts";

/** Every service. */
export const services = [
  validator,
  orderProcessor,
  orderManager,
  config,
  counting,
  publisher,
  metrics,
  access,
] as const satisfies readonly Service[];

/** The name of a service. */
export type ServiceName = (typeof services)[number]["name"];
/** The name of a function, as its service gives it. */
export type FunctionName = FunctionOf<(typeof services)[number]>;
type FunctionOf<One> = One extends Service<string, infer Functions> ? Functions : never;

export { createHandlers } from "./handlers.ts";
