/** What must never be shown: task tokens, the QR code beside its own route, JSON Web Tokens, passwords. */
import type { JsonObject } from "@serverlesspresso/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi, type Person, type Tokens } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { adminPassword } from "../support/server.ts";
import { watchAnswers } from "./answers.ts";
import { brought, callPool, type Ear, guestTokens, latte, listen, scanned, submitted } from "./steps.ts";

const answers = watchAnswers();
const accountPassword = "a long walk to the harbour 7";
let bar: Bar;
let ears: Ear[] = [];
let taskTokens: string[] = [];
const codes: string[] = [];
const webTokens: string[] = [];
const deviceSecrets: string[] = [];

/** Whole journeys to every end, with everything that clients outside receive kept. */
beforeAll(async () => {
  bar = await openBar();
  const admin = await bar.admin();
  ears.push(
    await listen(bar.url, admin, "serverlesspresso-admin", "serverlesspresso-config"),
    await listen(bar.url, undefined, "serverlesspresso-config"),
  );
  codes.push((await bar.nextWindow()).code);
  const completed = await watched(await submitted(bar));
  for (const action of ["make", "unmake", "make", "complete", "complete", "announce", "cancel"]) await admin.act(completed.orderId, action);
  for (const state of ["CREATED", "SUBMITTED", "MAKING"] as const) {
    const { guest, orderId } = await watched(await brought(bar, state));
    await guest.act(orderId, "placeOrder", { ...latte, drink: "Tea" });
    await guest.act(orderId, "cancel", { reason: "no time" });
  }
  await admin.call("PUT", "/store?state=closed");
  await admin.call("PUT", "/store?state=open");
  await watched(await scanned(bar));
  await watched(await submitted(bar));
  await bar.clock.advance(1_000_000);
  await bar.configure({ maxOrdersInQueue: 1 });
  codes.push((await bar.nextWindow()).code);
  const [late] = (await bar.guests(1)) as [Person];
  await late.scan("1.guessed");
  await watched(await scanned(bar));
  await watched(await scanned(bar));
  await signInEveryWay();
  for (const path of ["/orders", "/orders?state=COMPLETED", "/config", "/qr-code"]) await (await bar.admin()).call("GET", path);
  await bar.quiet();
  taskTokens = historyOfAll().flatMap(tokensIn);
});
afterAll(async () => {
  for (const ear of ears) ear.end();
  await bar.close();
});

async function watched<Order extends { guest: Person; orderId: string }>(order: Order): Promise<Order> {
  ears = [...ears, await listen(bar.url, order.guest, `serverlesspresso-user-${order.guest.sub}`, "serverlesspresso-config")];
  webTokens.push(order.guest.token);
  await order.guest.order(order.orderId);
  await order.guest.call("GET", "/myOrders");
  return order;
}

/** Rights and wrongs of signing in, so that logs have every occasion to keep what they should not. */
async function signInEveryWay(): Promise<void> {
  const account = { Username: "ada@example.com", Password: accountPassword };
  await callPool(bar, "SignUp", account);
  const [mail] = bar.platform.identities.pool.listOutbox(bar.platform.store) as { text: string }[];
  await callPool(bar, "ConfirmSignUp", { ...account, ConfirmationCode: /\b\d{6}\b/.exec(mail?.text ?? "")?.[0] });
  for (const PASSWORD of [accountPassword, `${accountPassword}x`]) {
    const { body } = await callPool<{ AuthenticationResult?: { AccessToken: string; RefreshToken: string } }>(bar, "InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: account.Username, PASSWORD },
    });
    if (body.AuthenticationResult !== undefined)
      webTokens.push(body.AuthenticationResult.AccessToken, body.AuthenticationResult.RefreshToken);
  }
  const { AccessToken, IdToken, RefreshToken } = await guestTokens(bar);
  webTokens.push(AccessToken, IdToken, RefreshToken);
  await callApi(bar.url, IdToken, "GET", "/myOrders");
  await callApi(bar.url, `${AccessToken}x`, "GET", "/myOrders");
  await pairOnce();
}

/** A device polls before its code is confirmed and after, and with a secret that is not its own. */
async function pairOnce(): Promise<void> {
  const { body } = await callApi<{ code: string; deviceSecret: string }>(bar.url, undefined, "POST", "/pairings", { deviceName: "Tablet" });
  deviceSecrets.push(body.deviceSecret, body.deviceSecret.slice(7));
  const poll = (secret = body.deviceSecret) => callApi<Tokens>(bar.url, secret, "GET", "/pairings/current");
  const statuses = [(await poll()).status, (await poll(`${body.deviceSecret}x`)).status];
  const admin = await bar.admin();
  statuses.push((await admin.call("POST", `/pairings/${body.code}`)).status);
  const tokens = await poll();
  webTokens.push(tokens.body.AccessToken, tokens.body.RefreshToken);
  expect([...statuses, tokens.status]).toEqual([202, 410, 200, 200]);
  await admin.call("GET", "/audit");
}

function historyOfAll(): JsonObject[] {
  const { workflows, store } = bar.platform;
  const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
  const { executions } = workflows.query(store, "ListExecutions", { stateMachineArn, maxResults: 1000 }) as {
    executions: { executionArn: string }[];
  };
  return executions.flatMap(
    ({ executionArn }) => workflows.query(store, "GetExecutionHistory", { executionArn, maxResults: 1000 }).events as JsonObject[],
  );
}

function tokensIn(event: JsonObject): string[] {
  return [...JSON.stringify(event).matchAll(/TaskToken\\*":\s*\\*"([^"\\]+)/g)].map(([, token]) => token as string);
}

const messages = (): string[] => ears.flatMap(({ payloads }) => payloads);

test("the operator's history has the tokens, and everything that follows was really played", async () => {
  expect(new Set(taskTokens).size).toBeGreaterThanOrEqual(10);
  for (const token of taskTokens) expect(token.length).toBeGreaterThan(20);
  const told = new Set(messages().map((payload) => (JSON.parse(payload) as { type: string }).type));
  expect([...told].sort()).toEqual([
    "ConfigService.ConfigChanged",
    "OrderManager.MakeOrder",
    "OrderManager.OrderAnnounced",
    "OrderManager.OrderCancelled",
    "OrderManager.OrderCompleted",
    "OrderManager.WaitingCompletion",
    "OrderProcessor.OrderTimeOut",
    "OrderProcessor.ShopUnavailable",
    "OrderProcessor.WaitingCompletion",
    "OrderProcessor.WorkflowStarted",
    "OrderProcessor.orderFinished",
    "Validator.NewOrder",
  ]);
  expect(answers.texts.length).toBeGreaterThan(60);
});

test("RELIABILITY 4: no answer and no message holds a task token, whole or in part, nor a member of that name", () => {
  const shown = [...answers.texts, ...messages()].join("\n");
  for (const token of new Set(taskTokens))
    expect(shown.includes(token) || shown.includes(token.slice(0, 24)) || shown.includes(token.slice(-24))).toBe(false);
  expect(shown).not.toMatch(/task_?token/i);
});

test("RELIABILITY 4: codes are told to staff alone, tokens to whom they are issued, passwords to nobody, also where a refusal could repeat them", async () => {
  const [code = "", token = ""] = [codes[0], webTokens[0]];
  const [guest] = (await bar.guests(1)) as [Person];
  for (const secret of [code, token, adminPassword]) {
    const escaped = encodeURIComponent(secret);
    await guest.call("GET", `/orders/${escaped}`);
    await guest.call("GET", `/nowhere/${escaped}`);
    await guest.call("GET", `/myOrders?next=${escaped}`);
    await guest.call("POST", `/qr-code?token=${escaped}x`);
    await guest.call("PUT", "/orders/x?action=placeOrder", { drink: secret.slice(0, 90), modifiers: secret });
    await callApi(bar.url, undefined, "POST", "/guests", { name: secret.repeat(20) });
    await callApi(bar.url, secret, "GET", "/orders");
  }
  const secrets = { codes, webTokens, deviceSecrets, passwords: [adminPassword, accountPassword] };
  const mayTell: Record<keyof typeof secrets, readonly string[]> = {
    codes: ["GET /qr-code"],
    webTokens: ["POST /guests", "POST /", "GET /pairings/current"],
    deviceSecrets: ["POST /pairings"],
    passwords: [],
  };
  for (const [kind, list] of Object.entries(secrets)) {
    const told = answers.byCall.filter(({ text }) =>
      list.some((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret))),
    );
    const calls = new Set(told.map(({ call }) => call));
    expect([kind, [...calls].filter((call) => !mayTell[kind as keyof typeof secrets].includes(call))]).toEqual([kind, []]);
    for (const secret of list) expect([kind, messages().some((payload) => payload.includes(secret))]).toEqual([kind, false]);
  }
});

test("RELIABILITY 4, 27: the code of a window is in no event and no message", () => {
  const told = [...bar.events().map((event) => JSON.stringify(event)), ...messages()].join("\n");
  expect(codes.length).toBeGreaterThan(1);
  for (const code of codes) expect([told.includes(code), told.includes(code.split(".")[1] as string)]).toEqual([false, false]);
});

test("a guest hears of no other guest", () => {
  for (const { heard } of ears)
    for (const { topic, detail } of heard)
      if (topic.startsWith("serverlesspresso-user-")) expect(topic).toBe(`serverlesspresso-user-${detail.userId}`);
});

test("RELIABILITY 4, 27: the logs hold no task token, web token, code or password", async () => {
  await bar.clock.advance(60_000);
  const { logs, store } = bar.platform;
  const { logGroups } = logs.query(store, "DescribeLogGroups", {}) as { logGroups: { logGroupName: string }[] };
  const eventGroup = "/aws/events/serverlesspressoEventBus";
  const lines = logGroups.flatMap(({ logGroupName }) => (logGroupName === eventGroup ? [] : linesOf(logGroupName)));
  const events = linesOf(eventGroup);
  expect(logGroups.map(({ logGroupName }) => logGroupName)).toEqual(expect.arrayContaining([eventGroup, "/aws/lambda/SpendToken"]));
  expect([lines.length > 100, events.length > 30]).toEqual([true, true]);
  // What rules deliver whole is shown to operators with its task tokens (SPEC section 3).
  expect(taskTokens.some((token) => events.join("\n").includes(`"TaskToken":"${token}"`))).toBe(true);
  const hidden = events.map((line) => line.replaceAll(/"TaskToken":"[^"]+"/g, ""));
  const kept = [...lines, ...hidden, ...bar.errors].join("\n");
  const secrets = { taskTokens, codes, webTokens, deviceSecrets, passwords: [adminPassword, accountPassword] };
  for (const [kind, list] of Object.entries(secrets))
    for (const secret of list) expect([kind, kept.includes(secret), kept.includes(secret.slice(-20))]).toEqual([kind, false, false]);
  expect(kept).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);

  function linesOf(logGroupName: string): string[] {
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = logs.query(store, "FilterLogEvents", { logGroupName, ...(nextToken !== undefined && { nextToken }) }) as {
        events: { message: string }[];
        nextToken?: string;
      };
      found.push(...page.events.map(({ message }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }
});

test("tables hold no password and no refresh token, and closed orders no task token", () => {
  const { tables, store } = bar.platform;
  const items = tables.query(store, "Scan", { TableName: "serverlesspresso-order-table" }).Items as {
    ORDERSTATE: { S: string };
    TaskToken?: unknown;
  }[];
  const isOpen = ({ ORDERSTATE }: { ORDERSTATE: { S: string } }): boolean => ["CREATED", "SUBMITTED", "MAKING"].includes(ORDERSTATE.S);
  expect(items.filter((item) => !isOpen(item)).length).toBeGreaterThan(5);
  expect(items.filter((item) => !isOpen(item) && item.TaskToken !== undefined)).toEqual([]);
});
