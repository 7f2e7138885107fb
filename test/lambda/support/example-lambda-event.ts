/** Makes what Lambda hands to a function's entry, from what the function reads. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import type { FunctionSource } from "@serverlesspresso/services/edges/function-source.ts";
import { exampleEvent, exampleRequest, urlOf } from "@serverlesspresso/services/test-support/example-event.ts";
import { httpApiEvent } from "./http-api-event.ts";

/** The claims of a barista, whom every route of a service lets in. */
const claims = { sub: "ada", token_use: "access", "cognito:groups": "[admin]" };

/**
 * Returns an event as the entry of the function `name` receives it: a route's from API Gateway, any other as its handler does.
 * @throws {RangeError} for a route's function that no route of `blueprint` has as its target
 */
export function exampleLambdaEvent(name: string, source: FunctionSource, { routes }: Pick<Blueprint, "routes">): unknown {
  if (source.kind !== "route") return exampleEvent(source);
  const route = routes.find(({ target }) => "function" in target && target.function === name);
  if (route === undefined) throw new RangeError(`function "${name}": no route has it as its target`);
  const request = exampleRequest(route);
  const [rawPath = "", rawQueryString = ""] = urlOf(route.path, request).split("?");
  return httpApiEvent({
    route,
    pathParameters: request.pathParameters,
    rawPath,
    rawQueryString,
    headers: { "content-type": "application/json" },
    body: Buffer.from(route.method === "GET" ? "" : JSON.stringify(request.body)),
    sourceIp: "127.0.0.1",
    authorized: route.who === "public" ? undefined : { claims, scopes: [] },
    nowMs: 0,
  });
}
