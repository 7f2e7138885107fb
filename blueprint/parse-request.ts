/**
 * The edge: what arrives is checked once, here, against the route's schemas.
 * A wrong path or query is 400 (a wrong path id is an unknown order, 404); a wrong body is 422.
 */
import { type Problem, type ProblemSlug, problem } from "@serverlesspresso/contract";
import type { JsonValue } from "@serverlesspresso/ports";
import type { RouteSchemas } from "@serverlesspresso/services/resources.ts";
import type { z } from "zod";
import { faultSentences } from "./fault-sentences.ts";

/** What a request may carry before it is checked. */
export interface RawRequest {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Undefined without a body. */
  readonly body: unknown;
}
/** What a route's function may trust. Numbers of the query are text again, defaults filled in. */
export interface ParsedRequest {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly body: JsonValue;
}

/** Checks a request against its route. */
export function parseRequest(route: RouteSchemas, raw: RawRequest): { readonly request: ParsedRequest } | { readonly problem: Problem } {
  const path = check(route.pathParameters, raw.pathParameters);
  if (!path.success) return { problem: problem("order-not-found", "There is no order of yours under this id.") };
  const query = check(route.query, raw.query);
  if (!query.success) return { problem: faults("invalid-request", query.error, raw.query) };
  const body = check(route.body, raw.body ?? {});
  if (!body.success) return { problem: faults("invalid-body", body.error, raw.body ?? {}) };
  return {
    request: {
      pathParameters: texts(path.data),
      queryStringParameters: texts(query.data),
      body: (route.body === undefined ? {} : body.data) as JsonValue,
    },
  };
}

/** Parameters a route has no schema for are let be. */
function check(schema: z.ZodType | undefined, value: unknown): z.ZodSafeParseResult<unknown> {
  return schema === undefined ? { success: true, data: value } : schema.safeParse(value);
}

function texts(values: unknown): Record<string, string> {
  const entries = Object.entries(values as Record<string, unknown>).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function faults(slug: ProblemSlug, error: z.ZodError, request: unknown): Problem {
  const errors = faultSentences(error, request, 20);
  return problem(slug, errors[0]?.message ?? "The request is wrong.", errors);
}
