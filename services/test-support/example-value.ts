/**
 * Makes a value that a schema accepts.
 *
 * EX1. A schema that says more than its JSON Schema can (a refinement, a transformation) gives its own: `.meta({ examples: ["0042"] })`.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import fc from "fast-check";
import { z } from "zod";

/** Returns a value that `schema` accepts, with every member of an object. */
export function exampleOf(schema: z.ZodType): JsonValue {
  return sampleOf(jsonSchemaOf(schema));
}

/** Returns a value that `schema` accepts, with the required members of an object only; an empty object for no schema. */
export function requiredOf(schema: z.ZodType | undefined): JsonValue {
  if (schema === undefined) return {};
  const json = jsonSchemaOf(schema);
  const { properties, required = [] } = json;
  if (properties === undefined || given(json) !== undefined) return sampleOf(json);
  const needed = Object.entries(properties as JsonObject).filter(([name]) => (required as readonly string[]).includes(name));
  return Object.fromEntries(needed.map(([name, inner]) => [name, sampleOf(inner as JsonObject)]));
}

function jsonSchemaOf(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonObject;
}

function sampleOf(schema: JsonObject): JsonValue {
  const { type, properties, items, minItems = 0 } = schema;
  const value = given(schema);
  if (value !== undefined) return value;
  const [choice] = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((choices) => (Array.isArray(choices) ? choices : []));
  if (choice !== undefined) return sampleOf(choice as JsonObject);
  if (type === "object" || properties !== undefined) {
    const members = Object.entries((properties ?? {}) as JsonObject);
    return Object.fromEntries(members.map(([name, inner]) => [name, sampleOf(inner as JsonObject)]));
  }
  if (type === "array") return Array.from({ length: Number(minItems) }, () => sampleOf((items ?? {}) as JsonObject));
  if (type === "integer" || type === "number") return numberOf(schema);
  if (type === "null") return null;
  return type === "boolean" ? true : textOf(schema);
}

/** Returns what the schema says itself: its own example, its default, its one value, the first of several. */
function given({ examples, default: value, const: only, enum: several }: JsonObject): JsonValue | undefined {
  return [examples, [value], [only], several].flatMap((values) => (Array.isArray(values) ? values : [])).find((one) => one !== undefined);
}

function numberOf({ minimum, exclusiveMinimum, maximum }: JsonObject): number {
  const least = Math.max(Number(minimum ?? 1), Number(exclusiveMinimum ?? 0) + 1, 1);
  return Math.min(least, Number(maximum ?? least));
}

function textOf({ format, pattern, minLength = 0, maxLength = 64 }: JsonObject): string {
  if (format === "email") return "ada@example.org";
  if (format === "uri") return "https://example.org/";
  if (format === "date-time") return "2026-01-01T00:00:00Z";
  if (typeof pattern === "string") return textLike(new RegExp(pattern));
  return "example".padEnd(Number(minLength), "e").slice(0, Number(maxLength));
}

/** Returns the same text each time. */
function textLike(pattern: RegExp): string {
  const [text = ""] = pattern.test("example") ? ["example"] : fc.sample(fc.stringMatching(pattern), { seed: 1, numRuns: 1 });
  return text;
}
