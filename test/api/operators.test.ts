/** What is the operators' alone: neither a paired device nor a barista's account gets at it, whatever it calls. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createManualClock } from "@serverlesspresso/clock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, type Person, pairBarista } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { adminEmail, adminPassword, temporaryFolder } from "../support/server.ts";
import { accountToken, callAws, callPool, callPoolAsOperator, claimsOf, connect, granted, submitted } from "./steps.ts";

let bar: Bar;
let admin: Person;
const tokens: Record<string, string> = {};
let executionArn: string;

beforeAll(async () => {
  bar = await openBar();
  admin = await bar.admin();
  const { guest, orderId } = await submitted(bar);
  executionArn = `arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:${orderId}`;
  tokens.guest = guest.token;
  tokens.barista = await accountToken(bar, "barista@example.com");
  tokens.display = (await bar.secondBarista()).token;
  tokens.operator = await accountToken(bar, "operator@example.com", ["operator"]);
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

const UserPoolId = (): string => bar.platform.identities.pool.poolId;
const pool = (operation: string): string => `AWSCognitoIdentityProviderService.${operation}`;
const takeover = { Username: adminEmail, Password: "my own very long password 1", Permanent: true };

/** What each of AWS's services would tell or do. */
const calls: Readonly<Record<string, () => object>> = {
  [pool("ListUsers")]: () => ({ UserPoolId: UserPoolId() }),
  [pool("ListUsersInGroup")]: () => ({ UserPoolId: UserPoolId(), GroupName: "operator" }),
  [pool("AdminGetUser")]: () => ({ UserPoolId: UserPoolId(), Username: adminEmail }),
  "DynamoDB_20120810.ListTables": () => ({}),
  "DynamoDB_20120810.Scan": () => ({ TableName: "serverlesspresso-order-table" }),
  "AWSStepFunctions.ListStateMachines": () => ({}),
  "AWSStepFunctions.GetExecutionHistory": () => ({ executionArn }),
  "Logs_20140328.DescribeLogGroups": () => ({}),
  "AWSEvents.ListRules": () => ({ EventBusName: "Serverlesspresso" }),
  "AmazonSQS.ListQueues": () => ({}),
};

describe.each(["guest", "barista", "display"])("%s", (who) => {
  test.each(Object.keys(calls))("gets nothing of %s", async (target) => {
    const answer = await callAws(bar.url, target, calls[target]?.(), tokens[who]);
    expect(answer).toMatchObject({ status: 403, body: { __type: expect.stringContaining("AccessDenied") } });
    expect(Object.keys(answer.body).sort()).toEqual(["__type", "message"]);
  });

  test("takes over nobody's account and gives itself no group", async () => {
    const { sub } = claimsOf(tokens[who] as string);
    for (const [operation, body] of [
      ["AdminSetUserPassword", takeover],
      ["AdminAddUserToGroup", { Username: sub, GroupName: "operator" }],
      ["AdminResetUserPassword", { Username: adminEmail }],
      ["AdminDeleteUser", { Username: adminEmail }],
    ] as const)
      expect((await callAws(bar.url, pool(operation), { UserPoolId: UserPoolId(), ...body }, tokens[who])).status).toBe(403);
    const AuthParameters = { USERNAME: adminEmail, PASSWORD: adminPassword };
    expect(await callPool(bar, "InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters })).toMatchObject({ status: 200 });
    expect((await callApi(bar.url, tokens[who], "GET", "/outbox")).status).toBe(403);
  });

  test.each([
    ["GET", "/outbox"],
    ["GET", "/audit"],
    ["POST", "/backup"],
    ["POST", "/pairings/ABCDEF"],
  ] as const)("%s %s is refused in words", async (method, path) => {
    const body = method === "POST" ? {} : undefined;
    const refused = { type: "urn:serverlesspresso:problem:not-allowed", detail: "Only the shop's operators may do this." };
    expect(await callApi(bar.url, tokens[who], method, path, body)).toMatchObject({ status: 403, body: refused });
  });
});

test.each(Object.keys(calls))("an operator may: %s", async (target) => {
  expect(await callAws(bar.url, target, calls[target]?.(), tokens.operator)).toMatchObject({ status: 200 });
});

test("an operator who is no barista is told that the bar's work is the staff's", async () => {
  expect(await callApi(bar.url, tokens.operator, "PUT", "/store?state=open")).toMatchObject({ status: 403 });
});

test.each([
  { who: "guest", grants: [128, 1] },
  { who: "barista", grants: [1, 1] },
  { who: "display", grants: [1, 1] },
  { who: "operator", grants: [128, 1] },
])("the bar's live topic is the staff's: $who", async ({ who, grants }) => {
  const ear = await connect(bar.url, tokens[who]);
  expect(await granted(ear, ["serverlesspresso-admin", "serverlesspresso-config"])).toEqual(grants);
  ear.end();
});

test("no device is an operator, whoever confirms it and whatever group it is put in", async () => {
  const device = await pairBarista(bar.url, admin);
  expect(claimsOf(device.token)["cognito:groups"]).toEqual(["admin"]);
  const refused = { status: 400, body: { __type: expect.stringContaining("InvalidParameterException") } };
  expect(await callPoolAsOperator(bar, "AdminAddUserToGroup", { Username: device.sub, GroupName: "operator" })).toMatchObject(refused);
  expect((await device.call("GET", "/outbox")).status).toBe(403);
  expect((await device.call("GET", "/orders")).status).toBe(200);
});

test("what the robots sign in with works at the bar alone", async () => {
  const token = await bar.platform.identities.staffToken();
  const statuses = ["/orders", "/outbox"].map(async (path) => (await callApi(bar.url, token, "GET", path)).status);
  expect(await Promise.all(statuses)).toEqual([200, 403]);
});

test("who loses the group is an operator no more, at once", async () => {
  const token = await accountToken(bar, "second@example.com", ["admin", "operator"]);
  expect((await callApi(bar.url, token, "GET", "/outbox")).status).toBe(200);
  await callPoolAsOperator(bar, "AdminRemoveUserFromGroup", { Username: "second@example.com", GroupName: "operator" });
  expect((await callApi(bar.url, token, "GET", "/outbox")).status).toBe(403);
  expect((await callAws(bar.url, pool("ListUsers"), { UserPoolId: UserPoolId() }, token)).status).toBe(403);
});

test("a folder of a release without operators: its accounts in `admin` are operators, its devices are not; the start says so, once", async () => {
  const folder = temporaryFolder();
  const saved = join(import.meta.dirname, "../data-folders/format-1");
  const { savedAtMs } = JSON.parse(readFileSync(`${saved}.json`, "utf8")) as { savedAtMs: number };
  writeFileSync(join(folder.path, "store.mdb"), gunzipSync(readFileSync(`${saved}.mdb.gz`)));
  const said: string[] = [];
  const open = (): Promise<Bar> =>
    openBar({ dataFolder: folder.path, clock: createManualClock(savedAtMs + 1_000), onMigration: (line) => void said.push(line) });
  const old = await open();
  interface Listed {
    readonly Users: readonly {
      readonly Username: string;
      readonly Attributes: readonly { readonly Name: string; readonly Value: string }[];
    }[];
  }
  const listed = await callPoolAsOperator<Listed>(old, "ListUsers", {});
  const groups: Record<string, unknown> = {};
  for (const { Username, Attributes } of listed.body.Users) {
    const { body } = await callPoolAsOperator<{ Groups: { GroupName: string }[] }>(old, "AdminListGroupsForUser", { Username });
    const names = body.Groups.map(({ GroupName }) => GroupName);
    if (names.length > 0) groups[Attributes.find(({ Name }) => Name === "name")?.Value ?? ""] = names;
  }
  expect(groups).toEqual({ Admin: ["admin", "operator"], "Second tablet": ["admin"] });
  const joined = await accountToken(old, "later@example.com");
  expect((await callApi(old.url, joined, "GET", "/outbox")).status).toBe(403);
  await old.close();
  const again = await open();
  await again.close();
  expect(said).toEqual([
    "closed executions: marks by which lists find them (version 2, 1 records)",
    "users: accounts in group admin, which opened the console until now, are in group operator too; paired devices and who joins admin later are not (version 2, 1 records)",
    "pairings of devices, by earlier releases: pairings under way are forgotten, for they last ten minutes and lie in the platform's table now; a screen that waits shows a new code (version 2, 1 records)",
  ]);
  folder.remove();
});
