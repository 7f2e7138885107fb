/** Behind a proxy that serves the bar under a path of its own: who is believed, and that everything that names an address names the proxy's. */
import { Agent, request } from "node:https";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sign } from "../aws/sign.ts";
import { type AwsBar, openAwsBar } from "../aws/support.ts";
import { callApi, type Person, signInGuest } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { type Nginx, nginxMissing, startNginx } from "../support/nginx.ts";
import { notRun } from "../support/not-run.ts";
import { openReverseProxy, type ReverseProxy } from "../support/reverse-proxy.ts";

const host = "bar.example";
let trusting: AwsBar;
let wary: Bar;
let proxy: ReverseProxy;
let url: string;

beforeAll(async () => {
  trusting = await openAwsBar({ trustedProxies: ["loopback"], wire: "lan", hostNames: [host], rateLimitFactor: 1 });
  wary = await openBar({ hostNames: [host], rateLimitFactor: 1 });
  const says = { "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https", "x-forwarded-host": host };
  proxy = await openReverseProxy({ target: trusting.url, path: "/bar", says });
  url = proxy.url;
});
afterAll(async () => {
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
  // An address that the client writes before the proxy's own counts for nothing.
  expect(refused(await guests(trusting, (at) => `198.51.100.${at}, 203.0.113.50`, 5))).toBe(5);
  const { status, headers } = await callApi(wary.url, undefined, "POST", "/guests", { name: "" });
  expect([status, Number(headers.get("retry-after")) > 0]).toEqual([429, true]);
});

describe.skipIf(nginxMissing !== undefined)(`nginx as docs/proxy.md has it, at /bar/${notRun(nginxMissing)}`, () => {
  let bar: AwsBar;
  let nginx: Nginx;
  let agent: Agent;
  beforeAll(async () => {
    // Of the loopback only nginx's own address: clients here have others of it. Ten guests at once from one address.
    bar = await openAwsBar({ trustedProxies: ["127.0.0.1"], wire: "lan", hostNames: [host], rateLimitFactor: 0.05 });
    nginx = await startNginx(bar.url, "/bar/");
    agent = new Agent({ keepAlive: true, ca: nginx.certificate });
  });
  afterAll(async () => {
    agent.destroy();
    await nginx.stop();
    await bar.close();
  });

  /** A POST from another address of the loopback. */
  const post = (path: string, localAddress: string, headers: Record<string, string>, body: string) =>
    new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
      const to = { agent, host: "127.0.0.1", port: nginx.port, servername: host, localAddress, method: "POST", path };
      request({ ...to, headers: { host: `${host}:${nginx.port}`, ...headers } }, (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += chunk)).on("end", () => resolve({ status: answer.statusCode ?? 0, body: text }));
      })
        .on("error", reject)
        .end(body);
    });

  test("a signed AWS call is proved under the proxy's name and path, and its answer leads back through it", async () => {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ListQueues" };
    const call = { service: "sqs", path: "/bar/", headers, body: "{}" };
    const signed = sign({ ...bar, url: `https://${host}:${nginx.port}` }, call);
    const { status, body } = await post("/bar/", "127.0.0.2", signed, "{}");
    const { QueueUrls = [] } = JSON.parse(body) as { QueueUrls?: string[] };
    expect([status, QueueUrls.length > 0]).toEqual([200, true]);
    for (const one of QueueUrls) expect(one).toMatch(new RegExp(`^https://${host}:${nginx.port}/bar/`));
    expect((await post("/bar/", "127.0.0.2", { ...signed, "x-amz-date": "20200101T000000Z" }, "{}")).status).toBe(403);
  });

  test("each client behind it has its own allowance, whatever it writes of itself", async () => {
    const signIns = async (from: string, count: number, more: Record<string, string> = {}): Promise<number> => {
      let refused = 0;
      for (let n = 0; n < count; n++) {
        const { status } = await post("/bar/guests", from, { "content-type": "application/json", ...more }, '{"name":""}');
        if (status === 429) refused++;
      }
      return refused;
    };
    expect(await signIns("127.0.0.2", 13)).toBe(3);
    expect(await signIns("127.0.0.3", 5)).toBe(0);
    expect(await signIns("127.0.0.2", 2, { "x-forwarded-for": "198.51.100.9", forwarded: "for=198.51.100.9" })).toBe(2);
  });
});
