/**
 * The journeys of SPEC section 1 with every function's bundle in a process of its own, behind Lambda's Runtime API, with the variables that a
 * deployment sets. AWS is the bar's wire API. What each function asks of it is noted: it has to be what its role allows, no more and no less.
 *
 * Time is real here, so waits are shortened by the configuration.
 */
import { createSystemClock } from "@serverlesspresso/clock";
import type { JsonObject } from "@serverlesspresso/ports";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { platformTable, runtimeFunctions } from "../../platforms/aws/src/runtime/functions.ts";
import { type Platform, startPlatform } from "../../platforms/local/src/platform.ts";
import { latte, type ProblemView, problemNamed } from "../api/steps.ts";
import { callApi, eventually, type OrderView, type Person, pairBarista, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { adminEmail, adminPassword, temporaryFolder } from "../support/server.ts";
import { attachFunctions } from "./support/attach-functions.ts";
import { environmentOf } from "./support/functions.ts";
import { type GatewayServer, startGatewayServer } from "./support/gateway-server.ts";
import { allows, grantedRights } from "./support/granted-rights.ts";
import { createProcesses, type Processes } from "./support/processes.ts";

const folder = temporaryFolder();
const errors: string[] = [];
const clock = createSystemClock();
let platform: Platform;
let gateway: GatewayServer;
let lambda: Processes;
let admin: Person;

beforeAll(async () => {
  platform = await startPlatform({
    dataFolder: folder.path,
    adminEmail,
    adminPassword,
    rateLimitFactor: 0,
    onError: (error, what) => void errors.push(`${what}: ${String(error)}`),
  });
  const { pool } = platform.identities;
  const aws = { url: platform.url, issuer: pool.issuer(), dataFolder: folder.path, userPoolId: pool.poolId, clientId: pool.clientId };
  lambda = createProcesses(platform.port, { ...environmentOf(aws), LOG_LEVEL: "INFO" });
  await attachFunctions(platform, lambda);
  gateway = await startGatewayServer({ platform: () => platform, invoke: lambda.invoke, nowMs: clock.nowMs });
  admin = await signInAdmin(gateway.url);
  await configure({ drinksPerBarcode: 1000 });
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await platform.stop();
  await lambda.stop();
  folder.remove();
});

async function configure(changes: JsonObject): Promise<void> {
  expect((await admin.call("PUT", "/config", changes)).status).toBe(200);
}
const stateOf = async (orderId: string): Promise<string> => (await admin.order(orderId)).orderState;
const until = (orderId: string, state: string): Promise<unknown> =>
  eventually(`order ${orderId} to be ${state}`, async () => (await stateOf(orderId)) === state);
const code = async (): Promise<string> => (await admin.call<Window>("GET", "/qr-code")).body.code;

/** A guest with an order whose workflow waits for the drink. */
async function scanned(): Promise<{ guest: Person; orderId: string }> {
  const guest = await signInGuest(gateway.url, "Ada");
  const { status, body } = await guest.scan(await code());
  expect(status).toBe(201);
  return { guest, orderId: body.orderId };
}
/** One whose order has its number. */
async function submitted(): Promise<{ guest: Person; orderId: string }> {
  const order = await scanned();
  await eventually("the order to take its drink", async () => (await order.guest.act(order.orderId, "", latte)).status === 200);
  await eventually("its number", async () => ((await admin.order(order.orderId)).orderNumber ?? 0) > 0);
  return order;
}
const bus = (operation: string, request: JsonObject): Promise<unknown> =>
  platform.store.transact((tx) => platform.bus.execute(tx, operation, { EventBusName: "Serverlesspresso", ...request }));

describe("journeys", () => {
  test("from the code to the cup, with a barista who puts it back once", async () => {
    const { guest, orderId } = await submitted();
    for (const [action, state] of [
      ["make", "MAKING"],
      ["unmake", "SUBMITTED"],
      ["make", "MAKING"],
      ["complete", "COMPLETED"],
    ] as const) {
      expect((await admin.act(orderId, action)).body.orderState).toBe(state);
    }
    expect((await guest.call<{ orders: OrderView[] }>("GET", "/myOrders")).body.orders).toMatchObject([
      { orderId, orderState: "COMPLETED" },
    ]);
    expect((await admin.act(orderId, "announce")).status).toBe(200);
    expect((await admin.call<{ orders: OrderView[] }>("GET", "/orders?state=COMPLETED")).body.orders).toHaveLength(1);
    expect((await admin.call<{ orders: OrderView[] }>("GET", "/orders")).body.orders).toHaveLength(1);
  });
  test("scanned twice, and cancelled by the guest before a drink is chosen", async () => {
    const { guest, orderId } = await scanned();
    expect((await guest.scan(await code())).body.orderId).toBe(orderId);
    await eventually("the cancellation", async () => (await guest.act(orderId, "cancel")).status === 200);
    expect(await stateOf(orderId)).toBe("CANCELLED");
  });
  test("cancelled by the bar while it is made", async () => {
    const { orderId } = await submitted();
    await admin.act(orderId, "make");
    expect((await admin.act(orderId, "cancel", { reason: "no milk" })).body).toMatchObject({ orderState: "CANCELLED", reason: "no milk" });
  });
  test("the guest does not choose in time", async () => {
    await configure({ customerTimeoutSeconds: 1 });
    const { orderId } = await scanned();
    await until(orderId, "TIMEDOUT");
    expect((await admin.order(orderId)).reason).toBe("Customer timedout");
    await configure({ customerTimeoutSeconds: 300 });
  });
  test("the bar does not make it in time", async () => {
    await configure({ baristaTimeoutSeconds: 1 });
    const { orderId } = await submitted();
    await until(orderId, "TIMEDOUT");
    expect((await admin.order(orderId)).reason).toBe("Barista timedout");
    await configure({ baristaTimeoutSeconds: 900 });
  });
  test("the bar is full", async () => {
    const first = await submitted();
    await configure({ maxOrdersInQueue: 1 });
    const { orderId } = await scanned();
    await until(orderId, "REFUSED");
    await configure({ maxOrdersInQueue: 20 });
    await admin.act(first.orderId, "complete");
  });
  test("the shop is closed: at the display, and between scan and start", async () => {
    const guest = await signInGuest(gateway.url, "Eve");
    const open = await code();
    expect((await admin.call("PUT", "/store?state=closed")).status).toBe(200);
    expect(await guest.call("POST", `/qr-code?token=${open}`)).toMatchObject({ status: 503, body: { type: problemNamed("shop-closed") } });
    await platform.putEvents([
      { source: "awsserverlessda.serverlesspresso", detailType: "Validator.NewOrder", detail: { orderId: "by-hand", userId: guest.sub } },
    ]);
    await eventually("the refusal", async () => platform.bus.listEvents(platform.store, { limit: 1000 }).events.some(isRefusal));
    await admin.call("PUT", "/store?state=open");
  });
  test("an order by hand is made when its workflow waits, and resumed by hand it is completed", async () => {
    const { executionArn } = await platform.startExecution(undefined, { detail: { orderId: "1", userId: "testuser" } });
    for (const _ of ["the drink", "the bar"]) await resume(executionArn);
    await until("1", "COMPLETED");
  });
});

const isRefusal = ({ envelope }: { readonly envelope: { readonly "detail-type": string; readonly detail: unknown } }): boolean =>
  envelope["detail-type"] === "OrderProcessor.ShopUnavailable" && (envelope.detail as JsonObject).orderId === "by-hand";

const resumed = new Set<string>();
/** Answers the state that an execution waits in, as the console does. */
async function resume(executionArn: string): Promise<void> {
  const taskToken = await eventually("a task token", async () => {
    const { events } = platform.workflows.query(platform.store, "GetExecutionHistory", {
      executionArn,
      maxResults: 1000,
      reverseOrder: true,
    });
    const found = /TaskToken\\*":\s*\\*"([^"\\]+)/.exec(JSON.stringify(events))?.[1];
    return found === undefined || resumed.has(found) ? undefined : found;
  });
  resumed.add(taskToken);
  await platform.states.sendTaskSuccess({ taskToken, output: {} });
}

describe("beside orders", () => {
  test("guests' refusals are problems, and nothing of the inside goes out", async () => {
    const guest = await signInGuest(gateway.url, "Mallory");
    for (const [method, path, status] of [
      ["POST", "/qr-code?token=1.unknown", 400],
      ["GET", "/orders", 403],
      ["GET", "/orders/unknown", 404],
      ["POST", "/qr-code", 400],
    ] as const) {
      const { body, headers, ...answer } = await guest.call<ProblemView>(method, path);
      expect([answer.status, body.status, headers.get("content-type")]).toEqual([status, status, "application/problem+json"]);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect((await callApi<ProblemView>(gateway.url, undefined, "POST", "/guests", { name: "" })).status).toBe(422);
  });
  test("a key repeats its answer, and refuses to be used for something else", async () => {
    const guest = await signInGuest(gateway.url, "Ida");
    const path = `/qr-code?token=${await code()}`;
    const scan = (to: string) => guest.call<{ orderId: string }>("POST", to, undefined, { "idempotency-key": "k" });
    const [one, two] = await Promise.all([scan(path), scan(path)]);
    expect([one.status, two.body]).toEqual([201, one.body]);
    expect((await scan(path)).body).toEqual(one.body);
    expect((await scan("/qr-code?token=1.x")).status).toBe(422);
    const refused = await admin.call("PUT", "/store?state=shut", undefined, { "idempotency-key": "s" });
    expect(refused.status).toBe(400);
    for (const [path, body] of [["/store?state=open"], ["/config", { barcodeMinutes: 5 }]] as const) {
      for (const _ of [1, 2]) expect((await admin.call("PUT", path, body, { "idempotency-key": "s" })).status).toBe(200);
    }
    const { menu } = (await admin.call<{ menu: object[] }>("GET", "/config")).body;
    for (const _ of [1, 2]) expect((await admin.call("PUT", "/menu", menu, { "idempotency-key": "s" })).status).toBe(200);
    await eventually("the cancellation", async () => (await guest.act(one.body.orderId, "cancel")).status === 200);
  });
  test("a tablet is paired by the code it shows, once; a wrong code pairs nothing", async () => {
    const barista = await pairBarista(gateway.url, admin);
    expect((await barista.call("GET", "/orders")).status).toBe(200);
    expect(await admin.call("POST", "/pairings/ZZZZZZ")).toMatchObject({ status: 400, body: { type: problemNamed("unknown-code") } });
    const { body } = await callApi<{ code: string; deviceSecret: string }>(gateway.url, undefined, "POST", "/pairings", {});
    expect((await callApi(gateway.url, body.deviceSecret, "GET", "/pairings/current")).status).toBe(202);
    expect((await callApi(gateway.url, `${body.deviceSecret}x`, "GET", "/pairings/current")).status).toBe(410);
    expect((await callApi(gateway.url, undefined, "GET", "/pairings/current")).status).toBe(401);
    expect((await admin.call("POST", `/pairings/${body.code}`)).status).toBe(200);
    expect((await admin.call("POST", `/pairings/${body.code}`)).status).toBe(400);
    const [first, again] = [1, 2].map(() => callApi<{ AccessToken: string }>(gateway.url, body.deviceSecret, "GET", "/pairings/current"));
    expect([(await first)?.status, (await again)?.status]).toEqual([200, 200]);
  });
  test("IoT's authorizer gives each bearer their own topics", async () => {
    const guest = await signInGuest(gateway.url, "Uma");
    const ask = (password: string, clientId = "order-abc"): Promise<unknown> =>
      lambda.invoke("AuthorizeTopics", {
        protocols: ["mqtt"],
        protocolData: { mqtt: { username: "token", password: Buffer.from(password).toString("base64"), clientId } },
      });
    const subscribe = (names: string[]) => ({
      Effect: "Allow",
      Action: "iot:Subscribe",
      Resource: names.map((name) => `arn:aws:iot:us-east-1:123456789012:topicfilter/serverlesspresso-${name}`),
    });
    const granted = (names: string[]) => ({
      isAuthenticated: true,
      policyDocuments: [{ Statement: expect.arrayContaining([subscribe(names)]) }],
    });
    expect(await ask(guest.token)).toMatchObject(granted([`user-${guest.sub}`, "config"]));
    expect(await ask(admin.token)).toMatchObject(granted(["admin", `user-${admin.sub}`, "config"]));
    expect(await ask("")).toMatchObject(granted(["config"]));
    for (const bad of ["nonsense", `${guest.token}x`, `${guest.token.slice(0, -4)}AAAA`])
      expect(await ask(bad)).toMatchObject({ isAuthenticated: false });
    expect(await ask(guest.token, "*")).toMatchObject({ isAuthenticated: false });
  });
  test("the workflow is started under the order's name, once", async () => {
    const event = { "detail-type": "Validator.NewOrder", detail: { orderId: "named", userId: "u" } };
    for (const _ of [1, 2]) await lambda.invoke("StartOrderProcessor", event);
    const described = platform.workflows.query(platform.store, "DescribeExecution", {
      executionArn: "arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:named",
    });
    expect(JSON.parse(described.input as string)).toEqual(event);
    await until("named", "CREATED");
    await eventually("the cancellation", async () => (await admin.act("named", "cancel")).status === 200);
  });
  test("queues: each event counts once, a message that is no event goes back alone", async () => {
    const event = {
      id: "e-1",
      time: "2026-06-01T09:00:00Z",
      "detail-type": "OrderManager.WaitingCompletion",
      detail: { drinkOrder: latte },
    };
    const Records = [
      { messageId: "good", body: JSON.stringify(event) },
      { messageId: "bad", body: "{" },
    ];
    for (const name of ["MetricsDynamoDB", "MetricsCloudwatch"]) {
      for (const _ of [1, 2]) {
        expect(await lambda.invoke(name, { Records })).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
      }
    }
    const sum = platform.metrics.query(platform.store, "GetMetricStatistics", {
      Namespace: "Serverlesspresso",
      MetricName: "Drink",
      Dimensions: [{ Name: "Drink", Value: "Latte" }],
      StartTime: Date.UTC(2026, 5, 1, 8) / 1000,
      EndTime: Date.UTC(2026, 5, 1, 10) / 1000,
      Period: 7200,
      Statistics: ["Sum"],
    });
    expect(sum.Datapoints).toMatchObject([{ Sum: 1 }]);
  });
  test("by hand: the last number given, and a load of events", async () => {
    expect(await lambda.invoke("GetOrderCount", {})).toMatchObject({ orderNumber: expect.any(Number) });
    for (const Name of ["PublishAdmin", "PublishUser", "OrderMetrics-DynamoDB", "OrderManagerWaitingCompletion"])
      await bus("DisableRule", { Name });
    await lambda.invoke("EventsLoadTest", {});
  });
});

test("every function was called, and nothing went wrong beside the answers", () => {
  expect(errors).toEqual([]);
  expect([...lambda.rights().keys()].sort()).toEqual(runtimeFunctions.map(({ name }) => name).sort());
  expect(lambda.output()).not.toMatch(/"level":"ERROR"/);
});

test("what a function writes holds no task token, no web token and no code", () => {
  expect(lambda.output()).not.toMatch(/eyJ[\w-]+\.[\w-]+\.|TaskToken"|\b[0-9a-z]{4,10}\.[\w-]{22}\b/);
});

/** What is under way under a key is forgotten where it fails, and these did not. */
const unused = [`dynamodb:DeleteItem ${platformTable}`];
test.each(runtimeFunctions.map(({ name }) => ({ name })))("$name asks for what its role allows, and needs all of it", ({ name }) => {
  const [asked, granted] = [[...(lambda.rights().get(name) ?? [])], grantedRights(name)];
  expect(asked.filter((one) => !granted.some((right) => allows(right, one)))).toEqual([]);
  expect(granted.filter((right) => !unused.includes(right) && !asked.some((one) => allows(right, one)))).toEqual([]);
});
