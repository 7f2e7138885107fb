/**
 * Where API Gateway answers itself, before any function, its words are its own and cannot be changed in an HTTP API. The cases
 * of `test/api` read them as the problem that the local gateway answers in that place. These are all the places:
 *
 * W1. No token, or one that is not good: 401 `{"message":"Unauthorized"}`.
 * W2. A token that is good but no access token (an id token): 403 `{"message":"Forbidden"}`, 401 locally.
 * W3. A method that an address does not take: 404 `{"message":"Not Found"}`, 405 locally.
 */
import { notSignedIn, otherMethod, type Refusal } from "@serverlesspresso/blueprint/edge/refusal.ts";
import { afterAll, expect } from "vitest";

const words: Readonly<Record<string, (headers: Headers) => Refusal>> = {
  '401 {"message":"Unauthorized"}': (headers) => notSignedIn(headers.get("www-authenticate")?.includes("error") ?? false),
  '403 {"message":"Forbidden"}': () => notSignedIn(true),
  '404 {"message":"Not Found"}': () => otherMethod("GET, OPTIONS"),
};

/** Call it before the cases are loaded. @param least how many such answers the cases get, at least: a gap that has closed is to be taken off the list */
export function readGatewayWords(least: number): void {
  const own = globalThis.fetch;
  let read = 0;
  globalThis.fetch = async (input, init) => {
    const response = await own(input, init);
    if (response.status < 400) return response;
    const refusal = words[`${response.status} ${await response.clone().text()}`]?.(response.headers);
    if (refusal === undefined) return response;
    read += 1;
    const { problem, headers } = refusal;
    return Response.json(problem, { status: problem.status, headers: { ...headers, "content-type": "application/problem+json" } });
  };
  afterAll(() => {
    globalThis.fetch = own;
    expect(read).toBeGreaterThanOrEqual(least);
  });
}
