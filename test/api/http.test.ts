/** The HTTP boundary of the running shop: the document, refusals, headers, hosts, sizes, rate limits. */

import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { blueprint } from "@serverlesspresso/blueprint";
import { version } from "@serverlesspresso/commands";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, type Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { temporaryFolder } from "../support/server.ts";
import { watchAnswers } from "./answers.ts";
import { faultsOf } from "./json-schema.ts";
import { latte, type ProblemView, problemNamed, scanned } from "./steps.ts";

watchAnswers();
let bar: Bar;
let guest: Person;
let orderId: string;
const apps = temporaryFolder();
beforeAll(async () => {
  for (const app of ["order", "barista", "display", "console"]) {
    mkdirSync(join(apps.path, app));
    writeFileSync(join(apps.path, app, "index.html"), "<!doctype html><title>A page</title>");
  }
  bar = await openBar({ appsFolder: apps.path });
  ({ guest, orderId } = await scanned(bar));
});
afterAll(async () => {
  await bar.close();
  apps.remove();
  expect(bar.errors).toEqual([]);
});

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: JsonObject }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: JsonObject }> };
  readonly responses: Record<string, { readonly description: string; readonly content: Record<string, { readonly schema: JsonObject }> }>;
}
interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: JsonObject;
}

describe("/openapi.json", () => {
  let document: OpenApi;
  beforeAll(async () => {
    document = (await callApi<OpenApi>(bar.url, undefined, "GET", "/openapi.json")).body;
  });
  const operations = (): [string, string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]): [string, string, Operation] => [path, method, one]),
    );

  test("is of version 3.1 and describes exactly the blueprint's routes", () => {
    expect([document.openapi, document.info.title, document.info.version]).toEqual(["3.1.0", "Serverlesspresso", version]);
    expect(
      operations()
        .map(([path, method]) => `${method.toUpperCase()} ${path}`)
        .sort(),
    ).toEqual(blueprint.routes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set(operations().map(([, , { operationId }]) => operationId)).size).toBe(blueprint.routes.length);
  });
  test("every parameter, body, answer and reference is well formed", () => {
    for (const [path, , { parameters, requestBody, responses }] of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === "path").map(({ name, required }) => [name, required])).toEqual(
        named.map((name) => [name, true]),
      );
      for (const { schema } of parameters) expect(schema.type).toEqual(expect.any(String));
      const schemas = [
        ...Object.values(requestBody?.content ?? {}),
        ...Object.values(responses).flatMap(({ content }) => Object.values(content)),
      ].map(({ schema }) => schema);
      for (const schema of schemas)
        expect(
          faultsOf(undefined, schema, document as unknown as JsonObject).filter((fault) => /not known|leads nowhere/.test(fault)),
        ).toEqual([]);
      for (const [status, { description }] of Object.entries(responses))
        expect([status, description]).toEqual([expect.stringMatching(/^[2-5]\d\d$/), expect.stringMatching(/\w/)]);
    }
  });
  test("its validator can tell right from wrong", () => {
    const schema = document.paths["/orders/{id}"]?.get?.responses["200"]?.content["application/json"]?.schema as JsonObject;
    const right = {
      orderId: "x",
      orderNumber: 1,
      orderState: "MAKING",
      name: "",
      note: "",
      drinkOrder: { drink: "Latte", modifiers: ["Oat"] },
      reason: "",
      createdMs: 1,
      updatedMs: 2,
    };
    const judge = (value: JsonValue): number => faultsOf(value, schema, document as unknown as JsonObject).length;
    expect([right, { ...right, orderNumber: null }].map(judge)).toEqual([0, 0]);
    for (const wrong of [
      { ...right, TaskToken: "t" },
      { ...right, orderState: "LOST" },
      { ...right, createdMs: "1" },
      { ...right, drinkOrder: { drink: 1, modifiers: [] } },
      { orderId: "x" },
      null,
    ])
      expect(judge(wrong)).toBeGreaterThan(0);
  });
  test("an Idempotency-Key belongs to a change of a signed-in caller", () => {
    for (const [path, method, { parameters }] of operations()) {
      const isPublic = blueprint.routes.find((one) => one.path === path && one.method.toLowerCase() === method)?.who === "public";
      const isNamed = parameters.some(({ name }) => name === "Idempotency-Key");
      expect([path, method, isNamed]).toEqual([path, method, method !== "get" && !isPublic]);
    }
  });
  test("names who may call: nobody in particular, or the bearer of a token", () => {
    for (const [path, method, { security, responses }] of operations()) {
      const route = blueprint.routes.find((one) => one.path === path && one.method.toLowerCase() === method);
      const proof = route?.who === "public" ? route.bearer : "accessToken";
      expect(security).toEqual(proof === undefined ? [] : [{ [proof]: [] }]);
      expect(Object.hasOwn(responses, "401")).toBe(proof !== undefined);
    }
  });
});

test("/healthz and /settings.json say what apps and operators need, and no more", async () => {
  const health = await callApi(bar.url, undefined, "GET", "/healthz");
  expect([health.status, health.body]).toEqual([200, { status: "ok", version }]);
  const { body } = await callApi<JsonObject>(bar.url, undefined, "GET", "/settings.json");
  expect(body).toMatchObject({
    bar: "Serverlesspresso",
    region: "us-east-1",
    userPoolId: bar.platform.identities.pool.poolId,
    userPoolWebClientId: bar.platform.identities.pool.clientId,
    orderManagerEndpoint: bar.url,
    APIGWEndpointValidatorService: bar.url,
    APIGWEndpointConfigService: bar.url,
    host: new URL(bar.url).host,
  });
  expect(JSON.stringify(body)).not.toMatch(/password|secret|token|@/i);
});

describe("what cannot be understood is a problem that says so", () => {
  const send = (body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${bar.url}/orders/${orderId}?action=placeOrder`, {
      method: "PUT",
      headers: { authorization: `Bearer ${guest.token}`, "content-type": "application/json", ...headers },
      body,
    });
  test.each([
    { what: "half a body", body: '{"drink":', headers: {}, status: 400, slug: "invalid-request" },
    { what: "a member twice", body: '{"drink":"Latte","drink":"Espresso"}', headers: {}, status: 400, slug: "invalid-request" },
    { what: "__proto__", body: '{"drink":"Latte","__proto__":{"isAdmin":true}}', headers: {}, status: 400, slug: "invalid-request" },
    { what: "a nest of 8,000", body: `${"[".repeat(8_000)}${"]".repeat(8_000)}`, headers: {}, status: 400, slug: "invalid-request" },
    { what: "more than 16 KB", body: `{"note":"${"x".repeat(16_384)}"}`, headers: {}, status: 413, slug: "payload-too-large" },
    {
      what: "a form",
      body: "drink=Latte",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      status: 415,
      slug: "unsupported-media-type",
    },
    {
      what: "JSON as text",
      body: JSON.stringify(latte),
      headers: { "content-type": "text/plain" },
      status: 415,
      slug: "unsupported-media-type",
    },
    { what: "gzip", body: "x", headers: { "content-encoding": "gzip" }, status: 415, slug: "unsupported-media-type" },
    { what: "a list", body: "[]", headers: {}, status: 422, slug: "invalid-body" },
    { what: "null", body: "null", headers: {}, status: 422, slug: "wrong-order" },
    { what: "a long note", body: JSON.stringify({ ...latte, note: "x".repeat(81) }), headers: {}, status: 422, slug: "invalid-body" },
  ])("$what: $status", async ({ body, headers, status, slug }) => {
    const response = await send(body, headers as Record<string, string>);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    const problem = (await response.json()) as ProblemView;
    expect(problem).toMatchObject({ type: problemNamed(slug), status, detail: expect.stringMatching(/\w/) });
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts\b|Error:|\\n\s+at /);
    expect((await guest.order(orderId)).orderState).toBe("CREATED");
  });
  test.each([
    ["GET", "/orders?maxItems=0", 400],
    ["GET", "/orders?maxItems=201", 400],
    ["GET", "/orders?state=LOST", 400],
    ["GET", "/orders?state=CREATED&state=MAKING", 400],
    ["GET", "/orders?nonsense=1", 400],
    ["GET", "/orders?next=%00", 400],
    ["GET", "/orders?next=bm9uc2Vuc2U", 400],
    ["POST", "/qr-code", 400],
    ["POST", `/qr-code?token=${"x".repeat(129)}`, 400],
    ["GET", "/nowhere", 404],
    ["GET", "/.git/config", 404],
    ["GET", "/..%2fpackage.json", 404],
    ["GET", "/orders/", 404],
    ["POST", "/nowhere", 404],
    ["DELETE", "/orders", 405],
    ["PATCH", "/config", 405],
    ["POST", "/myOrders", 405],
    ["PUT", "/qr-code", 405],
    ["DELETE", "/", 405],
  ])("%s %s: %i", async (method, path, status) => {
    const answer = await (await bar.admin()).call<ProblemView>(method, path, method === "GET" ? undefined : {});
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    if (status === 405) expect(answer.headers.get("allow")).toMatch(/[A-Z]+, OPTIONS$/);
  });
  test("a Host that is not ours: 421", async () => {
    const { port } = new URL(bar.url);
    const ask = (host: string): Promise<{ status: number | undefined; text: string }> =>
      new Promise((resolve) => {
        request({ host: "127.0.0.1", port, path: "/config", headers: { host } }, (response) => {
          let text = "";
          response.on("data", (chunk) => (text += chunk)).on("end", () => resolve({ status: response.statusCode, text }));
        }).end();
      });
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example", "0.0.0.0"]) {
      const { status, text } = await ask(host);
      expect([status, (JSON.parse(text) as ProblemView).type]).toEqual([421, problemNamed("misdirected-request")]);
    }
    expect((await ask(`localhost:${port}`)).status).toBe(200);
  });
  test.each(["h2c", "HTTP/2.0, SHA/1.3", "websocket/13"])(
    "an upgrade to %s is not done, and the request answered (RFC 9110, 7.8)",
    async (upgrade) => {
      const { status, body } = await raw({ connection: "Upgrade, HTTP2-Settings", upgrade, "http2-settings": "AAMAAABkAAQAoAAAAAIAAAAA" });
      expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ storeOpen: true })]);
    },
  );
  test("two Hosts: 400 (RFC 9112, 3.2)", async () => {
    const { host } = new URL(bar.url);
    const { status, body } = await raw({ host: [host, host] });
    expect([status, (JSON.parse(body) as ProblemView).type]).toEqual([400, problemNamed("invalid-request")]);
  });
});

/** `GET /config` with header lines as they are. */
function raw(headers: Readonly<Record<string, string | readonly string[]>>): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${bar.url}/config`, { headers: Object.entries({ host: new URL(bar.url).host, ...headers }).flatMap(lines) });
    asked.on("error", reject);
    asked.on("response", (response) => {
      let body = "";
      response.on("data", (chunk) => (body += chunk)).on("end", () => resolve({ status: response.statusCode, body }));
    });
    asked.end();
  });
}

/** A header of several values as so many lines. */
function lines([name, value]: [string, string | readonly string[]]): string[] {
  return [value].flat().flatMap((one) => [name, one]);
}

describe("headers", () => {
  test.each(["/order/", "/barista/", "/display/", "/console/"])(
    "RELIABILITY 20: of the page %s keep everything foreign out",
    async (path) => {
      const { status, headers } = await fetch(bar.url + path);
      const policy = headers.get("content-security-policy") ?? "";
      expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ])
        expect(policy.split("; ")).toContain(rule);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      const weak = new CspEvaluator(new CspParser(policy).csp).evaluate().filter(({ severity }) => severity <= Severity.MEDIUM);
      expect(weak).toEqual([]);
      const ask = (more: Record<string, string>, method = "GET") => fetch(bar.url + path, { method, headers: more });
      const again = [await ask({}, "HEAD"), await ask({ "if-none-match": headers.get("etag") ?? "" }), await ask({ range: "bytes=0-5" })];
      expect(again.map((answer) => [answer.status, answer.headers.get("content-security-policy")])).toEqual([
        [200, policy],
        [304, policy],
        [200, policy],
      ]);
      expect(
        Object.fromEntries(
          ["x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "x-frame-options"].map((name) => [
            name,
            headers.get(name),
          ]),
        ),
      ).toEqual({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
      });
      expect(headers.get("permissions-policy")).toContain("geolocation=()");
      expect(headers.has("strict-transport-security")).toBe(false);
    },
  );
  test.each(["/config", "/nowhere", "/healthz", "/openapi.json"])("of %s: nosniff, no referrer, nothing about the inside", async (path) => {
    const { headers } = await fetch(bar.url + path);
    expect([headers.get("x-content-type-options"), headers.get("referrer-policy")]).toEqual(["nosniff", "no-referrer"]);
    for (const name of ["server", "x-powered-by", "set-cookie", "access-control-allow-credentials"]) expect(headers.get(name)).toBeNull();
  });
  test("RELIABILITY 20: no refusal and no redirection is HTML, whatever is asked for", async () => {
    const accept = "text/html,application/xhtml+xml";
    for (const [method, path] of [
      ["GET", "/nowhere"],
      ["GET", "/order/nowhere.html"],
      ["GET", "/order"],
      ["GET", "/"],
      ["GET", "/orders"],
      ["POST", "/order/"],
      ["PUT", "/config"],
      ["GET", `/${"a".repeat(5_000)}`],
      ["GET", "/%E0%A4%A"],
      ["GET", "/<script>alert(1)</script>"],
      ["POST", "/"],
    ] as const) {
      const { status, headers } = await fetch(bar.url + path, { method, headers: { accept }, redirect: "manual" });
      expect([path, status >= 300, headers.get("content-type") ?? "", headers.get("x-content-type-options")]).toEqual([
        path,
        true,
        expect.not.stringContaining("html"),
        "nosniff",
      ]);
    }
  });
  test("answers with somebody's data are not kept", async () => {
    for (const path of ["/myOrders", `/orders/${orderId}`, "/config"])
      expect((await guest.call("GET", path)).headers.get("cache-control")).toBe("no-store");
  });
  test("pages of other origins read nothing", async () => {
    for (const origin of ["https://evil.example", "null", "http://localhost:1"])
      expect((await fetch(`${bar.url}/config`, { headers: { origin } })).headers.get("access-control-allow-origin")).toBeNull();
    expect((await fetch(`${bar.url}/config`, { headers: { origin: bar.url } })).headers.get("access-control-allow-origin")).toBe(bar.url);
  });
});

describe("the calls of AWS's protocols at POST /", () => {
  const post = async (target: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${bar.url}/`, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...headers },
      body,
    });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      body: (await response.json()) as { __type: string; message?: string },
    };
  };
  const pool = "AWSCognitoIdentityProviderService";
  test.each([
    { what: "an unknown service", target: "Nothing.Here", body: "{}", status: 400, code: "UnknownOperationException" },
    { what: "a name from the prototype", target: "constructor.call", body: "{}", status: 400, code: "UnknownOperationException" },
    { what: "half a body", target: `${pool}.InitiateAuth`, body: "{", status: 400, code: "SerializationException" },
    { what: "a list", target: `${pool}.InitiateAuth`, body: "[]", status: 400, code: "SerializationException" },
    { what: "nothing asked", target: `${pool}.InitiateAuth`, body: "{}", status: 400, code: "InvalidParameterException" },
    {
      what: "too much",
      target: `${pool}.InitiateAuth`,
      body: `{"x":"${"x".repeat(17_000)}"}`,
      status: 413,
      code: "RequestEntityTooLargeException",
    },
  ])("$what: $status $code", async ({ target, body, status, code }) => {
    const answer = await post(target, body);
    expect([answer.status, answer.body.__type]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts\b|\\n\s+at /);
  });
  test("another media type", async () => {
    expect((await post(`${pool}.InitiateAuth`, "{}", { "content-type": "text/plain" })).status).toBe(415);
  });
  test.each([
    "DynamoDB_20120810.ListTables",
    "AWSStepFunctions.ListStateMachines",
    "AWSEvents.PutEvents",
    "AmazonSQS.ListQueues",
    "Logs_20140328.DescribeLogGroups",
    "AWSLambda.ListFunctions",
    `${pool}.AdminCreateUser`,
  ])("%s is not for a guest", async (target) => {
    const { status, body } = await post(target, "{}", { authorization: `Bearer ${guest.token}` });
    expect([status, body.__type]).toEqual([403, "AccessDeniedException"]);
  });
});

test("HEAD answers as GET does, without a body; OPTIONS says nothing of anybody", async () => {
  const head = await fetch(`${bar.url}/order/`, { method: "HEAD" });
  expect([head.status, await head.text(), head.headers.has("content-security-policy")]).toEqual([200, "", true]);
  const options = await fetch(`${bar.url}/orders/${orderId}`, {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "PUT" },
  });
  expect([options.status, await options.text(), options.headers.get("access-control-allow-origin")]).toEqual([204, "", null]);
});

describe("rate limits", () => {
  let strict: Bar;
  beforeAll(async () => {
    strict = await openBar({ rateLimitFactor: 1 });
  });
  afterAll(() => strict.close());

  test("a guest's flood is answered 429 with Retry-After, alone; a barista is not touched, and the allowance comes back", async () => {
    const [[flooding, other], admin] = [(await strict.guests(2)) as [Person, Person], await strict.admin()];
    const act = (person: Person) => person.call<ProblemView>("PUT", "/orders/unknown?action=cancel", {});
    const answers: Awaited<ReturnType<typeof act>>[] = [];
    for (let i = 0; i < 400 && answers.at(-1)?.status !== 429; i++) answers.push(await act(flooding));
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { type: problemNamed("too-many-requests") } });
    expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect([(await act(other)).status, (await act(admin)).status]).toEqual([404, 404]);
    await strict.clock.advance(60_000);
    expect((await act(flooding)).status).toBe(404);
  });
  test("RELIABILITY 25: ten wrong codes in a minute end the guessing, though the right one follows", async () => {
    const [[guesser], { code }] = [(await strict.guests(1)) as [Person], await strict.nextWindow()];
    for (let i = 0; i < 10; i++) expect((await guesser.scan(`1.guess${i}`)).status).toBe(400);
    const held = await guesser.call<ProblemView>("POST", `/qr-code?token=${code}`);
    expect(held).toMatchObject({ status: 429, body: { type: problemNamed("too-many-wrong-codes") } });
    await strict.clock.advance(60_000);
    expect((await guesser.scan(code)).status).toBe(201);
    await strict.quiet();
  });
});
