import type { RouteResponse } from "@serverlesspresso/ports";

/** The headers of every answer. */
export const commonHeaders: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Returns the headers of an answer of the API: a refusal is a problem of RFC 9457, and no cache stores what may be personal data. */
export function answerHeaders({ statusCode, headers = {} }: Pick<RouteResponse, "statusCode" | "headers">): Record<string, string> {
  const type = statusCode >= 400 ? "application/problem+json" : "application/json";
  return { "content-type": type, "cache-control": "no-store", ...headers };
}
