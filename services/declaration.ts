/**
 * What a service says of itself.
 *
 * J1. Functions, queues, rules and workflows have their short names here (`GetCode`); the sum of the services gives them the names of
 *     their bar. Tables and topics come by the bar's own names, as handlers need them.
 * J2. A rule, queue, stream, deadline or route names a function of its own service, or it does not compile.
 */
import type { Names, ProblemSlug } from "@serverlesspresso/contract";
import type { EventDefinition } from "@serverlesspresso/contract/events";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { FunctionSource } from "./edges/function-source.ts";
import type { DeadlineBlueprint, RouteBlueprint, SeedItem, TableBlueprint, TopicBlueprint } from "./resources.ts";
import type { Use } from "./use.ts";

/** The state machines, whose definitions stand in `blueprint/workflows`. */
export type WorkflowName = "OrderProcessorWorkflow" | "OrderManagerStateMachine";

/** A function: what it does, and all that it calls. */
export interface FunctionDeclaration {
  readonly handler: FunctionSource;
  /** A line that follows its name: "answers one order". */
  readonly description: string;
  readonly uses: readonly Use[];
  /** Default 256. */
  readonly memoryMb?: number;
  /** Default 30. */
  readonly timeoutSeconds?: number;
}

/** A table with the items that a new shop starts with, in DynamoDB JSON. */
export interface TableDeclaration extends Omit<TableBlueprint, "stream"> {
  readonly seed?: readonly SeedItem["item"][];
}

/** A function on the stream of a table, its own service's or another's. */
export interface StreamDeclaration<Functions extends string> {
  readonly table: string;
  readonly function: Functions;
  readonly batchSize: number;
  /** An event pattern over the stream record. */
  readonly filter?: JsonObject;
}

/** A queue that feeds a function, with a dead-letter queue `NAME-DLQ` beside it. */
export interface QueueDeclaration<Functions extends string> {
  readonly name: string;
  readonly function: Functions;
  /** Default 10. */
  readonly batchSize?: number;
  /** Default 30. */
  readonly batchWindowSeconds?: number;
}

/** All events whose detail-type begins so. */
export interface EventPrefix {
  readonly prefix: string;
}
/** What a rule delivers to. */
export type RuleTarget<Functions extends string> =
  | { readonly function: Functions }
  /** A queue of the same service. */
  | { readonly queue: string }
  | { readonly workflow: WorkflowName; readonly executionNamePath: string };
/** A rule on the bus that the event comes by. */
export interface RuleDeclaration<Functions extends string> {
  readonly name: string;
  readonly description: string;
  readonly on: readonly (EventDefinition | EventPrefix)[];
  /** What the detail must hold besides, as an event pattern. */
  readonly detail?: JsonObject;
  readonly target: RuleTarget<Functions>;
}

/** A route of the API. What its function checks is said by the function; a workflow's route says it here. */
export type RouteDeclaration<Functions extends string> = Omit<
  RouteBlueprint,
  "target" | "pathParameters" | "query" | "body" | "problems"
> & {
  readonly problems: readonly ProblemSlug[];
} & ({ readonly function: Functions } | ({ readonly workflow: WorkflowName } & Pick<RouteBlueprint, "pathParameters" | "query" | "body">));

/** A deadline of a service. */
export interface DeadlineDeclaration<Functions extends string> extends Omit<DeadlineBlueprint, "function" | "deadLetterQueue"> {
  readonly function: Functions;
}

/**
 * A call that takes a function a way which the call made from its schemas does not. What it leaves out is made. Guest `ada`, of group `admin`
 * too, is who calls a route.
 */
export interface ExampleCall<Functions extends string = string> {
  readonly function: Functions;
  /** An event's detail, or a task's input. */
  readonly detail?: JsonObject;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
}

/** All that a service is. */
export interface Declaration<Functions extends string = string> {
  readonly tables?: readonly TableDeclaration[];
  readonly streams?: readonly StreamDeclaration<NoInfer<Functions>>[];
  readonly queues?: readonly QueueDeclaration<NoInfer<Functions>>[];
  readonly rules?: readonly RuleDeclaration<NoInfer<Functions>>[];
  readonly deadlines?: readonly DeadlineDeclaration<NoInfer<Functions>>[];
  readonly topics?: readonly TopicBlueprint[];
  readonly routes?: readonly RouteDeclaration<NoInfer<Functions>>[];
  /** Events of its own, beside the catalogue's. */
  readonly events?: readonly EventDefinition[];
  readonly functions: Readonly<Record<Functions, FunctionDeclaration>>;
  /** Calls that together take its functions every way they have. Tests make them in turn; a function without one is called with what its schemas make. */
  readonly examples?: readonly ExampleCall<NoInfer<Functions>>[];
}

/** A service: a function of the names of its bar, so that a second bar is a parameter. */
export interface Service<Name extends string = string, Functions extends string = string> {
  readonly name: Name;
  /** The URL of the module that exports it as `service`: the bundler makes Lambda entries that import it. */
  readonly module: string;
  readonly declare: (names: Names) => Declaration<Functions>;
}
