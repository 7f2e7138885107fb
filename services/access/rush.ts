import { isNamed } from "../shared/errors.ts";
import { ProblemError } from "../shared/problem-error.ts";

const rushSeconds = 2;

/** Returns what answers a failed sign-in: Cognito takes so many new users a second and no more. */
export function refuseRush(error: unknown): unknown {
  if (!isNamed(error, "TooManyRequestsException")) return error;
  return new ProblemError("too-many-requests", "Too many people sign in at this moment. Try again shortly.", rushSeconds);
}
