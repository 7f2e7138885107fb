/** The OpenAPI 3.1 document, from the very schemas that check requests. */
import { configSentences, problemTypes } from "@serverlesspresso/contract";
import { ProblemBody } from "@serverlesspresso/contract/api";
import type { JsonObject } from "@serverlesspresso/ports";
import type { RouteBlueprint } from "@serverlesspresso/services/resources.ts";
import { z } from "zod";

/** Problems any route may answer. */
const anyRoute = ["invalid-request", "misdirected-request", "too-many-requests", "internal-error", "unavailable"];
/** Problems of whatever takes a body. */
const anyChange = ["payload-too-large", "unsupported-media-type"];

/** Describes `routes` as OpenAPI 3.1. @param version the release that serves them */
export function openApiDocument(routes: readonly RouteBlueprint[], version: string): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    (paths[route.path] as Record<string, JsonObject>)[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Serverlesspresso", version, description: "Orders, QR codes and configuration of a pop-up coffee bar." },
    paths,
    components: {
      schemas: { Problem: jsonSchema(ProblemBody, "output") },
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        deviceSecret: { type: "http", scheme: "bearer", description: "What `POST /pairings` gave the device." },
      },
    },
  };
}

function operation(route: RouteBlueprint): JsonObject {
  return {
    operationId: route.operationId,
    summary: route.summary,
    security: securityOf(route),
    parameters: [...parameters(route.pathParameters, "path"), ...parameters(route.query, "query"), ...idempotencyKey(route)],
    ...(route.body === undefined ? {} : { requestBody: { content: { "application/json": { schema: jsonSchema(route.body, "input") } } } }),
    responses: {
      [String(route.success.status)]: {
        description: route.success.description,
        content: { "application/json": { schema: jsonSchema(route.success.schema, "output") } },
      },
      ...(route.pending !== undefined && {
        "202": {
          description: route.pending.description,
          content: { "application/json": { schema: jsonSchema(route.pending.schema, "output") } },
        },
      }),
      ...problemResponses(route),
    },
  };
}

function securityOf({ who, bearer }: RouteBlueprint): JsonObject[] {
  if (bearer !== undefined) return [{ [bearer]: [] }];
  return who === "public" ? [] : [{ accessToken: [] }];
}

function parameters(schema: z.ZodType | undefined, where: "path" | "query"): JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, "input") as {
    readonly properties?: Readonly<Record<string, JsonObject>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: shape,
  }));
}

/** A key belongs to a user, and a public call names none. */
function idempotencyKey({ method, who }: RouteBlueprint): JsonObject[] {
  if (method === "GET" || who === "public") return [];
  const description = "A repeat under the same key answers as the first did.";
  return [{ name: "Idempotency-Key", in: "header", required: false, description, schema: { type: "string", maxLength: 128 } }];
}

function problemResponses(route: RouteBlueprint): JsonObject {
  const access = route.who === "public" ? [] : ["not-signed-in", ...(route.who === "signedIn" ? [] : ["not-allowed"])];
  const change = route.method === "GET" ? [] : [...anyChange, ...(route.who === "public" ? [] : ["idempotency-key-reused"])];
  const byStatus = new Map<number, string[]>();
  for (const [slug, [status]] of Object.entries(problemTypes)) {
    if (![...anyRoute, ...access, ...change, ...route.problems].includes(slug)) continue;
    byStatus.set(status, [...(byStatus.get(status) ?? []), slug]);
  }
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return Object.fromEntries([...byStatus].map(([status, slugs]) => [String(status), { description: slugs.join(", "), content }]));
}

/** A schema as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", override: describeLimit });
  return rest as JsonObject;
}

/** Says what a limit of the configuration limits, beside its bounds. */
function describeLimit({
  jsonSchema,
  path,
}: {
  readonly jsonSchema: { description?: string };
  readonly path: readonly PropertyKey[];
}): void {
  const sentence = Object.entries(configSentences).find(([name]) => name === path.at(-1))?.[1];
  if (sentence !== undefined) jsonSchema.description = sentence;
}
