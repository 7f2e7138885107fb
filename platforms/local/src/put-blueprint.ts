import type { Blueprint } from "@serverlesspresso/blueprint";
import { platformTableOf } from "@serverlesspresso/blueprint/edge/platform-table.ts";
import { putDashboard } from "./dashboard.ts";
import type { Engines } from "./engines.ts";
import { putLogGroups } from "./log-groups.ts";
import { putQueues } from "./queues.ts";
import { putRules } from "./rules.ts";
import { seedTables } from "./seed.ts";
import { putTables } from "./tables.ts";
import { putWorkflows } from "./workflows.ts";

/** Brings everything the blueprint names into the engines, in one transaction. */
export async function putBlueprint({ store, tables, queues, workflows, bus, logs, metrics }: Engines, blueprint: Blueprint): Promise<void> {
  await store.transact((tx) => {
    putTables(tx, tables, [...blueprint.tables, platformTableOf(blueprint.names)]);
    seedTables(tx, tables, blueprint.seed);
    putQueues(tx, queues, blueprint.queues);
    putWorkflows(tx, workflows, blueprint.workflows);
    putLogGroups(tx, logs, blueprint.logGroups);
    putDashboard(tx, metrics, blueprint.dashboard);
    putRules(tx, bus, blueprint.bus.name, blueprint.rules);
  });
}
