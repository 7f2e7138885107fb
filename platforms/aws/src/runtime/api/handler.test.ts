import { createManualClock } from "@serverlesspresso/clock";
import type { RouteRequest, RouteResponse } from "@serverlesspresso/ports";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { logger } from "../log.ts";
import { type ApiRoute, apiHandler } from "./handler.ts";
import { identityOf } from "./identity.ts";

beforeAll(() => logger.setLogLevel("SILENT"));

type Event = Parameters<ReturnType<typeof apiHandler>>[0];
type Context = Parameters<ReturnType<typeof apiHandler>>[1];
const clock = createManualClock();
const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
const claims = { sub: "ada", token_use: "access", "cognito:groups": "[admin barista]" };

function eventOf(more: Partial<Event> = {}, withClaims: object | null = claims): Event {
  const http = { sourceIp: "203.0.113.7" };
  const requestContext = withClaims === null ? { http } : { http, authorizer: { jwt: { claims: withClaims } } };
  return { rawPath: "/things/1", rawQueryString: "", headers: {}, isBase64Encoded: false, requestContext, ...more } as Event;
}
const route = (more: Partial<ApiRoute> = {}): ApiRoute => ({
  method: "PUT",
  path: "/things/{id}",
  who: "signedIn",
  answer: async () => ({ statusCode: 200, body: {} }),
  ...more,
});
async function ask(
  of: Partial<ApiRoute>,
  event: Event,
  inContext = context,
): Promise<{ statusCode: number | undefined; headers: object | undefined; body: Record<string, unknown> }> {
  const { statusCode, headers, body = "null" } = await apiHandler(route(of), { clock, edgeKey: "the-key" })(event, inContext);
  return { statusCode, headers, body: JSON.parse(body) as Record<string, unknown> };
}
const typeOf = (slug: string): string => `urn:serverlesspresso:problem:${slug}`;

test("the function is told what was checked, who calls by the token alone, and nothing of the token", async () => {
  let told: RouteRequest | undefined;
  await ask(
    {
      query: z.strictObject({ n: z.coerce.number() }),
      body: z.strictObject({ name: z.string() }),
      async answer(request) {
        told = request;
        return { statusCode: 200, body: {} };
      },
    },
    eventOf({
      rawQueryString: "n=1",
      pathParameters: { id: "1" },
      headers: { Authorization: "Bearer a.b.c", "Content-Type": "application/json", "X-User": "eve", "X-Deployment-Key": "the-key" },
      body: Buffer.from('{"name":"é"}').toString("base64"),
      isBase64Encoded: true,
    }),
  );
  expect(told).toEqual({
    method: "PUT",
    path: "/things/1",
    pathParameters: { id: "1" },
    queryStringParameters: { n: "1" },
    body: { name: "é" },
    headers: { "content-type": "application/json", "x-user": "eve" },
    identity: { sub: "ada", groups: ["admin", "barista"] },
    address: "203.0.113.7",
  });
});

test.each([
  { bearer: "deviceSecret", authorization: "Bearer AB-c_d", told: "AB-c_d" },
  { bearer: "deviceSecret", authorization: "bearer  AB-c_d", told: "AB-c_d" },
  { bearer: "deviceSecret", authorization: "Bearer a.b.c", told: undefined },
  { bearer: undefined, authorization: "Bearer AB-c_d", told: undefined },
] as const)(
  "what stands after Bearer reaches a function that takes a device's secret, and no token does: $authorization",
  async (given) => {
    let told: string | undefined;
    const answer: ApiRoute["answer"] = async ({ bearer }) => {
      told = bearer;
      return { statusCode: 200, body: {} };
    };
    const { bearer, authorization } = given;
    await ask({ who: "public", answer, ...(bearer && { bearer }) }, eventOf({ headers: { authorization } }, null));
    expect(told).toBe(given.told);
  },
);

describe("refusals are problems", () => {
  const json = { "content-type": "application/json" };
  const body = z.strictObject({ name: z.string() });
  test.each([
    { what: "no token", of: {}, event: eventOf({}, null), slug: "not-signed-in", status: 401 },
    { what: "an id token", of: {}, event: eventOf({}, { ...claims, token_use: "id" }), slug: "not-signed-in", status: 401 },
    {
      what: "a guest where staff belongs",
      of: { who: "admin" as const },
      event: eventOf({}, { ...claims, "cognito:groups": "[administrator not-admin]" }),
      slug: "not-allowed",
      status: 403,
    },
    { what: "a parameter twice", of: {}, event: eventOf({ rawQueryString: "a=1&a=2" }), slug: "invalid-request", status: 400 },
    { what: "half a body", of: { body }, event: eventOf({ headers: json, body: '{"name"' }), slug: "invalid-request", status: 400 },
    {
      what: "a body of another kind",
      of: { body },
      event: eventOf({ headers: { "content-type": "text/plain" }, body: "{}" }),
      slug: "unsupported-media-type",
      status: 415,
    },
    {
      what: "a packed body",
      of: { body },
      event: eventOf({ headers: { ...json, "content-encoding": "gzip" }, body: "x" }),
      slug: "unsupported-media-type",
      status: 415,
    },
    {
      what: "too long a body",
      of: { body },
      event: eventOf({ headers: json, body: `"${"é".repeat(140_000)}"` }),
      slug: "payload-too-large",
      status: 413,
    },
    { what: "a wrong body", of: { body }, event: eventOf({ headers: json, body: '{"name":1}' }), slug: "invalid-body", status: 422 },
  ])("$what: $status", async ({ of, event, slug, status }) => {
    const answer = await ask(of, event);
    expect([answer.statusCode, answer.body.type]).toEqual([status, typeOf(slug)]);
    expect(answer.headers).toMatchObject({
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
  });
  test("G3: a failure says nothing of the inside", async () => {
    const answer = await ask({ answer: async () => Promise.reject(new Error("secret")) }, eventOf());
    expect([answer.statusCode, answer.body.type]).toEqual([500, typeOf("internal-error")]);
    expect(JSON.stringify(answer)).not.toContain("secret");
  });
  test.each([
    { mayTakeMs: 10_000, answeredMs: 9_500, before: "Lambda ends it" },
    { mayTakeMs: 60_000, answeredMs: 28_000, before: "API Gateway gives up" },
  ])("G4: what would not be done in time is answered before $before", async ({ mayTakeMs, answeredMs }) => {
    const inContext = { getRemainingTimeInMillis: () => mayTakeMs } as Context;
    const asked = ask({ answer: () => new Promise<RouteResponse>(() => {}) }, eventOf(), inContext);
    await clock.advance(answeredMs - 1);
    let isAnswered = false;
    void asked.then(() => (isAnswered = true));
    await clock.advance(0);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    expect(await asked).toMatchObject({ statusCode: 503, headers: { "retry-after": "1" }, body: { type: typeOf("unavailable") } });
  });
});

test.each([
  { groups: "[admin]", expected: ["admin"] },
  { groups: "[a b]", expected: ["a", "b"] },
  { groups: ["admin"], expected: ["admin"] },
  { groups: "admin", expected: [] },
  { groups: "[]", expected: [] },
  { groups: undefined, expected: [] },
])("groups as $groups", ({ groups, expected }) => {
  expect(identityOf({ sub: "x", token_use: "access", "cognito:groups": groups })?.groups).toEqual(expected);
});
