import { statSync } from "node:fs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createIds } from "@serverlesspresso/clock";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openCredentials } from "../../platforms/local/src/aws/credentials.ts";
import { temporaryFolder } from "../support/server.ts";
import { callSigned, presign, type RawCall, sign } from "./sign.ts";
import { type AwsBar, openAwsBar } from "./support.ts";

let bar: AwsBar;
beforeAll(async () => {
  bar = await openAwsBar();
});
afterAll(() => bar.close());

const jsonHeaders = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables" };
const json: RawCall = { service: "dynamodb", headers: jsonHeaders, body: "{}" };
const form: RawCall = {
  service: "sts",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: "Action=GetCallerIdentity&Version=2011-06-15",
};
const minutes = 60_000;

/** Status and code of an answer, JSON or XML. */
async function codeOf(response: Response): Promise<{ status: number; code: string }> {
  const text = await response.text();
  const code = /"__type":"(\w+)"/.exec(text)?.[1] ?? /<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? "";
  return { status: response.status, code };
}

test("a call signed with the key of the data folder is answered", async () => {
  expect((await callSigned(bar, json)).status).toBe(200);
  expect((await callSigned(bar, form)).status).toBe(200);
});

test("the key lies in the data folder, for its owner alone", () => {
  expect(statSync(bar.credentialsFile).mode & 0o777).toBe(0o600);
  expect(bar.credentials.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(bar.credentials.secretAccessKey).toMatch(/^[\w-]{40}$/);
});

test("RELIABILITY 13: two installations have different keys", () => {
  const keys = [1, 2].map(() => {
    const folder = temporaryFolder();
    const made = openCredentials(folder.path, createIds(bar.clock));
    expect(openCredentials(folder.path, createIds(bar.clock))).toEqual(made);
    folder.remove();
    return made;
  });
  expect(keys[0]?.accessKeyId).not.toBe(keys[1]?.accessKeyId);
  expect(keys[0]?.secretAccessKey).not.toBe(keys[1]?.secretAccessKey);
});

test("a restart keeps the key", async () => {
  const { credentials } = bar;
  await bar.restart();
  expect((await callSigned({ ...bar, credentials }, json)).status).toBe(200);
});

test("the caller is the account's operator", async () => {
  expect(await new STSClient(bar.client).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: "123456789012",
    Arn: "arn:aws:iam::123456789012:user/operator",
  });
});

const refused: readonly { name: string; change: Partial<RawCall>; json: string; query: string }[] = [
  {
    name: "an unknown key",
    change: { accessKeyId: "AKIAAAAAAAAAAAAAAAAA" },
    json: "UnrecognizedClientException",
    query: "InvalidClientTokenId",
  },
  {
    name: "a wrong secret",
    change: { secretAccessKey: "x".repeat(40) },
    json: "InvalidSignatureException",
    query: "SignatureDoesNotMatch",
  },
  { name: "another region", change: { region: "eu-west-1" }, json: "InvalidSignatureException", query: "SignatureDoesNotMatch" },
  { name: "another service", change: { service: "s3" }, json: "InvalidSignatureException", query: "SignatureDoesNotMatch" },
  {
    name: "a header that is not signed",
    change: { unsigned: { "x-amz-meta": "1" } },
    json: "InvalidSignatureException",
    query: "SignatureDoesNotMatch",
  },
  {
    name: "a session's token, which this key has not",
    change: { unsigned: { "x-amz-security-token": "x" } },
    json: "UnrecognizedClientException",
    query: "InvalidClientTokenId",
  },
];
describe.each(refused)("RELIABILITY 40: $name", ({ change, json: jsonCode, query }) => {
  test("JSON", async () => expect(await codeOf(await callSigned(bar, { ...json, ...change }))).toEqual({ status: 403, code: jsonCode }));
  test("query", async () => expect(await codeOf(await callSigned(bar, { ...form, ...change }))).toEqual({ status: 403, code: query }));
});

test.each([
  { minutes: -14, status: 200 },
  { minutes: 14, status: 200 },
  { minutes: -16, status: 403 },
  { minutes: 16, status: 403 },
])(
  "RELIABILITY 40: a signature of $minutes minutes from now answers $status, whatever the shop's clock says",
  async ({ minutes: offset, status }) => {
    const atMs = Date.now() + offset * minutes;
    expect((await callSigned(bar, { ...json, atMs })).status).toBe(status);
    expect(await codeOf(await callSigned(bar, { ...form, atMs }))).toEqual({ status, code: status === 403 ? "RequestExpired" : "" });
  },
);

test("RELIABILITY 40: a recorded request cannot be sent again once it is old", async () => {
  const headers = sign(bar, { ...json, atMs: Date.now() - 15 * minutes - 1_000 });
  expect(await codeOf(await fetch(bar.url, { method: "POST", headers, body: "{}" }))).toEqual({
    status: 403,
    code: "InvalidSignatureException",
  });
});

test("RELIABILITY 40: a recorded request is answered once, though its date is good", async () => {
  const replayed = { status: 403, code: "InvalidSignatureException" };
  const send = (headers: Record<string, string>) => fetch(bar.url, { method: "POST", headers, body: "{}" });
  // As the SDKs sign: each call, and each attempt at it, has a name of its own.
  const named = sign(bar, { ...json, headers: { ...jsonHeaders, "amz-sdk-invocation-id": "7c3b", "amz-sdk-request": "attempt=1" } });
  expect((await send(named)).status).toBe(200);
  expect(await codeOf(await send(named))).toEqual(replayed);
  // Without one, two equal calls of one second are two calls.
  const plain = sign(bar, json);
  expect([(await send(plain)).status, (await send(plain)).status]).toEqual([200, 200]);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6_000 });
  expect(await codeOf(await send(plain))).toEqual(replayed);
  vi.useRealTimers();
});

test("RELIABILITY 40: a recorded call that changed something is refused after a restart too; one that only reads changes nothing", async () => {
  const { credentials } = bar;
  const create: RawCall = {
    service: "sqs",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.CreateQueue" },
    body: '{"QueueName":"replayed"}',
  };
  const send = (call: RawCall, headers: Record<string, string>) => fetch(bar.url, { method: "POST", headers, body: String(call.body) });
  const { QueueUrl } = (await (await callSigned(bar, create)).json()) as { QueueUrl: string };
  const act = (operation: string, members: object): RawCall => ({
    service: "sqs",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` },
    body: JSON.stringify({ QueueUrl, ...members }),
  });
  // An operator's act, one of a consumer's, which no audit log has, and one that only reads.
  const calls = [act("SendMessage", { MessageBody: "once" }), act("ReceiveMessage", {}), act("GetQueueAttributes", {})];
  const signed = calls.map((call) => [call, sign(bar, call)] as const);
  for (const [call, headers] of signed) expect((await send(call, headers)).status).toBe(200);
  await bar.restart();
  const answers = [];
  for (const [call, headers] of signed) answers.push(await codeOf(await send(call, { ...headers, host: new URL(bar.url).host })));
  const replayed = { status: 403, code: "InvalidSignatureException" };
  expect(answers).toEqual([replayed, replayed, { status: 200, code: "" }]);
  // The same call, signed anew.
  expect(
    (await callSigned({ ...bar, credentials }, { ...act("SendMessage", { MessageBody: "once" }), atMs: Date.now() + 2_000 })).status,
  ).toBe(200);
});

test.each([
  { name: "body", change: (headers: Record<string, string>) => ({ headers, body: '{"Limit":1}', path: "/" }) },
  {
    name: "operation",
    change: (headers: Record<string, string>) => ({
      headers: { ...headers, "x-amz-target": "DynamoDB_20120810.DeleteTable" },
      body: "{}",
      path: "/",
    }),
  },
  {
    name: "date",
    change: (headers: Record<string, string>) => ({ headers: { ...headers, "x-amz-date": later(headers) }, body: "{}", path: "/" }),
  },
  { name: "query", change: (headers: Record<string, string>) => ({ headers, body: "{}", path: "/?a=b" }) },
])("RELIABILITY 40: a signed request whose $name was changed is refused", async ({ change }) => {
  const { headers, body, path } = change(sign(bar, json));
  expect(await codeOf(await fetch(bar.url + path, { method: "POST", headers, body }))).toEqual({
    status: 403,
    code: "InvalidSignatureException",
  });
});

test("a hash of the body that is not the body's is refused; UNSIGNED-PAYLOAD counts where it is signed", async () => {
  const withHash = (hash: string): RawCall => ({ ...json, headers: { ...jsonHeaders, "x-amz-content-sha256": hash } });
  expect((await callSigned(bar, withHash("0".repeat(64)))).status).toBe(403);
  expect((await callSigned(bar, withHash("UNSIGNED-PAYLOAD"))).status).toBe(200);
  expect((await callSigned(bar, withHash("STREAMING-UNSIGNED-PAYLOAD-TRAILER"))).status).toBe(403);
  expect((await callSigned(bar, { ...json, unsigned: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } })).status).toBe(403);
});

test.each([
  { name: "no signature", headers: {}, code: "MissingAuthenticationTokenException" },
  { name: "basic credentials", headers: { authorization: "Basic eDp5" }, code: "IncompleteSignatureException" },
  {
    name: "half a signature",
    headers: { authorization: "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request" },
    code: "IncompleteSignatureException",
  },
  { name: "a signature of version 2", headers: { authorization: "AWS AKIA:abc" }, code: "IncompleteSignatureException" },
  { name: "a foreign token", headers: { authorization: "Bearer x" }, code: "AccessDeniedException" },
])("RELIABILITY 40: a request with $name is refused", async ({ headers, code }) => {
  const response = await fetch(bar.url, { method: "POST", headers: { ...jsonHeaders, ...headers } as Record<string, string>, body: "{}" });
  expect(await codeOf(response)).toEqual({ status: 403, code });
});

test("RELIABILITY 40: a presigned address proves nothing", async () => {
  const query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-Expires=600";
  const response = await fetch(`${bar.url}/?${query}`, { method: "POST", headers: jsonHeaders, body: "{}" });
  expect(await codeOf(response)).toEqual({ status: 403, code: "MissingAuthenticationTokenException" });
  // Nor does one that was made with the key itself.
  for (const [method, path] of [
    ["GET", "/"],
    ["POST", "/"],
    ["GET", "/bucket/object.json"],
    ["GET", "/orders"],
  ] as const) {
    const address = presign(bar, { method, path, service: "sts" }, { Action: "GetCallerIdentity", Version: "2011-06-15" });
    const { status, headers } = await fetch(address, { method, redirect: "manual" });
    expect([status, headers.get("x-amzn-errortype")]).toEqual([403, "MissingAuthenticationTokenException"]);
  }
});

test("the user pool's public calls need no signature, its others do", async () => {
  const call = (operation: string): Promise<Response> =>
    fetch(bar.url, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` },
      body: "{}",
    });
  expect((await codeOf(await call("InitiateAuth"))).status).toBe(400);
  expect((await codeOf(await call("ListUserPools"))).status).toBe(403);
  expect((await codeOf(await call("AdminDeleteUser"))).status).toBe(403);
});

test("a body is refused before it is read: by its length, and by what its headers lack", async () => {
  const tooLong = "x".repeat(300_000);
  const pool = {
    ...json,
    service: "cognito-idp",
    headers: { ...jsonHeaders, "x-amz-target": "AWSCognitoIdentityProviderService.ListUserPools" },
  };
  expect((await callSigned(bar, { ...pool, body: tooLong })).status).toBe(413);
  expect((await callSigned(bar, { ...json, body: JSON.stringify({ Limit: 1, ignored: tooLong }) })).status).toBe(200);
});

function later(headers: Record<string, string>): string {
  const date = headers["x-amz-date"] ?? "";
  return `${date.slice(0, -3)}${date.slice(-3, -2) === "0" ? "1" : "0"}${date.slice(-2)}`;
}

test("RELIABILITY 40: signed calls from other machines are answered only with --wire lan", async () => {
  const statusesOf = async (options: object): Promise<number[]> => {
    const proxied = await openAwsBar({ trustedProxies: ["loopback"], ...options });
    const from = (address: string) => callSigned(proxied, { ...json, headers: { ...jsonHeaders, "x-forwarded-for": address } });
    const answers = [await from("203.0.113.5"), await from("127.0.0.1"), await from("::1")];
    await proxied.close();
    return answers.map(({ status }) => status);
  };
  expect(await statusesOf({})).toEqual([403, 200, 200]);
  expect(await statusesOf({ wire: "lan" })).toEqual([200, 200, 200]);
});
