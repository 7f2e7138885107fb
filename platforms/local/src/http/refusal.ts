import { type ProblemSlug, problem } from "@serverlesspresso/blueprint";
import type { JsonValue, Problem, RouteResponse } from "@serverlesspresso/ports";

/** A request that is refused before or beside its handler: a problem of RFC 9457. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  constructor(slug: ProblemSlug, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.problem = problem(slug, detail);
    this.headers = headers;
  }
}

/** A problem as an answer. */
export function problemResponse(body: Problem, headers: Readonly<Record<string, string>> = {}): RouteResponse {
  return { statusCode: body.status, body: body as unknown as JsonValue, headers };
}

/** @param waitSeconds after which one more is allowed */
export function tooManyRequests(waitSeconds: number): Refusal {
  return new Refusal("too-many-requests", `Too many requests. Try again in ${waitSeconds} s.`, { "retry-after": String(waitSeconds) });
}
