import type { Declaration, RouteDeclaration } from "@serverlesspresso/services/declaration.ts";
import type { RouteBlueprint } from "@serverlesspresso/services/resources.ts";

/** Returns a service's route, with the schemas that its function checks. @throws {RangeError} where the function is no route's */
export function routeOf(route: RouteDeclaration<string>, { functions }: Declaration, named: (name: string) => string): RouteBlueprint {
  if ("workflow" in route) {
    const { workflow, ...rest } = route;
    return { ...rest, target: { workflow: named(workflow) } };
  }
  const { function: fn, ...rest } = route;
  const schemas = functions[fn]?.handler.schemas;
  if (schemas === undefined) throw new RangeError(`route "${route.operationId}": function "${fn}" is no route's, expected a routeFunction`);
  return { ...rest, ...schemas, target: { function: named(fn) } };
}
