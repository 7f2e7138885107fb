/** What a blueprint consists of: plain data. A platform makes it run; it adds nothing of its own to what stands here. */
import type { Names } from "@serverlesspresso/contract";
import type { EventDefinition } from "@serverlesspresso/contract/events";
import type { JsonObject } from "@serverlesspresso/ports";
import type { WorkflowName } from "@serverlesspresso/services/declaration.ts";
import type { FunctionKind } from "@serverlesspresso/services/edges/function-source.ts";
import type {
  DeadlineBlueprint,
  QueueBlueprint,
  RateLimitClass,
  RouteBlueprint,
  RuleBlueprint,
  SeedItem,
  TableBlueprint,
  TopicBlueprint,
} from "@serverlesspresso/services/resources.ts";
import type { Use } from "@serverlesspresso/services/use.ts";

/** A function of a service. */
export interface FunctionBlueprint {
  /** In the account; for the first bar the same as `shortName`. */
  readonly name: string;
  /** As its service calls it. */
  readonly shortName: string;
  readonly service: string;
  readonly description: string;
  readonly kind: FunctionKind;
  readonly uses: readonly Use[];
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** What a `${Name}` in a definition stands for. Tables, the bus and the source of its events go in by name, functions and workflows by ARN. */
export type Reference =
  | { readonly kind: "table"; readonly name: string }
  | { readonly kind: "bus"; readonly name: string }
  | { readonly kind: "eventSource"; readonly name: string }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "workflow"; readonly name: string };
/** A state machine. */
export interface WorkflowBlueprint {
  /** In the account; for the first bar the same as `shortName`. */
  readonly name: string;
  readonly shortName: WorkflowName;
  readonly type: "STANDARD" | "EXPRESS";
  /** Relative to the folder `blueprint`. */
  readonly file: string;
  readonly substitutions: Readonly<Record<string, Reference>>;
}

/** A log group beside those of the functions. */
export interface LogGroupBlueprint {
  readonly name: string;
  readonly retentionDays: number;
}
/** A dashboard of CloudWatch. */
export interface DashboardBlueprint {
  readonly name: string;
  readonly body: JsonObject;
}
/** The figures of a class of routes. */
export interface RateLimit {
  readonly class: RateLimitClass;
  /** What counts as one caller. */
  readonly per: "user" | "address";
  readonly burst: number;
  readonly perMinute: number;
}

/** The whole system. */
export interface Blueprint {
  /** The names of its bar. */
  readonly names: Names;
  readonly tables: readonly TableBlueprint[];
  readonly functions: readonly FunctionBlueprint[];
  readonly workflows: readonly WorkflowBlueprint[];
  readonly bus: { readonly name: string; readonly source: string };
  readonly rules: readonly RuleBlueprint[];
  readonly deadlines: readonly DeadlineBlueprint[];
  readonly queues: readonly QueueBlueprint[];
  readonly topics: readonly TopicBlueprint[];
  readonly logGroups: readonly LogGroupBlueprint[];
  readonly dashboard: DashboardBlueprint;
  readonly seed: readonly SeedItem[];
  readonly routes: readonly RouteBlueprint[];
  readonly rateLimits: readonly RateLimit[];
  /** The event catalogue, and what services add to it. */
  readonly events: readonly EventDefinition[];
}
