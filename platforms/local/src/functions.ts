import type { Blueprint } from "@serverlesspresso/blueprint";
import type { Functions } from "@serverlesspresso/functions";
import type { Ports } from "@serverlesspresso/ports";
import { createHandlers } from "@serverlesspresso/services";
import type { Service } from "@serverlesspresso/services/declaration.ts";

/**
 * Registers every function of the blueprint with the handler that the services have for it.
 * @throws {RangeError} where the services lack the function
 */
export function registerFunctions(
  functions: Functions,
  { functions: blueprints, names }: Pick<Blueprint, "functions" | "names">,
  services: readonly Service[],
  ports: Ports,
): void {
  const handlers = createHandlers(services, ports, names);
  for (const { name, service, description, timeoutSeconds } of blueprints) {
    const handler = handlers[name];
    if (handler === undefined) throw new RangeError(`function "${name}": service "${service}" has no handler for it`);
    functions.register(name, handler, { description, timeoutSeconds });
  }
}
