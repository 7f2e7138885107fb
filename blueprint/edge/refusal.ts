import { type Problem, type ProblemSlug, problem } from "@serverlesspresso/contract";
import type { JsonValue, RouteResponse } from "@serverlesspresso/ports";

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

/** What is behind it did not answer in time. */
export function tookTooLong(): Refusal {
  return new Refusal("unavailable", "That took too long. Try again.", { "retry-after": "1" });
}

/** No such path. */
export function nothingHere(): Refusal {
  return new Refusal("not-found", "There is nothing at this address.");
}

/** @param allow the methods it takes, as in the header */
export function otherMethod(allow: string): Refusal {
  return new Refusal("method-not-allowed", "This address does not take that method.", { allow });
}

/** @param isOver whether the call had credentials, which are invalid or have expired */
export function notSignedIn(isOver: boolean): Refusal {
  return isOver
    ? new Refusal("not-signed-in", "The sign-in has ended. Sign in again.", { "www-authenticate": 'Bearer error="invalid_token"' })
    : new Refusal("not-signed-in", "Sign in first.", { "www-authenticate": "Bearer" });
}

/** For guests where only baristas and displays may go. */
export function staffOnly(): Refusal {
  return new Refusal("not-allowed", "Only the shop's staff may do this.");
}

/** For everybody, the shop's staff too, where only operators may go. */
export function operatorsOnly(): Refusal {
  return new Refusal("not-allowed", "Only the shop's operators may do this.");
}

/** For whatever is our own fault: nothing of the inside goes out. */
export function internalError(): Refusal {
  return new Refusal("internal-error", "Something went wrong here. Try again.");
}
