/** Makes what calls a function, from what the function reads: a new function and a new route are tested with it, without a row of their own. */
import { ConfigChanged, type EventDefinition } from "@serverlesspresso/contract/events";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { ExampleCall } from "../declaration.ts";
import type { FunctionSource } from "../edges/function-source.ts";
import type { RouteSchemas } from "../resources.ts";
import { exampleOf, requiredOf } from "./example-value.ts";

/** What an example says of its call. */
export type ExampleParts = Omit<ExampleCall, "function">;

/** Returns an event as the handler of this kind of function receives it. @param parts what is not as the schemas make it */
export function exampleEvent({ kind, events = [ConfigChanged], schemas = {} }: FunctionSource, parts: ExampleParts = {}): JsonValue {
  const [event = ConfigChanged] = events;
  switch (kind) {
    case "rule":
      return envelopeOf(event, parts);
    case "queue":
      return { Records: [{ messageId: "m", body: JSON.stringify(envelopeOf(event, parts)) }] };
    case "stream":
      return { Records: [{ eventID: "e", eventName: "INSERT", dynamodb: { Keys: {}, NewImage: {} } }] };
    case "route": {
      const { pathParameters, query: queryStringParameters, body } = exampleRequest(schemas, parts);
      return { pathParameters, queryStringParameters, headers: {}, body, identity: { sub: "ada", groups: ["admin"] } };
    }
    case "task":
    case "signal":
      return parts.detail ?? {};
    default:
      return kind satisfies never;
  }
}

/** A request that a route takes, with no more than it has to have. */
export interface ExampleRequest {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonValue;
}

/** Returns a request that these schemas accept. @param parts what is not as they make it */
export function exampleRequest({ pathParameters, query, body }: RouteSchemas, parts: ExampleParts = {}): ExampleRequest {
  return {
    pathParameters: parts.pathParameters ?? textsOf(requiredOf(pathParameters)),
    query: parts.query ?? textsOf(requiredOf(query)),
    body: parts.body ?? requiredOf(body),
  };
}

/** Returns the path and query of a request to a route: `/orders/example?action=make`. */
export function urlOf(path: string, { pathParameters, query }: ExampleRequest): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(pathParameters[name] ?? "example"));
  const search = new URLSearchParams(query).toString();
  return search === "" ? filled : `${filled}?${search}`;
}

function envelopeOf({ source, detailType, detail }: EventDefinition, parts: ExampleParts): JsonObject {
  return {
    version: "0",
    id: "event-1",
    "detail-type": detailType,
    source,
    account: "123456789012",
    time: "2026-01-01T00:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: parts.detail ?? exampleOf(detail),
  };
}

function textsOf(value: JsonValue): Record<string, string> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, member]) => [name, String(member)]));
}
