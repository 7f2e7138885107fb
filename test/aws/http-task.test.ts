import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  DeleteConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListConnectionsCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  UpdateConnectionCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/api.ts";
import { type AwsBar, account, openAwsBar } from "./support.ts";

let bar: AwsBar;
let states: SFNClient;
let events: EventBridgeClient;
let server: Server;
let origin: string;
let ConnectionArn: string;
const secret = "open-sesame-7";
const calls: { method: string | undefined; url: string | undefined; headers: IncomingMessage["headers"]; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    calls.push({ method: request.method, url: request.url, headers: request.headers, body });
    if (request.url?.startsWith("/none")) response.statusCode = 404;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ cups: 3 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  bar = await openAwsBar({ outboundHosts: [new URL(origin).host] });
  states = new SFNClient(bar.client);
  events = new EventBridgeClient(bar.client);
  ConnectionArn = (await events.send(new CreateConnectionCommand(apiKey))).ConnectionArn ?? "";
});
afterAll(async () => {
  await bar.close();
  server.close();
});

const apiKey = {
  Name: "roastery",
  AuthorizationType: "API_KEY" as const,
  AuthParameters: {
    ApiKeyAuthParameters: { ApiKeyName: "X-Roastery-Key", ApiKeyValue: secret },
    InvocationHttpParameters: {
      QueryStringParameters: [{ Key: "tenant", Value: "bar", IsValueSecret: false }],
      BodyParameters: [{ Key: "token", Value: `${secret}-too`, IsValueSecret: true }],
    },
  },
};
let machines = 0;

/** Runs an HTTP task until it ends. */
async function run(Parameters: object) {
  const task = {
    Type: "Task",
    Resource: "arn:aws:states:::http:invoke",
    Parameters: { Authentication: { ConnectionArn }, ...Parameters },
    End: true,
  };
  const definition = JSON.stringify({ StartAt: "Call", States: { Call: task } });
  const roleArn = `arn:aws:iam::${account}:role/any`;
  const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: `Http${++machines}`, definition, roleArn }));
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
  return eventually("the task's end", async () => {
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status !== "RUNNING" && execution;
  });
}

test("a task calls with what its connection holds, and gets status, headers and body", async () => {
  const {
    status,
    output = "",
    executionArn,
  } = await run({
    ApiEndpoint: `${origin}/orders?day=1`,
    Method: "POST",
    Headers: { "X-Trace": "abc" },
    QueryParameters: { size: ["s", "m"] },
    RequestBody: { beans: "Kenya" },
  });
  expect(status).toBe("SUCCEEDED");
  expect(JSON.parse(output)).toEqual({
    StatusCode: 200,
    StatusText: "OK",
    ResponseBody: { cups: 3 },
    Headers: expect.objectContaining({ "content-type": ["application/json"] }),
  });
  const made = calls.at(-1);
  expect(made).toMatchObject({ method: "POST", url: "/orders?day=1&size=s&size=m&tenant=bar" });
  expect(made?.headers).toMatchObject({
    "x-roastery-key": secret,
    "x-trace": "abc",
    "content-type": "application/json",
    "user-agent": "Amazon|StepFunctions|HttpInvoke|us-east-1",
  });
  expect(JSON.parse(made?.body ?? "")).toEqual({ beans: "Kenya", token: `${secret}-too` });
  const { events: history } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(JSON.stringify(history)).not.toContain(secret);
});

test("a body is encoded as a form where the state says so", async () => {
  await run({
    ApiEndpoint: `${origin}/form`,
    Method: "PUT",
    RequestBody: { list: ["a", "b"], deep: { er: 1 } },
    Transform: { RequestBodyEncoding: "URL_ENCODED", RequestEncodingOptions: { ArrayFormat: "BRACKETS" } },
  });
  expect(calls.at(-1)).toMatchObject({
    body: `list[]=a&list[]=b&deep[er]=1&token=${secret}-too`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
});

test("an answer of 404 is a failure of that name, with the answer as its cause", async () => {
  const { status, error, cause = "" } = await run({ ApiEndpoint: `${origin}/none`, Method: "GET" });
  expect([status, error]).toEqual(["FAILED", "States.Http.StatusCode.404"]);
  expect(JSON.parse(cause)).toMatchObject({ StatusCode: 404, ResponseBody: { cups: 3 } });
});

test.each([
  { name: "another host", more: { ApiEndpoint: "https://example.com/" }, error: "States.Runtime", cause: "--outbound-host example.com" },
  { name: "no address", more: { ApiEndpoint: "orders" }, error: "States.Runtime", cause: "'ApiEndpoint'" },
  { name: "a header of the connection's own", more: { Headers: { Host: "x" } }, error: "States.Runtime", cause: "'Host'" },
  { name: "a header in two lines", more: { Headers: { A: "b\r\nC: d" } }, error: "States.Runtime", cause: "'a'" },
  { name: "a method there is not", more: { Method: "BREW" }, error: "States.Runtime", cause: "Method" },
  {
    name: "a connection there is not",
    more: { Authentication: { ConnectionArn: "arn:aws:events:us-east-1:123456789012:connection/none/1" } },
    error: "Events.ConnectionResource.NotFound",
    cause: "connection/none/1",
  },
])("$name fails before anything is called", async ({ more, error, cause }) => {
  const before = calls.length;
  const ended = await run({ ApiEndpoint: `${origin}/x`, Method: "GET", ...more });
  expect(ended).toMatchObject({ status: "FAILED", error, cause: expect.stringContaining(cause) });
  expect([calls.length, bar.errors]).toEqual([before, []]);
});

test("TLS without a certificate that holds is a failure of the socket", async () => {
  expect(await run({ ApiEndpoint: origin.replace("http:", "https:"), Method: "GET" })).toMatchObject({ error: "States.Http.Socket" });
});

test("a connection is described without its secrets, changed and deleted", async () => {
  const { $metadata: _, ...described } = await events.send(new DescribeConnectionCommand({ Name: "roastery" }));
  expect(described).toMatchObject({
    ConnectionArn,
    ConnectionState: "AUTHORIZED",
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: "X-Roastery-Key" } },
    CreationTime: new Date(bar.clock.nowMs()),
  });
  expect(JSON.stringify([described, await events.send(new ListConnectionsCommand({}))])).not.toContain(secret);
  await expect(events.send(new CreateConnectionCommand(apiKey))).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });

  const basic = { BasicAuthParameters: { Username: "bea", Password: "flat:white" } };
  const made = await events.send(new CreateConnectionCommand({ Name: "basic", AuthorizationType: "BASIC", AuthParameters: basic }));
  await run({ ApiEndpoint: `${origin}/basic`, Method: "GET", Authentication: { ConnectionArn: made.ConnectionArn } });
  expect(calls.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from("bea:flat:white").toString("base64")}`);
  const AuthParameters = { BasicAuthParameters: { Username: "bea", Password: "new" } };
  await events.send(new UpdateConnectionCommand({ Name: "basic", AuthParameters }));
  await run({ ApiEndpoint: `${origin}/basic`, Method: "GET", Authentication: { ConnectionArn: made.ConnectionArn } });
  expect(calls.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from("bea:new").toString("base64")}`);
  await events.send(new DeleteConnectionCommand({ Name: "basic" }));
  await expect(events.send(new DescribeConnectionCommand({ Name: "basic" }))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a rule sends events to an API destination", async () => {
  const destination = { ConnectionArn, InvocationEndpoint: `${origin}/hooks/*/in`, HttpMethod: "POST" as const };
  const { ApiDestinationArn = "" } = await events.send(new CreateApiDestinationCommand({ Name: "hook", ...destination }));
  expect(await events.send(new DescribeApiDestinationCommand({ Name: "hook" }))).toMatchObject({
    ApiDestinationState: "ACTIVE",
    ...destination,
  });
  expect((await events.send(new ListApiDestinationsCommand({}))).ApiDestinations?.map(({ Name }) => Name)).toEqual(["hook"]);

  await events.send(new PutRuleCommand({ Name: "Hook", EventPattern: '{"source":["my.shop"]}' }));
  const HttpParameters = { PathParameterValues: ["a/b"], HeaderParameters: { "X-Kind": "sale" }, QueryStringParameters: { q: "1" } };
  const Targets = [{ Id: "1", Arn: ApiDestinationArn, RoleArn: `arn:aws:iam::${account}:role/any`, InputPath: "$.detail", HttpParameters }];
  await events.send(new PutTargetsCommand({ Rule: "Hook", Targets }));
  await events.send(new PutEventsCommand({ Entries: [{ Source: "my.shop", DetailType: "Sold", Detail: '{"size":3}' }] }));
  const made = await eventually("the call", async () => calls.find(({ url }) => url?.startsWith("/hooks")));
  expect(made).toMatchObject({
    method: "POST",
    url: "/hooks/a%2Fb/in?q=1&tenant=bar",
    headers: { "x-kind": "sale", "x-roastery-key": secret },
  });
  expect(JSON.parse(made.body)).toEqual({ size: 3, token: `${secret}-too` });
  await bar.quiet();
  expect(bar.platform.bus.pendingDeliveries(bar.platform.store)).toBe(0);
});

test("no log holds a secret", async () => {
  const logs = new CloudWatchLogsClient(bar.client);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups.length).toBeGreaterThan(0);
  for (const { logGroupName } of logGroups) {
    const { events: lines } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: `"${secret}"` }));
    expect(lines).toEqual([]);
  }
});
