import type { Problem } from "@serverlesspresso/ports";

/** The problems that services answer: status and title by slug. */
export const problems = {
  "invalid-request": [400, "The request cannot be understood"],
  "unknown-code": [400, "Unknown code"],
  "not-signed-in": [401, "Sign in first"],
  "order-not-found": [404, "No such order"],
  "order-limit": [409, "You have an open order"],
  "daily-limit": [409, "That was your last drink for today"],
  "order-busy": [409, "Somebody was faster"],
  "code-expired": [410, "This code is over"],
  "wrong-order": [422, "This order cannot be made"],
  "no-drinks-left": [429, "No drinks left"],
  "device-limit": [429, "Enough for this phone"],
  "too-many-wrong-codes": [429, "Too many wrong codes"],
  "shop-closed": [503, "The shop is closed"],
} as const satisfies Record<string, readonly [number, string]>;
export type ServiceProblem = keyof typeof problems;

/** A problem of a known kind; `detail` is a sentence the app can show. */
export function problem(slug: ServiceProblem, detail: string, errors?: Problem["errors"]): Problem {
  const [status, title] = problems[slug];
  return { type: `urn:serverlesspresso:problem:${slug}`, title, status, detail, ...(errors === undefined ? {} : { errors }) };
}

/** Ends a request with a problem. `retryAfterSeconds` becomes the header. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  readonly retryAfterSeconds: number | undefined;
  constructor(slug: ServiceProblem, detail: string, retryAfterSeconds?: number) {
    super(detail);
    this.problem = problem(slug, detail);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
