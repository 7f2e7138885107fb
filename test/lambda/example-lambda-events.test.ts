/** Every function of the blueprint has events that its entry takes, made without a row of its own. */
import { blueprint } from "@serverlesspresso/blueprint";
import { names } from "@serverlesspresso/contract";
import { services } from "@serverlesspresso/services";
import type { FunctionDeclaration } from "@serverlesspresso/services/declaration.ts";
import { expect, test } from "vitest";
import { getCard } from "../house/loyalty/card.ts";
import { exampleLambdaEvents } from "./support/example-lambda-events.ts";

const functions = services.flatMap(({ declare }) => Object.entries<FunctionDeclaration>(declare(names).functions));

test.each(functions.filter(([, { handler }]) => handler.kind === "route"))(
  "the route of %s is called as API Gateway calls it",
  (name, { handler }) => {
    const route = blueprint.routes.find(({ target }) => "function" in target && target.function === name);
    const events = exampleLambdaEvents(name, handler, blueprint);
    const request = { version: "2.0", requestContext: { http: { method: route?.method } }, headers: { "idempotency-key": "example" } };
    if (route?.who === "admin" || route?.who === "operator")
      expect(JSON.stringify(events[0])).toMatch(new RegExp(`"cognito:groups":"\\[[^\\]]*${route.who}`));
    // A change is repeated under its key.
    expect(events).toMatchObject(route?.method === "GET" ? [request] : [request, request]);
  },
);

test.each(functions.filter(([, { handler }]) => handler.kind !== "route"))("%s is called with one event", (name, { handler }) => {
  expect(exampleLambdaEvents(name, handler, blueprint)).toHaveLength(1);
});

test("a route's function that no route has as its target cannot be called", () => {
  expect(() => exampleLambdaEvents("GetCard", getCard, blueprint)).toThrow('function "GetCard": no route has it as its target');
});
