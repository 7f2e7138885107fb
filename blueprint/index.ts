/** What the system is. */
import { names } from "@serverlesspresso/contract";
import { dashboard } from "./dashboard.ts";
import { deadlines } from "./deadlines.ts";
import { functions } from "./functions.ts";
import { logGroups } from "./log-groups.ts";
import { queues } from "./queues.ts";
import { rateLimits } from "./rate-limits.ts";
import { routes } from "./routes.ts";
import { rules } from "./rules.ts";
import { seed } from "./seed.ts";
import { tables } from "./tables.ts";
import { topics } from "./topics.ts";
import type { Blueprint } from "./types.ts";
import { workflows } from "./workflows.ts";

/** The whole system as data. */
export const blueprint: Blueprint = {
  tables,
  functions,
  workflows,
  bus: { name: names.bus, source: names.eventSource },
  rules,
  deadlines,
  queues,
  topics,
  logGroups,
  dashboard,
  seed,
  routes,
  rateLimits,
};

export { openApiDocument } from "./openapi.ts";
export { type ParsedRequest, parseRequest, type RawRequest, type RouteSchemas } from "./parse-request.ts";
export type {
  Blueprint,
  DashboardBlueprint,
  DeadlineBlueprint,
  FunctionBlueprint,
  FunctionName,
  IndexBlueprint,
  KeyAttribute,
  LogGroupBlueprint,
  QueueBlueprint,
  RateLimit,
  RateLimitClass,
  Reference,
  RouteBlueprint,
  RuleBlueprint,
  SeedItem,
  ServiceName,
  StreamConsumer,
  TableBlueprint,
  TargetBlueprint,
  TopicBlueprint,
  WorkflowBlueprint,
  WorkflowName,
} from "./types.ts";
export { fillDefinition } from "./workflows.ts";
