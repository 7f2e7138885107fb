/** The edge of a route's function: the gateway has checked the request against these very schemas; here they make it typed. */
import { UserId } from "@serverlesspresso/contract/ids";
import type { FunctionHandler, Identity, JsonValue, RouteResponse } from "@serverlesspresso/ports";
import { z } from "zod";
import type { RouteSchemas } from "../resources.ts";
import type { Deps } from "../shared/deps.ts";
import { ProblemError } from "../shared/problem-error.ts";
import type { FunctionSource } from "./function-source.ts";

const nothing = { success: true, data: {} } as const;
type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : Readonly<Record<string, never>>;
/** A request, checked. */
export interface RouteCall<Schemas extends RouteSchemas> {
  readonly path: Parsed<Schemas["pathParameters"]>;
  readonly query: Parsed<Schemas["query"]>;
  readonly body: Parsed<Schemas["body"]>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly identity: Identity | null;
  /** The address that the caller's connection comes from. */
  readonly address: string;
  /** The device's secret, where the route takes one and the request has one. */
  readonly bearer: string | undefined;
}
/** What answers a route's requests. @throws {ProblemError} becomes the answer; anything else is the function's failure */
export type Answer<Schemas extends RouteSchemas> = (call: RouteCall<Schemas>) => Promise<RouteResponse>;

/** A request as gateways hand it over; what is left out by hand is empty. */
const Request = z.object({
  pathParameters: z.record(z.string(), z.string()).default({}),
  queryStringParameters: z.record(z.string(), z.string()).default({}),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  identity: z
    .object({ sub: z.string(), groups: z.array(z.string()), name: z.string().optional() })
    .nullable()
    .default(null),
  address: z.string().default(""),
  bearer: z.string().optional(),
});

/** Makes a route's function of its schemas and of what answers. */
export function routeFunction<const Schemas extends RouteSchemas>(
  schemas: Schemas,
  answerOf: (deps: Deps) => Answer<Schemas>,
): FunctionSource {
  return { kind: "route", schemas, create: (deps) => handlerOf(schemas, answerOf(deps)) };
}

function handlerOf<Schemas extends RouteSchemas>(schemas: Schemas, answer: Answer<Schemas>): FunctionHandler {
  return async (event) => {
    try {
      return jsonOf(await answer(parseCall(schemas, event)));
    } catch (error) {
      if (error instanceof ProblemError) return jsonOf(problemResponse(error));
      throw error;
    }
  };
}

function parseCall<Schemas extends RouteSchemas>(schemas: Schemas, event: JsonValue): RouteCall<Schemas> {
  const { pathParameters, queryStringParameters, headers, body, identity, address, bearer } = Request.parse(event);
  const name = identity?.name;
  return {
    path: parsed<Schemas["pathParameters"]>(schemas.pathParameters, pathParameters, "invalid-request"),
    query: parsed<Schemas["query"]>(schemas.query, queryStringParameters, "invalid-request"),
    body: parsed<Schemas["body"]>(schemas.body, body ?? {}, "invalid-body"),
    headers,
    identity: identity === null ? null : { sub: identity.sub, groups: identity.groups, ...(name !== undefined && { name }) },
    address,
    bearer,
  };
}

function parsed<Schema>(schema: z.ZodType | undefined, value: unknown, slug: "invalid-request" | "invalid-body"): Parsed<Schema> {
  const result = schema?.safeParse(value) ?? nothing;
  if (!result.success) throw new ProblemError(slug, "The request does not fit its route.");
  return result.data as Parsed<Schema>;
}

function jsonOf({ statusCode, body, headers }: RouteResponse): JsonValue {
  return { statusCode, body, ...(headers !== undefined && { headers }) };
}

function problemResponse({ problem, retryAfterSeconds }: ProblemError): RouteResponse {
  const { errors, ...body } = problem;
  return {
    statusCode: problem.status,
    headers: {
      "content-type": "application/problem+json",
      ...(problem.status === 401 && { "www-authenticate": "Bearer" }),
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: { ...body, ...(errors !== undefined && { errors: errors.map((fault) => ({ ...fault })) }) },
  };
}

/** Who calls a route, their subject as events and items name it. */
export interface Caller extends Identity {
  readonly sub: UserId;
}

/** Returns the caller of a route that demands one. @throws {ProblemError} `not-signed-in` */
export function caller({ identity }: { readonly identity: Identity | null }): Caller {
  if (identity === null) throw new ProblemError("not-signed-in", "Sign in first.");
  return { ...identity, sub: UserId.parse(identity.sub) };
}

/** Returns whether the caller works at the bar. */
export function isAdmin({ groups }: Identity): boolean {
  return groups.includes("admin");
}
