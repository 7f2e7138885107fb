/** RELIABILITY 41: what operators do is written down, through both doors, and is theirs alone to read. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { callSigned } from "../aws/sign.ts";
import { type AwsBar, openAwsBar } from "../aws/support.ts";
import type { Person } from "../support/api.ts";

let bar: AwsBar;
let admin: Person;
let guest: Person;
beforeAll(async () => {
  bar = await openAwsBar();
  admin = await bar.admin();
  [guest] = (await bar.guests(1)) as [Person];
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

interface Act {
  readonly who: string;
  readonly what: string;
  readonly about: Record<string, unknown>;
  readonly atMs: number;
  readonly outcome: number;
  readonly sequence: number;
}
const acts = async (query = ""): Promise<{ acts: Act[]; next: number | null }> =>
  (await admin.call<{ acts: Act[]; next: number | null }>("GET", `/audit${query}`)).body;
const asOperator = (target: string, body: object): Promise<Response> =>
  fetch(`${bar.url}/`, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target, authorization: `Bearer ${admin.token}` },
    body: JSON.stringify(body),
  });
const signed = (service: string, target: string, body: object): Promise<Response> =>
  callSigned(bar, {
    service,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body: JSON.stringify(body),
  });

test("RELIABILITY 41: each act says who, when and what, also where it was refused; reading is none", async () => {
  await admin.call("PUT", "/store?state=open");
  await admin.call("PUT", "/config", { baristaTimeoutSeconds: 800 });
  await admin.call("PUT", "/config", { baristaTimeoutSeconds: -1 });
  await admin.call("GET", "/orders");
  await guest.call("PUT", "/store?state=closed");
  await asOperator("AWSStepFunctions.StopExecution", {
    executionArn: "arn:aws:states:us-east-1:123456789012:execution:x:y",
    cause: "tired",
  });
  await asOperator("AWSStepFunctions.ListStateMachines", {});
  await signed("dynamodb", "DynamoDB_20120810.PutItem", { TableName: "serverlesspresso-config-table", Item: { PK: { S: "audited" } } });
  await signed("sqs", "AmazonSQS.CreateQueue", { QueueName: "audited" });
  const { acts: found } = await acts();
  expect(found.map(({ who, what, about, outcome }) => [who, what, about, outcome])).toEqual([
    ["access key", "sqs:CreateQueue", { QueueName: "audited" }, 200],
    ["access key", "dynamodb:PutItem", { TableName: "serverlesspresso-config-table", Key: '{"PK":{"S":"audited"}}' }, 200],
    [admin.sub, "states:StopExecution", { executionArn: "arn:aws:states:us-east-1:123456789012:execution:x:y" }, 400],
    [admin.sub, "PUT /config", { baristaTimeoutSeconds: 800, members: "baristaTimeoutSeconds" }, 200],
    [admin.sub, "PUT /store", { state: "open" }, 200],
  ]);
  for (const { atMs } of found) expect(atMs).toBe(bar.clock.nowMs());
});

test("RELIABILITY 41: it says what was changed: drinks, devices, topics, kinds of events; no text of anybody's", async () => {
  const { menu } = (await admin.call<{ menu: { drink: string; available: boolean }[] }>("GET", "/config")).body;
  const changed = menu.map((entry) => (entry.drink === "Latte" ? { ...entry, available: false } : entry));
  const tea = { drink: "Tea", icon: "tea", available: true, modifiers: [] };
  expect((await admin.call("PUT", "/menu", [...changed.filter(({ drink }) => drink !== "Americano"), tea])).status).toBe(200);
  await admin.call("PUT", "/config", { timeZone: "Europe/Rome", subCode: true, customerTimeoutSeconds: 301 });
  const { code } = (await admin.call<{ code: string }>("POST", "/pairings", { deviceName: "Counter" })).body;
  const device = (await admin.call<{ userId: string }>("POST", `/pairings/${code}`)).body;
  const Entries = ["one", "two", "two"].map((Source) => ({ Source, DetailType: "Kind.New", Detail: '{"planted":1}' }));
  await asOperator("AWSEvents.PutEvents", { Entries });
  await callSigned(bar, { service: "iotdevicegateway", method: "POST", path: "/topics/a/b", headers: {}, body: '{"planted":1}' });
  const { acts: found } = await acts("?maxItems=5");
  expect(found.map(({ what, about }) => [what, about])).toEqual([
    [expect.stringMatching(/:Publish$/), { topic: "a/b" }],
    ["events:PutEvents", { Source: "one, two", DetailType: "Kind.New" }],
    ["POST /pairings/{code}", { deviceName: "Counter", userId: device.userId }],
    ["PUT /config", { subCode: true, customerTimeoutSeconds: 301, members: "customerTimeoutSeconds, timeZone, subCode" }],
    ["PUT /menu", { drinks: "Latte, Tea, Americano" }],
  ]);
  expect(JSON.stringify(found)).not.toMatch(new RegExp(`planted|Rome|${code}`));
});

/** What the console's buttons call, and what each is written down as. */
const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
const execution = "arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:none";
const table = "serverlesspresso-config-table";
const queue = "http://127.0.0.1/123456789012/MetricsQueue-DLQ";
const buttons: readonly (readonly [button: string, target: string, request: object, what: string])[] = [
  ["start", "AWSStepFunctions.StartExecution", { stateMachineArn: machine, name: "by-hand", input: "{}" }, "states:StartExecution"],
  ["stop", "AWSStepFunctions.StopExecution", { executionArn: execution }, "states:StopExecution"],
  ["redrive", "AWSStepFunctions.RedriveExecution", { executionArn: execution }, "states:RedriveExecution"],
  [
    "redrive of a queue",
    "AmazonSQS.StartMessageMoveTask",
    { SourceArn: "arn:aws:sqs:us-east-1:123456789012:MetricsQueue-DLQ" },
    "sqs:StartMessageMoveTask",
  ],
  ["send token", "AWSStepFunctions.SendTaskSuccess", { taskToken: "x", output: "{}" }, "states:SendTaskSuccess"],
  ["fail token", "AWSStepFunctions.SendTaskFailure", { taskToken: "x" }, "states:SendTaskFailure"],
  ["edit item", "DynamoDB_20120810.UpdateItem", { TableName: table, Key: { PK: { S: "audited" } } }, "dynamodb:UpdateItem"],
  ["put item", "DynamoDB_20120810.PutItem", { TableName: table, Item: { PK: { S: "audited" } } }, "dynamodb:PutItem"],
  ["delete item", "DynamoDB_20120810.DeleteItem", { TableName: table, Key: { PK: { S: "audited" } } }, "dynamodb:DeleteItem"],
  ["edit items", "DynamoDB_20120810.BatchWriteItem", { RequestItems: {} }, "dynamodb:BatchWriteItem"],
  ["edit items together", "DynamoDB_20120810.TransactWriteItems", { TransactItems: [] }, "dynamodb:TransactWriteItems"],
  [
    "edit definition",
    "AWSStepFunctions.UpdateStateMachine",
    { stateMachineArn: `${machine}-none`, definition: "{}" },
    "states:UpdateStateMachine",
  ],
  ["replay", "AWSEvents.StartReplay", { ReplayName: "by-hand" }, "events:StartReplay"],
  ["send event", "AWSEvents.PutEvents", { Entries: [] }, "events:PutEvents"],
  ["empty queue", "AmazonSQS.PurgeQueue", { QueueUrl: queue }, "sqs:PurgeQueue"],
  [
    "give a group",
    "AWSCognitoIdentityProviderService.AdminAddUserToGroup",
    { Username: "none", GroupName: "admin" },
    "cognito-idp:AdminAddUserToGroup",
  ],
];
const calls = (target: string, request: object, token?: string): Promise<Response> =>
  fetch(`${bar.url}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(request),
  });

test.each(buttons)(
  "RELIABILITY 41: %s is the admin's alone, and is written down with who, when and what",
  async (_, target, request, what) => {
    const before = (await acts("?maxItems=1")).acts[0]?.sequence ?? 0;
    for (const token of [guest.token, "x", undefined]) expect((await calls(target, request, token)).status).toBe(403);
    expect((await acts("?maxItems=1")).acts[0]?.sequence ?? 0).toBe(before);
    const { status } = await calls(target, request, admin.token);
    const [act] = (await acts("?maxItems=1")).acts;
    expect(act).toMatchObject({ sequence: before + 1, who: admin.sub, what, atMs: bar.clock.nowMs(), outcome: status });
  },
);

test("RELIABILITY 41: no secret is in it, and no line can be forged", async () => {
  const password = "correct horse 12 battery";
  await asOperator("AWSCognitoIdentityProviderService.AdminCreateUser", {
    UserPoolId: bar.platform.identities.pool.poolId,
    Username: "new@example.com",
    TemporaryPassword: password,
  });
  await asOperator("AWSStepFunctions.SendTaskSuccess", { taskToken: "planted-token", output: '{"planted":1}' });
  await asOperator("AmazonSQS.CreateQueue", { QueueName: "a\n2026-01-01 admin deleted everything\u202e" });
  const { acts: found } = await acts("?maxItems=3");
  expect(found.map(({ what, about }) => [what, about])).toEqual([
    ["sqs:CreateQueue", { QueueName: "a\\u000a2026-01-01 admin deleted everything\\u202e" }],
    ["states:SendTaskSuccess", {}],
    ["cognito-idp:AdminCreateUser", { UserPoolId: bar.platform.identities.pool.poolId, Username: "new@example.com" }],
  ]);
  expect(JSON.stringify(found)).not.toMatch(/planted|correct horse/);
});

test("RELIABILITY 41: it is the staff's alone, comes in pages, and is there after a restart", async () => {
  expect((await guest.call("GET", "/audit")).status).toBe(403);
  expect((await fetch(`${bar.url}/audit`)).status).toBe(401);
  expect((await admin.call("GET", "/audit?maxItems=0")).status).toBe(400);
  const all = (await acts()).acts;
  const first = await acts("?maxItems=3");
  const second = await acts(`?maxItems=200&next=${first.next}`);
  expect([...first.acts, ...second.acts]).toEqual(all);
  expect(second.next).toBeNull();
  await bar.restart();
  admin = await bar.admin();
  expect((await acts()).acts).toEqual(all);
  await admin.call("PUT", "/store?state=open");
  expect((await acts("?maxItems=1")).acts[0]).toMatchObject({ sequence: (all[0]?.sequence ?? 0) + 1, what: "PUT /store" });
});
