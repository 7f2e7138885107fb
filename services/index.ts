/** What each microservice does: handlers by function name. */
import type { Names } from "@serverlesspresso/contract";
import type { FunctionHandler, Ports } from "@serverlesspresso/ports";
import { createConfig } from "./config/index.ts";
import { createCounting } from "./counting/index.ts";
import { createMetrics } from "./metrics/index.ts";
import { createOrderManager } from "./order-manager/index.ts";
import { createOrderProcessor } from "./order-processor/index.ts";
import { createPublisher } from "./publisher/index.ts";
import { createValidator } from "./validator/index.ts";

/** All handlers, by the names the blueprint gives them. */
export function createServices(ports: Ports, names: Names): Record<string, FunctionHandler> {
  const deps = { ...ports, names };
  return {
    ...createValidator(deps),
    ...createOrderProcessor(deps),
    ...createOrderManager(deps),
    ...createConfig(deps),
    ...createCounting(deps),
    ...createPublisher(deps),
    ...createMetrics(deps),
  };
}
