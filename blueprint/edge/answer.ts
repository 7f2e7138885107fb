import type { RouteResponse } from "@serverlesspresso/ports";

/** On every answer, whatever it is. */
export const commonHeaders: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** The headers of an answer of the API: a refusal is a problem of RFC 9457, and nobody keeps what may be somebody's data. */
export function answerHeaders({ statusCode, headers = {} }: Pick<RouteResponse, "statusCode" | "headers">): Record<string, string> {
  const type = statusCode >= 400 ? "application/problem+json" : "application/json";
  return { "content-type": type, "cache-control": "no-store", ...headers };
}
