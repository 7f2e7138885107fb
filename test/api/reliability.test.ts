/** Lines of the security checklist, each under its number, at the doors of one running bar. */
import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { callSigned } from "../aws/sign.ts";
import { type AwsBar, openAwsBar } from "../aws/support.ts";
import { callApi, type Person } from "../support/api.ts";

let bar: AwsBar;
let admin: Person;
let guest: Person;
beforeAll(async () => {
  bar = await openAwsBar();
  admin = await bar.admin();
  [guest] = (await bar.guests(1)) as [Person];
});
afterAll(() => bar.close());

/** The status of an upgrade; 101 where it became a link. */
function upgrade(headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${bar.url.replace("http", "ws")}/mqtt`, "mqtt", { headers });
  socket.on("error", () => {});
  return new Promise((resolve) => {
    socket.once("open", () => resolve(101));
    socket.once("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode));
  }).then((status) => {
    socket.terminate();
    return status as number;
  });
}
function statusOf(path: string, headers: Record<string, string>, method = "GET"): Promise<number | undefined> {
  const { port } = new URL(bar.url);
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    })
      .on("error", reject)
      .end();
  });
}

test("RELIABILITY 16: a Host that is not ours is answered 421 at HTTP, WebSocket and AWS's protocols", async () => {
  const host = "evil.example";
  expect(await statusOf("/config", { host })).toBe(421);
  expect(await statusOf("/order/", { host })).toBe(421);
  expect(await statusOf("/", { host, "x-amz-target": "AWSStepFunctions.ListStateMachines" }, "POST")).toBe(421);
  expect(await statusOf("/", { host, authorization: "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request" })).toBe(421);
  for (const path of [
    "/topics/serverlesspresso-config",
    "/service/GraniteServiceVersion20100801/operation/ListMetrics",
    "/123456789012/Any",
  ])
    expect(await statusOf(path, { host }, "POST")).toBe(421);
  expect(await upgrade({ host })).toBe(421);
  const { hostname, port } = new URL(bar.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /mqtt HTTP/1.1\r\nHost: ${hostname}:${port}\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  expect((await socket.setEncoding("utf8").take(1).toArray()).join("")).toMatch(/^HTTP\/1\.1 400 /);
  expect(await statusOf("/config", { host, "x-forwarded-host": "127.0.0.1" })).toBe(421);
  // Names that a stranger's name server could answer for, and other spellings of the loopback.
  for (const other of ["127.0.0.1.evil.example", "localhost.evil.example", "2130706433", "0", "0.0.0.0", "[::]"])
    expect([other, await statusOf("/config", { host: other }), await upgrade({ host: other })]).toEqual([other, 421, 421]);
  // Not one name.
  for (const other of ["a@127.0.0.1", "127.0.0.1, evil.example"])
    expect([other, [400, 421].includes((await statusOf("/config", { host: other })) ?? 0)]).toEqual([other, true]);
  expect(await upgrade({})).toBe(101);
});

test("RELIABILITY 17: an upgrade with a foreign Origin is refused with 403", async () => {
  const { port } = new URL(bar.url);
  for (const origin of [
    "https://evil.example",
    "null",
    "http://127.0.0.1:1",
    `${bar.url}.evil.example`,
    `http://evil.example:${port}`,
    "file://",
    "x",
  ])
    expect([origin, await upgrade({ origin })]).toEqual([origin, 403]);
  expect(await upgrade({ origin: bar.url })).toBe(101);
});

test("RELIABILITY 18: no foreign origin may read, not by `null` nor with credentials; our own may, refusals included", async () => {
  const read = async (origin: string, path: string) => (await fetch(bar.url + path, { headers: { origin } })).headers;
  for (const path of ["/config", "/orders", "/nowhere"]) {
    for (const origin of ["https://evil.example", "null", `${bar.url}.evil.example`])
      expect((await read(origin, path)).get("access-control-allow-origin")).toBeNull();
    const own = await read(bar.url, path);
    expect([own.get("access-control-allow-origin"), own.get("vary"), own.get("access-control-allow-credentials")]).toEqual([
      bar.url,
      "origin",
      null,
    ]);
  }
  for (const path of ["/orders", "/", "/guests", "/topics/any"]) {
    const ask = (origin: string, method: string): Promise<Response> =>
      fetch(bar.url + path, { method, headers: { origin, "access-control-request-method": "POST", "x-amz-target": "Any.Thing" } });
    for (const method of ["OPTIONS", "POST", "PATCH"]) {
      for (const origin of ["https://evil.example", "null"]) {
        const { headers } = await ask(origin, method);
        expect([path, method, headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")]).toEqual([
          path,
          method,
          null,
          null,
        ]);
      }
      // The bar's own pages can read a refusal.
      expect([path, method, (await ask(bar.url, method)).headers.get("access-control-allow-origin")]).toEqual([path, method, bar.url]);
    }
  }
});

test("RELIABILITY 19: a form, JSON as text and a request that bears a cookie alone change nothing; no cookie is ever set", async () => {
  const put = (headers: Record<string, string>, body: string) => fetch(`${bar.url}/config`, { method: "PUT", headers, body });
  const body = JSON.stringify({ baristaTimeoutSeconds: 901 });
  const bearer = { authorization: `Bearer ${admin.token}` };
  const answers = await Promise.all([
    put({ ...bearer, "content-type": "application/x-www-form-urlencoded" }, "baristaTimeoutSeconds=901"),
    put({ ...bearer, "content-type": "text/plain" }, body),
    put({ ...bearer, "content-type": "multipart/form-data; boundary=x" }, "--x--"),
    put({ cookie: `AccessToken=${admin.token}`, "content-type": "application/json" }, body),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([415, 415, 415, 401]);
  for (const { headers } of answers) expect(headers.get("set-cookie")).toBeNull();
  // What a form of a foreign page could send to those routes that ask for no token, and to AWS's protocols.
  for (const [path, type, text] of [
    ["/guests", "text/plain", '{"name":"Eve"}'],
    ["/guests", "application/x-www-form-urlencoded", "name=Eve"],
    ["/pairings", "text/plain", "{}"],
    ["/", "text/plain", "{}"],
    ["/", "application/x-www-form-urlencoded", "Action=ListQueues"],
    ["/topics/serverlesspresso-config", "text/plain", "{}"],
  ] as const) {
    const headers = { "content-type": type, cookie: `AccessToken=${admin.token}`, origin: "https://evil.example" };
    const answer = await fetch(bar.url + path, { method: "POST", headers, body: text });
    expect([path, type, answer.status >= 400 && answer.status < 500, answer.headers.get("set-cookie")]).toEqual([path, type, true, null]);
  }
  expect((await callApi<{ baristaTimeoutSeconds: number }>(bar.url, undefined, "GET", "/config")).body.baristaTimeoutSeconds).toBe(900);
});

const hostile: readonly (readonly [string, string, number])[] = [
  ["depth 200,000", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, 413],
  ["depth 4,000", `${"[".repeat(4_000)}${"]".repeat(4_000)}`, 400],
  ["more keys than are taken", `{${Array.from({ length: 1_000 }, (_, at) => `"k${at}":1`).join(",")}}`, 400],
  ["a key twice", '{"note":"a","note":"b"}', 400],
  ["__proto__", '{"__proto__":{"isAdmin":true}}', 400],
  ["constructor", '{"constructor":{"prototype":{"isAdmin":true}}}', 400],
  ["NaN", '{"drink":NaN}', 400],
  ["2^53 + 1", '{"drink":9007199254740993}', 400],
];

test("RELIABILITY 33: bodies that are too long, too deep, too many or no JSON are refused; none is unpacked", async () => {
  const put = (body: string | Uint8Array<ArrayBuffer>, more: Record<string, string> = {}) =>
    fetch(`${bar.url}/orders/x?action=placeOrder`, {
      method: "PUT",
      headers: { authorization: `Bearer ${guest.token}`, "content-type": "application/json", ...more },
      body,
    });
  for (const [what, body, status] of hostile.slice(1)) expect([what, (await put(body)).status]).toEqual([what, status]);
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000)));
  expect((await put(bomb, { "content-encoding": "gzip" })).status).toBe(bomb.length > 16_384 ? 413 : 415);
  // What is announced as too long is refused before it is read.
  const { port } = new URL(bar.url);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.once("data", (data) => resolve(`${data}`));
    socket.write(`POST /guests HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 300000\r\n\r\n{`);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test("RELIABILITY 34: prototypes are what they were, whatever names a request has, at both doors", async () => {
  const before = [Object.prototype, Array.prototype, String.prototype].map((one) => Object.getOwnPropertyNames(one).sort());
  const poison = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":{"polluted":1}}}';
  await fetch(`${bar.url}/guests`, { method: "POST", headers: { "content-type": "application/json" }, body: poison });
  for (const [service, target, member] of [
    ["dynamodb", "DynamoDB_20120810.PutItem", "Item"],
    ["events", "AWSEvents.PutEvents", "Entries"],
    ["states", "AWSStepFunctions.StartExecution", "input"],
    ["sqs", "AmazonSQS.SendMessage", "MessageAttributes"],
  ] as const) {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
    const response = await callSigned(bar, { service, headers, body: `{"${member}":${poison},"__proto__":{"polluted":1}}` });
    expect(response.status).toBeLessThan(500);
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect([Object.prototype, Array.prototype, String.prototype].map((one) => Object.getOwnPropertyNames(one).sort())).toEqual(before);
});

test("RELIABILITY 35: hundreds of idle links without CONNECT and of half requests keep nobody from being served", async () => {
  const { port } = new URL(bar.url);
  const sockets = Array.from({ length: 300 }, () => new WebSocket(`${bar.url.replace("http", "ws")}/mqtt`, "mqtt").on("error", () => {}));
  const halves = Array.from({ length: 300 }, () => {
    const socket = connect(Number(port), "127.0.0.1").on("error", () => {});
    socket.write("GET /config HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    return socket;
  });
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.once("open", () => resolve()))));
  expect((await callApi(bar.url, undefined, "GET", "/config")).status).toBe(200);
  expect((await guest.call("GET", "/myOrders")).status).toBe(200);
  expect(await upgrade({})).toBe(101);
  for (const socket of sockets) socket.terminate();
  for (const socket of halves) socket.destroy();
});

/** The status line's number, for requests that no client library would send. */
function rawStatus(method: string, path: string): Promise<number> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(Number(new URL(bar.url).port), "127.0.0.1");
    socket.on("error", () => {}).on("data", (data) => (text += data));
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)));
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  });
}

test("RELIABILITY 46: of a running bar, no method but those there are, and nothing but its routes and pages", async () => {
  const refused = [404, 405];
  for (const path of ["/config", "/order/", "/nowhere"])
    for (const method of ["TRACE", "PROPFIND", "PURGE", "LINK", "MKCOL", "DELETE", "PATCH"])
      expect([method, path, refused.includes(await rawStatus(method, path))]).toEqual([method, path, true]);
  // No proxy: the link is ended, or the method refused.
  expect([0, ...refused]).toContain(await rawStatus("CONNECT", "evil.example:443"));
  const nothing = [
    ...["/.git/HEAD", "/.git/config", "/.env", "/.npmrc", "/.ssh/id_rsa", "/order/.git/config", "/.well-known/nothing", "/.DS_Store"],
    ...[
      "/../package.json",
      "/order/../../package.json",
      "/%2e%2e/package.json",
      "/order/%2e%2e/%2e%2e/package.json",
      "/assets/..%2f..%2fpackage.json",
    ],
    ...["/..%5cpackage.json", "/%252e%252e/package.json", "/order%2f", "/orders%2f1", "//etc/passwd", "/%2fetc%2fpasswd", "/order/%00"],
    ...["/assets", "/assets/", "/order/assets/", "/data/", "/data/store.mdb", "/store.mdb", "/aws-credentials", "/package.json"],
    ...["/debug", "/debug/pprof/", "/metrics", "/status", "/server-status", "/actuator", "/actuator/env", "/__inspect", "/json/list"],
    ...["/console/debug", "/swagger", "/graphql", "/phpinfo.php", "/_next", "/@vite/client", "/@fs/etc/passwd", "/src/main.ts"],
  ];
  for (const path of nothing) expect([path, await rawStatus("GET", path)]).toEqual([path, 404]);
  expect((await guest.call("GET", "/orders/..%2f..%2fconfig")).status).toBe(404);
});

test("RELIABILITY 26: a code that is over is told so, however often it was passed on; a repeat gives the same order; ten drinks and no more", async () => {
  const { code } = await bar.nextWindow();
  // Near its end, so that no order runs out of time, and gives its drink back, before the code is over.
  await bar.clock.advance(280_000);
  const strangers = await bar.guests(100);
  const answers = await Promise.all(strangers.map((one) => one.scan(code)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(10).fill(201), ...Array(90).fill(429)]);
  const at = answers.findIndex(({ status }) => status === 201);
  const again = async () => (await strangers[at]?.scan(code))?.body.orderId;
  expect(await again()).toBe(answers[at]?.body.orderId);
  await bar.nextWindow();
  await bar.clock.advance(29_000);
  const [late] = (await bar.guests(1)) as [Person];
  // In its grace it is still that window's code, whose ten drinks are gone; and still the same order for who has one.
  expect([(await late.scan(code)).status, await again()]).toEqual([429, answers[at]?.body.orderId]);
  await bar.clock.advance(2_000);
  expect((await late.scan(code)).status).toBe(410);
  expect((await strangers.find((_, i) => answers[i]?.status === 429)?.scan(code))?.status).toBe(410);
  expect(await bar.orders()).toHaveLength(10);
});
