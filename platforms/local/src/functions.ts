import type { Blueprint } from "@serverlesspresso/blueprint";
import { names } from "@serverlesspresso/contract";
import type { Functions } from "@serverlesspresso/functions";
import type { Ports } from "@serverlesspresso/ports";
import { createServices } from "@serverlesspresso/services";

/**
 * Registers every function of the blueprint with the handler that the services have for it.
 * @throws {RangeError} where the services have none
 */
export function registerFunctions(functions: Functions, blueprints: Blueprint["functions"], ports: Ports): void {
  const handlers = createServices(ports, names);
  for (const { name, service, description, timeoutSeconds } of blueprints) {
    const handler = handlers[name];
    if (handler === undefined) throw new RangeError(`function "${name}": service "${service}" has no handler for it`);
    functions.register(name, handler, { description, timeoutSeconds });
  }
}
