/** Behind a proxy that serves the bar under a path of its own: who is believed, and that everything that names an address names the proxy's. */
import { createServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import mqtt from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AwsBar, openAwsBar } from "../aws/support.ts";
import { callApi, type Person, signInGuest } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";

const host = "bar.example";
let trusting: AwsBar;
let wary: Bar;
let proxy: Server;
let url: string;
let target: URL;

/** What nginx or Caddy does with `handle_path /bar/*`: takes its path off and says for whom it asks. */
const forwarded = (headers: NodeJS.Dict<string | string[]>): Record<string, string | string[] | undefined> => ({
  ...headers,
  "x-forwarded-for": "203.0.113.7",
  "x-forwarded-proto": "https",
  "x-forwarded-host": host,
  "x-forwarded-prefix": "/bar",
});

beforeAll(async () => {
  trusting = await openAwsBar({ trustedProxies: ["loopback"], wire: "lan", allowedHosts: [host], rateLimitFactor: 1 });
  wary = await openBar({ allowedHosts: [host], rateLimitFactor: 1 });
  proxy = createServer((incoming, outgoing) => {
    const { hostname, port } = target;
    const path = incoming.url?.replace(/^\/bar/, "");
    incoming.pipe(
      httpRequest({ hostname, port, path, method: incoming.method, headers: forwarded(incoming.headers) }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  proxy.on("upgrade", (incoming, socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    const lines = Object.entries(forwarded(incoming.headers)).map(([name, value]) => `${name}: ${value}`);
    upstream.write(`GET ${incoming.url?.replace(/^\/bar/, "")} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    upstream.pipe(socket).pipe(upstream);
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/bar`;
  target = new URL(trusting.url);
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await Promise.all([trusting.close(), wary.close()]);
});

test("settings lead back through the proxy, under its name, scheme and path", async () => {
  const { body, headers } = await callApi(url, undefined, "GET", "/settings.json");
  expect(body).toMatchObject({
    host,
    orderManagerEndpoint: `https://${host}/bar`,
    APIGWEndpointValidatorService: `https://${host}/bar`,
    APIGWEndpointConfigService: `https://${host}/bar`,
  });
  expect(headers.get("strict-transport-security")).toMatch(/^max-age=/);
});

test("pages redirect within the proxy's path", async () => {
  const response = await fetch(`${url}/`, { redirect: "manual" });
  expect(new URL(response.headers.get("location") ?? "", `${url}/`).pathname).toBe("/bar/order/");
});

test("live updates come through, for a page of the proxy's own origin and for no other", async () => {
  const guest: Person = await signInGuest(url);
  const listen = (origin: string) =>
    new Promise<boolean>((resolve) => {
      const wsOptions = { headers: { origin } };
      const client = mqtt.connect(`${url.replace("http", "ws")}/mqtt`, {
        username: "t",
        password: guest.token,
        reconnectPeriod: 0,
        wsOptions,
      });
      client.on("error", () => {});
      client.once("connect", () => resolve(true));
      client.once("close", () => resolve(false));
      client.once("connect", () => client.end(true));
    });
  expect(await listen(`https://${host}`)).toBe(true);
  expect(await listen("https://evil.example")).toBe(false);
});

test("calls of AWS's own tools are proved under the proxy's name, and queue addresses lead through it", async () => {
  const { port } = new URL(url);
  const client = new SQSClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}/bar`,
    credentials: trusting.credentials,
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers.host = host;
      return next(args);
    },
    { step: "build" },
  );
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
  expect(QueueUrls.length).toBeGreaterThan(0);
  for (const one of QueueUrls) expect(one).toMatch(new RegExp(`^https://${host}/bar/`));
});

test("RELIABILITY 36: behind a trusted proxy each client has its own allowance; without one, such headers count nothing", async () => {
  const guests = async (bar: Bar, address: (at: number) => string, number: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let at = 0; at < number; at++) {
      const answer = await callApi(bar.url, undefined, "POST", "/guests", { name: "" }, { "x-forwarded-for": address(at) });
      statuses.push(answer.status);
    }
    return statuses;
  };
  const refused = (statuses: readonly number[]): number => statuses.filter((status) => status === 429).length;
  // 200 at once from one address.
  expect(refused(await guests(trusting, () => "203.0.113.50", 230))).toBe(30);
  expect(refused(await guests(trusting, (at) => `203.0.113.${100 + (at % 3)}`, 30))).toBe(0);
  expect(refused(await guests(wary, (at) => `203.0.113.${at}`, 230))).toBe(30);
  // Writing one's own address before the proxy's word helps nobody.
  expect(refused(await guests(trusting, (at) => `198.51.100.${at}, 203.0.113.50`, 5))).toBe(5);
  const { status, headers } = await callApi(wary.url, undefined, "POST", "/guests", { name: "" });
  expect([status, Number(headers.get("retry-after")) > 0]).toEqual([429, true]);
});
