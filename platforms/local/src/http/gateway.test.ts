import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdempotency } from "@serverlesspresso/blueprint/edge/idempotency.ts";
import { platformTableOf } from "@serverlesspresso/blueprint/edge/platform-table.ts";
import { createIds, createManualClock, createSystemClock } from "@serverlesspresso/clock";
import { namesOf } from "@serverlesspresso/contract";
import { openStore, type Store } from "@serverlesspresso/store";
import { createTables, createTablesPort } from "@serverlesspresso/tables";
import { createBroker } from "@serverlesspresso/topics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createAudit } from "../audit/audit.ts";
import { place } from "../place.ts";
import { putTables } from "../tables.ts";
import { createGateway } from "./gateway.ts";
import { createHosts } from "./hosts.ts";
import { createRateLimits } from "./rate-limits.ts";
import type { Route } from "./route.ts";
import { type HttpServer, startServer } from "./server.ts";
import { createReadSource } from "./source.ts";
import { openStaticApps } from "./static-apps.ts";

const folder = mkdtempSync(join(tmpdir(), "gateway-"));
const clock = createManualClock();
const limit = { name: "act", per: "user", burst: 1000, perMinute: 6000 } as const;
let store: Store;
let server: HttpServer;
let url: string;
let port = 0;
let count = 0;
let closed: string | undefined;
let errors: unknown[] = [];

const routes: Route[] = [
  { method: "GET", path: "/open", who: "public", limit, handle: async () => ({ statusCode: 200, body: { ok: true } }) },
  {
    method: "GET",
    path: "/mine",
    who: "signedIn",
    limit,
    handle: async ({ identity }) => ({ statusCode: 200, body: { sub: identity?.sub ?? "" } }),
  },
  { method: "GET", path: "/staff", who: "admin", limit, handle: async () => ({ statusCode: 200, body: {} }) },
  { method: "GET", path: "/desk", who: "operator", limit, handle: async () => ({ statusCode: 200, body: {} }) },
  {
    method: "PUT",
    path: "/things/{id}",
    who: "signedIn",
    limit,
    pathParameters: z.strictObject({ id: z.string().max(10) }),
    query: z.strictObject({ action: z.enum(["a", "b"]).optional() }),
    body: z.strictObject({ name: z.string().max(80) }),
    async handle({ pathParameters, body }) {
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
      return (body as { name: string }).name === "refuse"
        ? { statusCode: 409, body: { type: "no", count } }
        : { statusCode: 201, body: { id: pathParameters.id ?? "", count } };
    },
  },
  {
    method: "POST",
    path: "/scarce",
    who: "public",
    limit: { name: "scarce", per: "address", burst: 2, perMinute: 60 },
    handle: async () => ({ statusCode: 200, body: {} }),
  },
  { method: "POST", path: "/new", who: "public", limit, needsRoom: true, handle: async () => ({ statusCode: 201, body: {} }) },
  {
    method: "POST",
    path: "/broken",
    who: "public",
    limit,
    handle: async () => {
      throw new Error(`secret at ${import.meta.filename}`);
    },
  },
];

beforeAll(async () => {
  const apps = join(folder, "apps");
  mkdirSync(join(apps, "order"), { recursive: true });
  mkdirSync(join(apps, "assets"));
  writeFileSync(join(apps, "order", "index.html"), `<!doctype html><title>Order</title>${" ".repeat(600)}`);
  writeFileSync(join(apps, "assets", "order-abcd1234.js"), "export {}");
  writeFileSync(join(apps, ".secret.json"), "{}");
  store = await openStore({ folder: join(folder, "data"), onFailure: () => {} });
  const onError = (error: unknown): void => void errors.push(error);
  const hosts = createHosts("127.0.0.1", ["coffee.local"]);
  const tables = createTables({ store, clock, ids: createIds(clock), ...place, onError });
  await store.transact((tx) => putTables(tx, tables, [{ ...platformTableOf(namesOf()), name: "platform" }]));
  const broker = await createBroker({
    clock: createSystemClock(),
    verify: async () => Promise.reject(),
    maySubscribe: () => true,
    onError,
  });
  const callers: Record<string, string[]> = { guest: [], other: [], admin: ["admin"], operator: ["operator"] };
  const app = createGateway({
    routes,
    hosts,
    port: () => port,
    origins: ["https://apps.example"],
    rateLimits: createRateLimits(clock),
    closedToNew: () => closed,
    hasStoreFailed: () => false,
    idempotency: createIdempotency({ tables: createTablesPort(store, tables), tableName: "platform", clock, ids: createIds(clock) }),
    audit: createAudit({ store, clock, onError }),
    verify: async (token) => {
      const groups = callers[token];
      if (groups === undefined) throw new Error("no such token");
      return { sub: token, groups, isAdmin: groups.includes("admin"), isOperator: groups.includes("operator"), token };
    },
    awsPaths: [{ methods: ["POST"], path: "/" }],
    aws: async () => ({ status: 400, headers: {}, body: "{}" }),
    apps: openStaticApps(apps, ["https://apps.example"]),
    onError,
  });
  server = await startServer({ app, broker, hosts, readSource: createReadSource(["127.0.0.2"], false), host: "127.0.0.1", port: 0 });
  port = server.port;
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await server.stop(100);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const as = (who: string, more: Record<string, string> = {}): Record<string, string> => ({ authorization: `Bearer ${who}`, ...more });
const json = { "content-type": "application/json" };
const put = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, path = "/things/1"): Promise<Response> =>
  fetch(url + path, { method: "PUT", headers: as("guest", { ...json, ...headers }), body });

test.each([
  { path: "/mine", who: undefined, status: 401 },
  { path: "/mine", who: "forged", status: 401 },
  { path: "/mine", who: "guest", status: 200 },
  { path: "/staff", who: undefined, status: 401 },
  { path: "/staff", who: "guest", status: 403 },
  { path: "/staff", who: "admin", status: 200 },
  { path: "/staff", who: "operator", status: 403 },
  { path: "/desk", who: undefined, status: 401 },
  { path: "/desk", who: "guest", status: 403 },
  { path: "/desk", who: "admin", status: 403 },
  { path: "/desk", who: "operator", status: 200 },
  { path: "/open", who: undefined, status: 200 },
  { path: "/open", who: "forged", status: 200 },
])("G2: $path as $who answers $status", async ({ path, who, status }) => {
  const response = await fetch(url + path, { headers: who === undefined ? {} : as(who) });
  expect(response.status).toBe(status);
  if (status === 401) expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
});

test("G2: a token may stand after several spaces, and a scheme in any case (RFC 9110)", async () => {
  for (const authorization of ["bearer guest", "Bearer   guest"])
    expect((await fetch(`${url}/mine`, { headers: { authorization } })).status).toBe(200);
});

test("G3: a refusal is a problem with type, title, status and a sentence", async () => {
  const response = await fetch(`${url}/mine`);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toEqual({
    type: "urn:serverlesspresso:problem:not-signed-in",
    title: "Sign in first",
    status: 401,
    detail: "Sign in first.",
  });
});

test("RELIABILITY 42 (G3): a handler that throws says nothing outside, and the process lives", async () => {
  errors = [];
  const response = await fetch(`${url}/broken`, { method: "POST" });
  const text = await response.text();
  expect([response.status, response.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
  expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(["detail", "status", "title", "type"]);
  expect(text).not.toMatch(/secret|gateway\.test|Error:| at |node|\d+\.\d+\.\d+/);
  for (const header of ["server", "x-powered-by"]) expect(response.headers.get(header)).toBeNull();
  expect((await fetch(`${url}/open`)).status).toBe(200);
  expect(errors).toHaveLength(1);
});

test.each([
  { name: "no JSON", body: "{", headers: {}, status: 400 },
  { name: "a form", body: "name=x", headers: { "content-type": "application/x-www-form-urlencoded" }, status: 415 },
  { name: "JSON as text", body: '{"name":"x"}', headers: { "content-type": "text/plain" }, status: 415 },
  { name: "gzip", body: "x", headers: { "content-encoding": "gzip" }, status: 415 },
  { name: "a wrong member", body: '{"name":"x","userId":"y"}', headers: {}, status: 422 },
  { name: "a wrong type", body: '{"name":1}', headers: {}, status: 422 },
  { name: "__proto__", body: '{"name":"x","__proto__":{}}', headers: {}, status: 400 },
  { name: "no UTF-8", body: new Uint8Array([0x22, 0xff, 0x22]), headers: {}, status: 400 },
  { name: "256 KB and more", body: `{"name":"${"x".repeat(262_144)}"}`, headers: {}, status: 413 },
])("a body of $name answers $status", async ({ body, headers, status }) => {
  const response = await put(body, headers as Record<string, string>);
  expect(response.status).toBe(status);
  expect(((await response.json()) as { type: string }).type).toMatch(/^urn:serverlesspresso:problem:/);
});

test("a body without a length is cut off at 256 KB", async () => {
  const status = await new Promise((resolve) => {
    const request = httpRequest(`${url}/things/1`, { method: "PUT", headers: as("guest", json) }, (response) =>
      resolve(response.statusCode),
    );
    request.on("error", () => {});
    const send = (): void =>
      void (request.destroyed || !request.writable ? undefined : request.write("x".repeat(65_536), () => setImmediate(send)));
    send();
  });
  expect(status).toBe(413);
});

test.each([
  { path: "/things/12345678901", status: 404 },
  { path: "/things/1?action=c", status: 400 },
  { path: "/things/1?action=a&action=b", status: 400 },
  { path: "/things/1?other=1", status: 400 },
  { path: "/things/1/2", status: 404 },
])("PUT $path answers $status", async ({ path, status }) => {
  expect((await put('{"name":"x"}', {}, path)).status).toBe(status);
});

test.each(["DELETE", "PATCH", "POST"])("RELIABILITY 46: 405 for %s, with the methods there are", async (method) => {
  const response = await fetch(`${url}/open`, { method });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
});

test.each(["TRACE", "PROPFIND", "CONNECT"])("RELIABILITY 46: %s is refused and the server lives", async (method) => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => (text += chunk));
    socket.on("close", () => resolve(text));
    socket.end(`${method} /open HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  });
  if (method !== "CONNECT" || answer !== "") expect(answer).toMatch(/^HTTP\/1.1 40[45]/);
  expect((await fetch(`${url}/open`)).status).toBe(200);
});

test.each([
  "/.git/config",
  "/.secret.json",
  "/../package.json",
  "/%2e%2e/package.json",
  "/order/..%2f..%2fpackage.json",
  "/assets/",
  "/assets",
  "//evil",
])("RELIABILITY 46: there is nothing at %s", async (path) => {
  const status = await new Promise((resolve) => httpRequest({ port, path }, (response) => resolve(response.statusCode)).end());
  expect(status).toBe(404);
});

const withHost = (host: string, path = "/open"): Promise<number | undefined> =>
  new Promise((resolve) =>
    httpRequest({ host: "127.0.0.1", port, path, headers: { host } }, (response) => resolve(response.statusCode)).end(),
  );

test("G1: only our own hosts are answered", async () => {
  for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example"]) expect(await withHost(host), host).not.toBe(200);
  expect(await withHost("evil.example")).toBe(421);
  for (const host of ["localhost", `localhost:${port}`, "127.0.0.1", "[::1]", "coffee.local", "COFFEE.local:80"])
    expect(await withHost(host)).toBe(200);
});

test("pages of our own origins may read answers, refusals included; others may not", async () => {
  const allowed = async (origin: string, path = "/open", method = "GET"): Promise<string | null> =>
    (await fetch(url + path, { method, headers: { origin } })).headers.get("access-control-allow-origin");
  for (const origin of [`http://localhost:${port}`, "https://apps.example"]) expect(await allowed(origin)).toBe(origin);
  expect(await allowed(`http://localhost:${port}`, "/mine")).toBe(`http://localhost:${port}`);
  expect(await allowed(`http://localhost:${port}`, "/mine", "OPTIONS")).toBe(`http://localhost:${port}`);
  for (const origin of ["http://localhost:1", "https://evil.example", "null"]) expect(await allowed(origin)).toBeNull();
  expect((await fetch(`${url}/open`)).headers.get("access-control-allow-credentials")).toBeNull();
});

test("blueprint.N1–N4: idempotency keys", async () => {
  const key = { "idempotency-key": "k1" };
  const [first, second] = await Promise.all([put('{"name":"x"}', key), put('{"name":"x"}', key)]);
  const answer = await first.json();
  expect([second.status, await second.json()]).toEqual([201, answer]);
  expect(await (await put('{"name":"x"}', key)).json()).toEqual(answer);
  expect((await put('{"name":"y"}', key)).status).toBe(422);
  expect((await put('{"name":"x"}', key, "/things/2")).status).toBe(422);
  const other = await fetch(`${url}/things/1`, { method: "PUT", headers: as("other", { ...json, ...key }), body: '{"name":"x"}' });
  expect(await other.json()).not.toEqual(answer);
  expect((await put('{"name":"x"}', { "idempotency-key": "x".repeat(300) })).status).toBe(400);
  const refuse = async (): Promise<{ count: number }> =>
    (await put('{"name":"refuse"}', { "idempotency-key": "k2" })).json() as Promise<{ count: number }>;
  expect((await refuse()).count).not.toBe((await refuse()).count);
});

test("G4: 429 with Retry-After, and the allowance comes back", async () => {
  const scarce = (): Promise<Response> => fetch(`${url}/scarce`, { method: "POST" });
  expect([(await scarce()).status, (await scarce()).status]).toEqual([200, 200]);
  const refused = await scarce();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  const asAdmin = await fetch(`${url}/scarce`, { method: "POST", headers: as("admin") });
  expect(asAdmin.status).toBe(200);
  await clock.advance(1000);
  expect((await scarce()).status).toBe(200);
});

test("closed to what is new: it is refused in words, what is under way goes on", async () => {
  const begin = (): Promise<Response> => fetch(`${url}/new`, { method: "POST", headers: as("guest") });
  closed = "The disk is almost full.";
  const refused = await begin();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(((await refused.json()) as { detail: string }).detail).toBe("The disk is almost full.");
  expect((await fetch(`${url}/mine`, { headers: as("guest") })).status).toBe(200);
  expect((await put('{"name":"x"}')).status).toBe(201);
  closed = undefined;
  expect((await begin()).status).toBe(201);
});

test("pages: headers, caching, redirects", async () => {
  const page = await fetch(`${url}/order/`);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  expect(page.headers.get("content-encoding")).toBe("gzip");
  for (const name of ["x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "permissions-policy"])
    expect(page.headers.has(name)).toBe(true);
  const tag = page.headers.get("etag") as string;
  const statusFor = async (field: string): Promise<number> =>
    (await fetch(`${url}/order/`, { headers: { "if-none-match": field } })).status;
  for (const field of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) expect([field, await statusFor(field)]).toEqual([field, 304]);
  for (const field of ['"other"', tag.replaceAll('"', "")]) expect([field, await statusFor(field)]).toEqual([field, 200]);
  const asset = await fetch(`${url}/assets/order-abcd1234.js`);
  expect(asset.headers.get("cache-control")).toContain("immutable");
  expect((await fetch(`${url}/order?token=1`, { redirect: "manual" })).headers.get("location")).toBe("order/?token=1");
  expect((await fetch(`${url}/`, { redirect: "manual" })).headers.get("location")).toBe("order/");
});
