import type { FunctionHandler, Identity, JsonValue, RouteRequest, RouteResponse } from "@serverlesspresso/ports";
import { ProblemError } from "./problem-error.ts";

/** Makes a route's function of what answers its requests. Problems become answers; anything else is the function's failure. */
export function route(answer: (request: RouteRequest) => Promise<RouteResponse>): FunctionHandler {
  return async (event) => {
    // The gateway made it, and has checked it against the route's schemas.
    const request = event as unknown as RouteRequest;
    try {
      return (await answer(request)) as unknown as JsonValue;
    } catch (error) {
      if (error instanceof ProblemError) return problemResponse(error) as unknown as JsonValue;
      throw error;
    }
  };
}

/** The caller of a route that demands one. */
export function caller(request: RouteRequest): Identity {
  if (request.identity === null) throw new ProblemError("not-signed-in", "Sign in first.");
  return request.identity;
}

/** Whether the caller works at the bar. */
export function isAdmin(identity: Identity): boolean {
  return identity.groups.includes("admin");
}

function problemResponse({ problem, retryAfterSeconds }: ProblemError): RouteResponse {
  return {
    statusCode: problem.status,
    headers: {
      "content-type": "application/problem+json",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: problem as unknown as JsonValue,
  };
}
