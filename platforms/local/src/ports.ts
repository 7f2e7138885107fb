import { createEventsPort, type EventBus } from "@serverlesspresso/event-bus";
import type {
  Clock,
  Identities,
  Ids,
  JsonValue,
  Metrics,
  Ports,
  Settings,
  States,
  SyncResult,
  Tasks,
  Topics,
} from "@serverlesspresso/ports";
import type { Store } from "@serverlesspresso/store";
import { createTablesPort, type TablesEngine } from "@serverlesspresso/tables";
import type { Workflows } from "@serverlesspresso/workflow";
import { arns } from "./place.ts";

/** The engines behind the ports of the services. */
export interface PortEngines {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tables: TablesEngine;
  readonly bus: EventBus;
  readonly busName: string;
  readonly workflows: Workflows;
  readonly topics: Topics;
  readonly metrics: Metrics;
  readonly identities: Identities;
  readonly settings: Settings;
}

/** The ports of the services over the engines in this process. */
export function createPorts({ store, tables, bus, busName, workflows, ...others }: PortEngines): Ports {
  const { clock, ids, topics, metrics, identities, settings } = others;
  return {
    clock,
    ids,
    topics,
    metrics,
    identities,
    settings,
    tables: createTablesPort(store, tables),
    events: createEventsPort(store, bus, busName),
    states: createStatesPort(store, workflows),
    tasks: createTasksPort(store, workflows),
  };
}

/** Step Functions' verbs; failures keep the engine's codes. */
export function createStatesPort(store: Store, workflows: Workflows): States {
  return {
    async startExecution({ stateMachineName, name, input }) {
      const request = {
        stateMachineArn: arns.workflow(stateMachineName),
        input: JSON.stringify(input),
        ...(name !== undefined && { name }),
      };
      const { executionArn } = await store.transact((tx) => workflows.execute(tx, "StartExecution", request));
      return { executionArn: executionArn as string };
    },
    async startSyncExecution({ stateMachineName, input }) {
      const answer = await workflows.startSyncExecution({ stateMachineArn: arns.workflow(stateMachineName), input: JSON.stringify(input) });
      const { status, output, error, cause } = answer as { readonly [member: string]: string | undefined };
      return {
        status: status as SyncResult["status"],
        ...(output !== undefined && { output: JSON.parse(output) as JsonValue }),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      };
    },
  };
}

/** Step Functions' verbs for a waiting task; failures keep the engine's codes. */
export function createTasksPort(store: Store, workflows: Workflows): Tasks {
  return {
    async sendTaskSuccess({ taskToken, output }) {
      await store.transact((tx) => workflows.execute(tx, "SendTaskSuccess", { taskToken, output: JSON.stringify(output) }));
    },
    async sendTaskFailure({ taskToken, error, cause }) {
      await store.transact((tx) => workflows.execute(tx, "SendTaskFailure", { taskToken, error, cause }));
    },
  };
}
