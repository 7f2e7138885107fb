import { type Problem, type ProblemSlug, problem } from "@serverlesspresso/contract";

/** Ends a request with a problem. `retryAfterSeconds` becomes the header. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  readonly retryAfterSeconds: number | undefined;
  constructor(slug: ProblemSlug, detail: string, retryAfterSeconds?: number) {
    super(detail);
    this.problem = problem(slug, detail);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
