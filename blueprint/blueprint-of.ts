/** The sum of the services: what each declares, under the names of a bar. */
import { type Names, physicalName } from "@serverlesspresso/contract";
import { catalogue } from "@serverlesspresso/contract/events";
import type { Declaration, Service } from "@serverlesspresso/services/declaration.ts";
import { dashboardOf } from "./dashboard.ts";
import { logGroupsOf } from "./log-groups.ts";
import { queuesOf } from "./queues.ts";
import { rateLimits } from "./rate-limits.ts";
import { routeOf } from "./routes.ts";
import { logAll, ruleOf } from "./rules.ts";
import type { Blueprint, FunctionBlueprint } from "./types.ts";
import { workflowsOf } from "./workflows.ts";

interface Declared {
  readonly service: string;
  readonly declaration: Declaration;
}

/**
 * Returns the whole system that these services make, with their workflows, as data.
 * @throws {RangeError} where two services declare a table, function, rule or queue of one name, or a rule names a queue that is not there
 */
export function blueprintOf(services: readonly Service[], names: Names): Blueprint {
  const declared = services.map(({ name, declare }): Declared => ({ service: name, declaration: declare(names) }));
  const all = <Part>(of: (declaration: Declaration) => readonly Part[] | undefined): Part[] =>
    declared.flatMap(({ declaration }) => of(declaration) ?? []);
  const named = (name: string): string => physicalName(names.bar, name);
  const streams = all(({ streams }) => streams);
  const blueprint: Blueprint = {
    names,
    tables: all(({ tables }) => tables).map(({ seed: _, ...table }) => {
      const consumers = streams
        .filter((stream) => stream.table === table.name)
        .map(({ table: _, ...consumer }) => ({ ...consumer, function: named(consumer.function) }));
      return { ...table, ...(consumers.length > 0 && { stream: consumers }) };
    }),
    functions: declared.flatMap((one) => functionsOf(one, named)),
    workflows: workflowsOf(names),
    bus: { name: names.bus, source: names.eventSource },
    rules: [logAll(names), ...all(({ rules }) => rules).map((rule) => ruleOf(rule, names))],
    deadlines: all(({ deadlines }) => deadlines).map((deadline) => ({
      ...deadline,
      name: named(deadline.name),
      function: named(deadline.function),
      deadLetterQueue: names.deadLetterQueue,
    })),
    queues: queuesOf(
      all(({ queues }) => queues),
      names,
    ),
    topics: all(({ topics }) => topics),
    logGroups: logGroupsOf(names),
    dashboard: dashboardOf(names),
    seed: all(({ tables }) => tables).flatMap(({ name, seed = [] }) => seed.map((item) => ({ tableName: name, item }))),
    routes: declared.flatMap(({ declaration }) => (declaration.routes ?? []).map((route) => routeOf(route, declaration, named))),
    rateLimits,
    events: [...catalogue, ...all(({ events }) => events)],
  };
  checkNames(blueprint);
  return blueprint;
}

function functionsOf({ service, declaration }: Declared, named: (name: string) => string): FunctionBlueprint[] {
  return Object.entries(declaration.functions).map(([shortName, { handler, description, uses, memoryMb = 256, timeoutSeconds = 30 }]) => ({
    name: named(shortName),
    shortName,
    service,
    description,
    kind: handler.kind,
    uses,
    memoryMb,
    timeoutSeconds,
  }));
}

function checkNames({ tables, functions, rules, queues }: Blueprint): void {
  for (const parts of [tables, functions, rules, queues]) {
    const twice = parts.find(({ name }, at) => parts.findIndex((one) => one.name === name) < at);
    if (twice !== undefined) throw new RangeError(`"${twice.name}" is declared twice, expected once`);
  }
  const known = new Set(queues.map(({ name }) => name));
  for (const { name, targets } of rules) {
    const missing = targets.find((target) => target.kind === "queue" && !known.has(target.name));
    if (missing !== undefined) throw new RangeError(`rule "${name}": no service declares the queue "${missing.name}"`);
  }
}
