import type { EventBusOptions } from "@serverlesspresso/event-bus";
import type { FunctionsOptions } from "@serverlesspresso/functions";
import type { TablesOptions } from "@serverlesspresso/tables";
import type { Integrations, WorkflowDeps } from "@serverlesspresso/workflow";
import type { DeadlinesOptions } from "../deadlines.ts";
import type { StreamDeliveryOptions } from "../stream-delivery.ts";
import type { TargetEngines } from "../targets.ts";
import { type Connection, createConnection } from "./connection.ts";

/** What each engine calls of the others. Logs, metrics and queues call none. */
export interface EngineCalls {
  readonly functions: Pick<FunctionsOptions, "log">;
  readonly streams: Pick<StreamDeliveryOptions, "functions">;
  readonly tables: Required<Pick<TablesOptions, "onStreamRecords">>;
  readonly deadlines: Pick<DeadlinesOptions, "functions" | "tables">;
  readonly workflows: Required<Pick<WorkflowDeps, "invokeFunction" | "log" | "onStatusChange">> & { readonly integrations: Integrations };
  readonly bus: TargetEngines & Required<Pick<EventBusOptions, "deadLetter" | "marksReadFromMs">>;
}

/** A connection for each engine that calls others. */
export type EngineConnections = { readonly [Name in keyof EngineCalls]: Connection<EngineCalls[Name]> };

/** Returns the connections, none of them connected. */
export function createEngineConnections(): EngineConnections {
  return {
    functions: createConnection("functions"),
    streams: createConnection("streams"),
    tables: createConnection("tables"),
    deadlines: createConnection("deadlines"),
    workflows: createConnection("workflows"),
    bus: createConnection("bus"),
  };
}
