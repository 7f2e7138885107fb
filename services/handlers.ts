import { type Names, physicalName } from "@serverlesspresso/contract";
import type { FunctionHandler, Ports } from "@serverlesspresso/ports";
import type { Service } from "./declaration.ts";
import { depsOf } from "./shared/deps.ts";

/** Returns the handlers of these services over `ports`, each under its function's name in the bar. */
export function createHandlers(services: readonly Service[], ports: Ports, names: Names): Readonly<Record<string, FunctionHandler>> {
  const deps = depsOf(ports, names);
  const entries = services.flatMap(({ declare }) => Object.entries(declare(names).functions));
  return Object.fromEntries(entries.map(([name, { handler }]) => [physicalName(names.bar, name), handler.create(deps)]));
}
