/** Makes an event for the main path of a function from what the function reads; a new function is tested with it. */
import { ConfigChanged, type EventDefinition } from "@serverlesspresso/contract/events";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { FunctionSource } from "@serverlesspresso/services/edges/function-source.ts";
import { z } from "zod";

/** Returns an event as this kind of function receives it. */
export function exampleEvent({ kind, events = [ConfigChanged], schemas = {} }: FunctionSource): JsonValue {
  const [event = ConfigChanged] = events;
  switch (kind) {
    case "rule":
      return envelopeOf(event);
    case "queue":
      return { Records: [{ messageId: "m", body: JSON.stringify(envelopeOf(event)) }] };
    case "stream":
      return { Records: [{ eventID: "e", eventName: "INSERT", dynamodb: { Keys: {}, NewImage: {} } }] };
    case "route": {
      const { pathParameters, query, body } = schemas;
      return {
        pathParameters: textsOf(requiredOf(pathParameters)),
        queryStringParameters: textsOf(requiredOf(query)),
        headers: {},
        body: requiredOf(body),
        identity: { sub: "ada", groups: ["admin"] },
      };
    }
    case "task":
    case "signal":
      return {};
    default:
      return kind satisfies never;
  }
}

function envelopeOf({ source, detailType, detail }: EventDefinition): JsonObject {
  return {
    version: "0",
    id: "event-1",
    "detail-type": detailType,
    source,
    account: "123456789012",
    time: "2026-01-01T00:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: exampleOf(detail),
  };
}

const jsonSchemaOf = (schema: z.ZodType): JsonObject => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonObject;
const exampleOf = (schema: z.ZodType): JsonValue => sampleOf(jsonSchemaOf(schema));

/** Returns a request with its required members only. */
function requiredOf(schema: z.ZodType | undefined): JsonObject {
  const { properties = {}, required = [] } = schema === undefined ? {} : jsonSchemaOf(schema);
  const needed = Object.entries(properties as JsonObject).filter(([name]) => (required as readonly string[]).includes(name));
  return Object.fromEntries(needed.map(([name, inner]) => [name, sampleOf(inner as JsonObject)]));
}

const textsOf = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

/** Returns a value that a JSON Schema accepts: the first of several choices, and every member of an object. */
function sampleOf(schema: JsonObject): JsonValue {
  const { type, properties, anyOf, oneOf, minimum = 1 } = schema;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  const [choice] = [schema.enum, anyOf ?? oneOf].flatMap((choices) => (Array.isArray(choices) ? choices : [])) as JsonValue[];
  if (choice !== undefined) return Array.isArray(schema.enum) ? choice : sampleOf(choice as JsonObject);
  if (type === "object" || properties !== undefined) {
    return Object.fromEntries(
      Object.entries((properties ?? {}) as JsonObject).map(([name, inner]) => [name, sampleOf(inner as JsonObject)]),
    );
  }
  if (type === "array") return [];
  if (type === "integer" || type === "number") return minimum;
  return type === "boolean" ? true : "example";
}
