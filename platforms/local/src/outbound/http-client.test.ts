import type { lookup } from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createManualClock, createSystemClock } from "@serverlesspresso/clock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAllowedHosts } from "./allowed-hosts.ts";
import { type CallHttp, createHttpClient, type HttpClientOptions, type HttpResponse } from "./http-client.ts";

let server: Server;
let port: number;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/silent") return;
    if (request.url === "/long") return void response.end("x".repeat(262_145));
    if (request.url === "/broken") return void request.socket.destroy();
    if (request.url === "/moved") return void response.writeHead(302, { location: "/elsewhere" }).end();
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

/** Every name leads to this address. */
const leadingTo = (address: string): typeof lookup =>
  ((_name: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(null, [{ address, family: 4 }])) as unknown as typeof lookup;

function call(address: string, options: Partial<HttpClientOptions> = {}, body?: string): Promise<HttpResponse> {
  const allowedHosts = createAllowedHosts([`localhost:${port}`, `127.0.0.1:${port}`, `bar.example.com:${port}`, "localhost:1"]);
  const http: CallHttp = createHttpClient({ allowedHosts, clock: createSystemClock(), ...options });
  return http({ url: new URL(address), method: "POST", headers: {}, ...(body !== undefined && { body }) }, new AbortController().signal);
}

test("what is sent comes back, with its headers", async () => {
  const { status, statusText, headers, body } = await call(`http://localhost:${port}/echo`, {}, "größer");
  expect([status, statusText, body]).toEqual([200, "OK", "größer"]);
  expect(headers["set-cookie"]).toEqual(["a=1", "b=2"]);
});

test("a redirect is an answer, not a way", async () => {
  expect((await call(`http://localhost:${port}/moved`)).status).toBe(302);
  expect(asked).not.toContain("/elsewhere");
});

test("a host that is not allowed is not called", async () => {
  await expect(call(`http://[::1]:${port}/never`)).rejects.toMatchObject({
    code: "Refused",
    message: expect.stringContaining("--outbound-host"),
  });
  expect(asked).not.toContain("/never");
});

test("an allowed name that leads to a private address is not called", async () => {
  const resolve = leadingTo("127.0.0.1");
  await expect(call(`https://bar.example.com:${port}/never`, { resolve })).rejects.toMatchObject({
    code: "Refused",
    message: expect.stringContaining("127.0.0.1"),
  });
  expect(asked).not.toContain("/never");
});

test.each([
  { name: "an answer that is too long", path: "/long", code: "TooLarge" },
  { name: "a host that hangs up", path: "/broken", code: "Failed" },
])("$name", async ({ path, code }) => {
  await expect(call(`http://localhost:${port}${path}`)).rejects.toMatchObject({ code });
});

test("nobody listens there", async () => {
  await expect(call("http://localhost:1/")).rejects.toMatchObject({ code: "Failed" });
});

test("it ends after a minute", async () => {
  const clock = createManualClock(0);
  const called = call(`http://localhost:${port}/silent`, { clock }).catch((error: unknown) => error);
  while (!asked.includes("/silent")) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(60_000);
  expect(await called).toMatchObject({ code: "TimedOut" });
});
