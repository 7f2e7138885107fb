import type { EventDefinition } from "@serverlesspresso/contract/events";
import type { FunctionHandler } from "@serverlesspresso/ports";
import type { RouteSchemas } from "../resources.ts";
import type { Deps } from "../shared/deps.ts";

/**
 * Who calls a function: a rule, a queue, a table's stream, a route of the API, a workflow's task; `signal` is called with nothing, by a
 * deadline or by hand.
 */
export type FunctionKind = "rule" | "queue" | "stream" | "route" | "task" | "signal";

/** What makes a function's handler, and what it is called with. */
export interface FunctionSource {
  readonly kind: FunctionKind;
  /** Of a rule's or queue's function: the events it reads; none where it takes every event. */
  readonly events?: readonly EventDefinition[];
  /** Of a route's function: what the edge checks. */
  readonly schemas?: RouteSchemas;
  /** Makes the handler: it parses what it is called with. */
  readonly create: (deps: Deps) => FunctionHandler;
}
