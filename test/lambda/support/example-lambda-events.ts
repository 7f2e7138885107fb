/** Makes what Lambda hands to a function's entry, from what the function reads. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { FunctionSource } from "@serverlesspresso/services/edges/function-source.ts";
import type { RouteBlueprint } from "@serverlesspresso/services/resources.ts";
import { type ExampleParts, exampleEvent, exampleRequest, urlOf } from "@serverlesspresso/services/test-support/example-event.ts";
import { type HttpApiEvent, httpApiEvent } from "./http-api-event.ts";

/** The claims of an operator, whom every route of a service lets in. */
const claims = { sub: "ada", token_use: "access", "cognito:groups": "[admin operator]" };

/**
 * Returns events as the entry of the function `name` receives them: a route's from API Gateway, any other as its handler does. A request that
 * changes something comes twice under one key, so that its entry keeps its answer and finds it.
 * @param parts what is not as the schemas make it
 * @param key of a request, its own within a bar
 * @throws {RangeError} for a route's function that no route of `blueprint` has as its target
 */
export function exampleLambdaEvents(
  name: string,
  source: FunctionSource,
  { routes }: Pick<Blueprint, "routes">,
  parts: ExampleParts = {},
  key = "example",
): unknown[] {
  if (source.kind !== "route") return [exampleEvent(source, parts)];
  const route = routes.find(({ target }) => "function" in target && target.function === name);
  if (route === undefined) throw new RangeError(`function "${name}": no route has it as its target`);
  const event = requestTo(route, parts, key);
  return route.method === "GET" ? [event] : [event, event];
}

function requestTo(route: RouteBlueprint, parts: ExampleParts, key: string): HttpApiEvent {
  const request = exampleRequest(route, parts);
  const [rawPath = "", rawQueryString = ""] = urlOf(route.path, request).split("?");
  return httpApiEvent({
    route,
    pathParameters: request.pathParameters,
    rawPath,
    rawQueryString,
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: Buffer.from(route.method === "GET" ? "" : JSON.stringify(request.body)),
    sourceIp: "127.0.0.1",
    authorized: route.who === "public" ? undefined : { claims, scopes: [] },
    nowMs: 0,
  });
}
