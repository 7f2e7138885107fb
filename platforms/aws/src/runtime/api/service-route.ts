import { routeOf } from "@serverlesspresso/blueprint/routes.ts";
import type { FunctionHandler, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import type { Declaration } from "@serverlesspresso/services/declaration.ts";
import { edgeKey } from "../wiring/edge-key.ts";
import { type ApiHandler, type ApiOptions, type ApiRoute, apiHandler } from "./handler.ts";

/** The handler of a function that its service names as a route's target. @throws {RangeError} where no route has it */
export function serviceRoute(
  declaration: Declaration,
  name: string,
  handle: FunctionHandler,
  options: Omit<ApiOptions, "edgeKey">,
): ApiHandler {
  const route = declaration.routes?.find((one) => "function" in one && one.function === name);
  if (route === undefined) throw new RangeError(`function "${name}": no route of its service has it as its target`);
  const { method, path, who, bearer, pathParameters, query, body } = routeOf(route, declaration, (short) => short);
  const answer: ApiRoute["answer"] = async (request, context) =>
    (await handle(request as unknown as JsonValue, context)) as unknown as RouteResponse;
  const schemas = { ...(pathParameters && { pathParameters }), ...(query && { query }), ...(body && { body }) };
  return apiHandler({ method, path, who, ...(bearer && { bearer }), ...schemas, answer }, { ...options, edgeKey });
}
