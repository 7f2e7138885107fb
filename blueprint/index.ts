/** What the system is. */
import { namesOf } from "@serverlesspresso/contract";
import { services } from "@serverlesspresso/services";
import { blueprintOf } from "./blueprint-of.ts";

/** The whole system of the first bar, as data. */
export const blueprint = blueprintOf(services, namesOf());

export type {
  DeadlineBlueprint,
  IndexBlueprint,
  KeyAttribute,
  QueueBlueprint,
  RateLimitClass,
  RouteBlueprint,
  RouteSchemas,
  RuleBlueprint,
  SeedItem,
  StreamConsumer,
  TableBlueprint,
  TargetBlueprint,
  TopicBlueprint,
} from "@serverlesspresso/services/resources.ts";
export { blueprintOf } from "./blueprint-of.ts";
export { openApiDocument } from "./openapi.ts";
export { type ParsedRequest, parseRequest, type RawRequest } from "./parse-request.ts";
export type {
  Blueprint,
  DashboardBlueprint,
  FunctionBlueprint,
  LogGroupBlueprint,
  RateLimit,
  Reference,
  WorkflowBlueprint,
} from "./types.ts";
export { fillDefinition } from "./workflows.ts";
