import { routes } from "@serverlesspresso/blueprint/routes.ts";
import type { FunctionName } from "@serverlesspresso/blueprint/types.ts";
import type { FunctionHandler, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import { type ApiHandler, type ApiOptions, type ApiRoute, apiHandler } from "./handler.ts";

/** The handler of a function that the blueprint names as a route's target. @throws {RangeError} where no route has it */
export function serviceRoute(name: FunctionName, handle: FunctionHandler, options: ApiOptions): ApiHandler {
  const blueprint = routes.find(({ target }) => "function" in target && target.function === name);
  if (blueprint === undefined) throw new RangeError(`function "${name}": no route of the blueprint has it as its target`);
  // The token itself stays here.
  const answer: ApiRoute["answer"] = async ({ bearer: _, ...request }, context) =>
    (await handle(request as unknown as JsonValue, context)) as unknown as RouteResponse;
  return apiHandler({ ...blueprint, answer }, options);
}
