/**
 * What strangers may cost: no request without a sign-in takes 5 ms of the loop, whatever is in it.
 * The machine has other work too: a request's cost is what this thread works for it, the least of a few rounds.
 */
import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";

let bar: Bar;
let guest: Person;
beforeAll(async () => {
  bar = await openBar({ rateLimitFactor: 0 });
  [guest] = (await bar.guests(1)) as [Person];
});
afterAll(() => bar.close());

const mostMs = 5;
const rounds = 12;
const kib = 1024;
const members = (bytes: number): string =>
  `{${Array.from({ length: Math.floor(bytes / 10) }, (_, at) => `"${String(at).padStart(5, "k")}":1`).join(",")}}`;
const elements = (bytes: number): string =>
  `[${Array(Math.floor(bytes / 2))
    .fill(1)
    .join(",")}]`;
const json = { "content-type": "application/json" };
const cognito = (operation: string): Record<string, string> => ({
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
});
const auth = (parameters: string): string => `{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"x","AuthParameters":${parameters}}`;

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly signedIn?: boolean;
}

/** The status, and this thread's work from the first byte to the end of the answer; the client's part of it included. */
async function ask({
  method = "POST",
  path = "/",
  headers = {},
  body = "",
  signedIn = false,
}: Call): Promise<{ status: number; ms: number }> {
  const from = process.threadCpuUsage();
  const status = await new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(bar.url);
    const authorization = signedIn ? { authorization: `Bearer ${guest.token}` } : {};
    const call = request({ hostname, port, method, path, headers: { ...authorization, ...headers } }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    // A long body is answered before it is read, and the rest of it refused.
    call.on("error", (error: NodeJS.ErrnoException) => (["EPIPE", "ECONNRESET"].includes(error.code ?? "") ? resolve(0) : reject(error)));
    call.end(body);
  });
  const { user, system } = process.threadCpuUsage(from);
  return { status, ms: (user + system) / 1000 };
}

test.each<{ name: string; call: Call; status: readonly number[] }>([
  {
    name: "InitiateAuth with 26,000 parameters",
    call: { headers: cognito("InitiateAuth"), body: auth(members(230 * kib)) },
    status: [413, 0],
  },
  { name: "InitiateAuth with all that fits", call: { headers: cognito("InitiateAuth"), body: auth(members(15 * kib)) }, status: [400] },
  { name: "InitiateAuth with a list", call: { headers: cognito("InitiateAuth"), body: auth(elements(15 * kib)) }, status: [400] },
  { name: "SignUp with a nest", call: { headers: cognito("SignUp"), body: `${"[".repeat(8_000)}${"]".repeat(8_000)}` }, status: [400] },
  {
    name: "a bomb in gzip",
    call: { headers: { ...cognito("InitiateAuth"), "content-encoding": "gzip" }, body: gzipSync(Buffer.alloc(10 * 1024 * kib)) },
    status: [413],
  },
  {
    name: "Cognito in CBOR",
    call: {
      path: "/service/AWSCognitoIdentityProviderService/operation/InitiateAuth",
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: Buffer.alloc(15 * kib, 0x81),
    },
    status: [403],
  },
  { name: "guests of 250 kB", call: { path: "/guests", headers: json, body: members(250 * kib) }, status: [413, 0] },
  { name: "guests of 15 kB", call: { path: "/guests", headers: json, body: members(15 * kib) }, status: [400] },
  {
    name: "guests whose name is long",
    call: { path: "/guests", headers: json, body: `{"name":"${"\u0301".repeat(7_000)}"}` },
    status: [422],
  },
  { name: "pairings of 15 kB", call: { path: "/pairings", headers: json, body: members(15 * kib) }, status: [400] },
  {
    name: "orders of 250 kB, unsigned",
    call: { method: "PUT", path: "/orders/x", headers: json, body: members(250 * kib) },
    status: [401, 0],
  },
  {
    name: "orders of 15 kB, as a guest",
    call: { method: "PUT", path: "/orders/x", headers: json, body: `{"modifiers":${elements(15 * kib)}}`, signedIn: true },
    status: [400],
  },
  { name: "a long query", call: { method: "GET", path: `/config?${"a=%41&".repeat(2_400)}` }, status: [400] },
  { name: "a query that just fits", call: { method: "GET", path: `/config?${"a=%41&".repeat(660)}` }, status: [200, 400] },
  { name: "a long path", call: { method: "GET", path: `/${"%2e%2e/".repeat(2_000)}` }, status: [302] },
  {
    name: "a bearer token of 15 kB",
    call: { method: "GET", path: "/myOrders", headers: { authorization: `Bearer ${"e.".repeat(7_500)}e` } },
    status: [401],
  },
  // It names no service, so it is for none that is here.
  { name: "a signature of 15 kB", call: { headers: { authorization: `AWS4-HMAC-SHA256 ${"a=b,".repeat(3_700)}` } }, status: [404] },
  {
    name: "many signed headers",
    call: {
      headers: {
        "x-amz-target": "DynamoDB_20120810.ListTables",
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAX/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=${Array.from({ length: 2_000 }, (_, at) => `a${10_000 + at}`).join(";")}, Signature=x`,
      },
    },
    status: [403],
  },
  {
    name: "a preflight with a long list",
    call: { method: "OPTIONS", path: "/config", headers: { "access-control-request-headers": "a,".repeat(7_000) } },
    status: [204],
  },
  {
    name: "hundreds of headers",
    call: { method: "GET", path: "/config", headers: Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`x-${at}`, "1"])) },
    status: [200],
  },
])("$name", async ({ call, status }) => {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && (round < 2 || least >= mostMs); round++) {
    const answer = await ask(call);
    expect(status).toContain(answer.status);
    least = Math.min(least, answer.ms);
  }
  expect(least).toBeLessThan(mostMs);
});

test("headers of 2 MB are refused before they are read on", async () => {
  const { hostname, port } = new URL(bar.url);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.once("data", (data) => resolve(`${data}`));
    socket.write(`GET /myOrders HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${"a".repeat(2 * 1024 * kib)}\r\n\r\n`);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
});
