/**
 * The journeys of docs/spec.md section 1 with every function's bundle in a process of its own, in the runtime client of Lambda itself (ours where it
 * was not built) behind the Runtime API, with the variables that a deployment sets. AWS is the bar's wire API. What each function asks of it
 * is noted: it has to be what its role allows, no more and no less.
 *
 * Time is real here, so waits are shortened by the configuration.
 */

import { blueprint } from "@serverlesspresso/blueprint";
import { names } from "@serverlesspresso/contract";
import type { JsonObject } from "@serverlesspresso/ports";
import { services } from "@serverlesspresso/services";
import { exampleCalls, whereCallsGo } from "@serverlesspresso/services/test-support/example-calls.ts";
import { createTablesPort } from "@serverlesspresso/tables";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runtimeFunctions } from "../../platforms/aws/src/runtime/functions.ts";
import { latte, type ProblemView, problemNamed } from "../api/steps.ts";
import { callApi, type OrderView, pairBarista } from "../support/api.ts";
import { notRun } from "../support/not-run.ts";
import { exampleLambdaEvents } from "./support/example-lambda-events.ts";
import { allows, grantedRights } from "./support/granted-rights.ts";
import { openRuntimeBar, type RuntimeBar, soon } from "./support/runtime-bar.ts";
import { chooseRuntimeClient } from "./support/runtime-client.ts";

// The first of each function's calls starts its process.
vi.setConfig({ testTimeout: 60_000 });

const client = chooseRuntimeClient();

let bar: RuntimeBar;
beforeAll(async () => {
  bar = await openRuntimeBar(client);
  await bar.configure({ drinksPerBarcode: 1000 });
});
afterAll(() => bar.close());

const stateOf = async (orderId: string): Promise<string> => (await bar.admin.order(orderId)).orderState;
const bus = (operation: string, request: JsonObject): Promise<unknown> =>
  bar.platform.store.transact((tx) => bar.platform.bus.execute(tx, operation, { EventBusName: "Serverlesspresso", ...request }));

describe("journeys", () => {
  test("from the code to the cup, with a barista who puts it back once", async () => {
    const { guest, orderId } = await bar.submitted();
    for (const [action, state] of [
      ["make", "MAKING"],
      ["unmake", "SUBMITTED"],
      ["make", "MAKING"],
      ["complete", "COMPLETED"],
    ] as const) {
      expect((await bar.admin.act(orderId, action)).body.orderState).toBe(state);
    }
    expect((await guest.call<{ orders: OrderView[] }>("GET", "/myOrders")).body.orders).toMatchObject([
      { orderId, orderState: "COMPLETED" },
    ]);
    expect((await bar.admin.act(orderId, "announce")).status).toBe(200);
    expect((await bar.admin.call<{ orders: OrderView[] }>("GET", "/orders?state=COMPLETED")).body.orders).toHaveLength(1);
    expect((await bar.admin.call<{ orders: OrderView[] }>("GET", "/orders")).body.orders).toHaveLength(1);
  });
  test("scanned twice, and cancelled by the guest before a drink is chosen", async () => {
    const { guest, orderId } = await bar.scanned();
    expect((await guest.scan(await bar.code())).body.orderId).toBe(orderId);
    await soon("the cancellation", async () => (await guest.act(orderId, "cancel")).status === 200);
    expect(await stateOf(orderId)).toBe("CANCELLED");
  });
  test("cancelled by the bar while it is made", async () => {
    const { orderId } = await bar.submitted();
    await bar.admin.act(orderId, "make");
    expect((await bar.admin.act(orderId, "cancel", { reason: "no milk" })).body).toMatchObject({
      orderState: "CANCELLED",
      reason: "no milk",
    });
  });
  test("the guest does not choose in time", async () => {
    await bar.configure({ customerTimeoutSeconds: 1 });
    const { orderId } = await bar.scanned();
    await bar.until(orderId, "TIMEDOUT");
    expect((await bar.admin.order(orderId)).reason).toBe("Customer timedout");
    await bar.configure({ customerTimeoutSeconds: 300 });
  });
  test("the bar does not make it in time", async () => {
    await bar.configure({ baristaTimeoutSeconds: 1 });
    const { orderId } = await bar.submitted();
    await bar.until(orderId, "TIMEDOUT");
    expect((await bar.admin.order(orderId)).reason).toBe("Barista timedout");
    await bar.configure({ baristaTimeoutSeconds: 900 });
  });
  test("the bar is full", async () => {
    const first = await bar.submitted();
    await bar.configure({ maxOrdersInQueue: 1 });
    const { orderId } = await bar.scanned();
    await bar.until(orderId, "REFUSED");
    await bar.configure({ maxOrdersInQueue: 20 });
    await bar.admin.act(first.orderId, "complete");
  });
  test("the shop is closed: at the display, and between scan and start", async () => {
    const guest = await bar.guest("Eve");
    const open = await bar.code();
    expect((await bar.admin.call("PUT", "/store?state=closed")).status).toBe(200);
    expect(await guest.call("POST", `/qr-code?token=${open}`)).toMatchObject({ status: 503, body: { type: problemNamed("shop-closed") } });
    await bar.platform.putEvents([
      { source: "awsserverlessda.serverlesspresso", detailType: "Validator.NewOrder", detail: { orderId: "by-hand", userId: guest.sub } },
    ]);
    await soon("the refusal", async () => bar.platform.bus.listEvents(bar.platform.store, { limit: 1000 }).events.some(isRefusal));
    await bar.admin.call("PUT", "/store?state=open");
  });
  test("codes that change are switched on and off again in a window that is open", async () => {
    const partsOfCode = async (): Promise<number> => (await bar.code()).split(".").length;
    expect(await partsOfCode()).toBe(2);
    await bar.configure({ subCode: true });
    expect(await partsOfCode()).toBe(4);
    await bar.configure({ subCode: false });
    expect(await partsOfCode()).toBe(2);
  });
  test("a workflow that is stopped closes its order", async () => {
    const { orderId } = await bar.scanned();
    const executionArn = `arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:${orderId}`;
    const { store, workflows } = bar.platform;
    const stop = () => store.transact((tx) => workflows.execute(tx, "StopExecution", { executionArn }));
    await soon("its workflow", () =>
      stop().then(
        () => true,
        () => false,
      ),
    );
    await bar.until(orderId, "TIMEDOUT");
    const told = (): boolean => bar.platform.bus.listEvents(store, { limit: 1000 }).events.some(isStopOf(orderId));
    await soon("the word of it", async () => told());
  });
  test("a pause ends by itself", async () => {
    expect((await bar.admin.call("PUT", "/store?state=closed")).status).toBe(200);
    await bar.platform.store.transact((tx) =>
      bar.platform.tables.execute(tx, "UpdateItem", {
        ...configItem,
        UpdateExpression: "SET reopensAt = :at",
        ExpressionAttributeValues: { ":at": { S: new Date(bar.platform.clock.nowMs() + 1000).toISOString() } },
      }),
    );
    const written = (): JsonObject => bar.platform.tables.query(bar.platform.store, "GetItem", configItem).Item as JsonObject;
    await soon("its end", async () => (written().storeOpen as JsonObject).BOOL === true);
    expect(written()).not.toHaveProperty("reopensAt");
  });
  test("an order by hand is made when its workflow waits, and resumed by hand it is completed", async () => {
    const { executionArn } = await bar.platform.startExecution(undefined, { detail: { orderId: "1", userId: "testuser" } });
    for (const _ of ["the drink", "the bar"]) await bar.resume(executionArn);
    await bar.until("1", "COMPLETED");
  });
});

const isStopOf =
  (orderId: string) =>
  ({ envelope }: { readonly envelope: { readonly "detail-type": string; readonly detail: unknown } }): boolean =>
    envelope["detail-type"] === "OrderProcessor.OrderTimeOut" && (envelope.detail as JsonObject).orderId === orderId;
const configItem = { TableName: "serverlesspresso-config-table", Key: { PK: { S: "config" } } };
const isRefusal = ({ envelope }: { readonly envelope: { readonly "detail-type": string; readonly detail: unknown } }): boolean =>
  envelope["detail-type"] === "OrderProcessor.ShopUnavailable" && (envelope.detail as JsonObject).orderId === "by-hand";

describe("beside orders", () => {
  test("guests' refusals are problems, and nothing of the inside goes out", async () => {
    const guest = await bar.guest("Mallory");
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
    expect((await callApi<ProblemView>(bar.url, undefined, "POST", "/guests", { name: "" })).status).toBe(422);
  });
  test("a key repeats its answer, and refuses to be used for something else", async () => {
    const guest = await bar.guest("Ida");
    const path = `/qr-code?token=${await bar.code()}`;
    const scan = (to: string) => guest.call<{ orderId: string }>("POST", to, undefined, { "idempotency-key": "k" });
    const [one, two] = await Promise.all([scan(path), scan(path)]);
    expect([one.status, two.body]).toEqual([201, one.body]);
    expect((await scan(path)).body).toEqual(one.body);
    expect((await scan("/qr-code?token=1.x")).status).toBe(422);
    const refused = await bar.admin.call("PUT", "/store?state=shut", undefined, { "idempotency-key": "s" });
    expect(refused.status).toBe(400);
    for (const [path, body] of [["/store?state=open"], ["/config", { barcodeMinutes: 5 }]] as const) {
      for (const _ of [1, 2]) expect((await bar.admin.call("PUT", path, body, { "idempotency-key": "s" })).status).toBe(200);
    }
    const { menu } = (await bar.admin.call<{ menu: object[] }>("GET", "/config")).body;
    for (const _ of [1, 2]) expect((await bar.admin.call("PUT", "/menu", menu, { "idempotency-key": "s" })).status).toBe(200);
    await soon("the cancellation", async () => (await guest.act(one.body.orderId, "cancel")).status === 200);
  });
  test("a tablet is paired by the code it shows, once; a wrong code pairs nothing", async () => {
    const barista = await pairBarista(bar.url, bar.admin);
    expect((await barista.call("GET", "/orders")).status).toBe(200);
    expect(await bar.admin.call("POST", "/pairings/ZZZZZZ")).toMatchObject({ status: 400, body: { type: problemNamed("unknown-code") } });
    const { body } = await callApi<{ code: string; deviceSecret: string }>(bar.url, undefined, "POST", "/pairings", {});
    expect((await callApi(bar.url, body.deviceSecret, "GET", "/pairings/current")).status).toBe(202);
    expect((await callApi(bar.url, `${body.deviceSecret}x`, "GET", "/pairings/current")).status).toBe(410);
    expect((await callApi(bar.url, undefined, "GET", "/pairings/current")).status).toBe(401);
    const confirm = () => bar.admin.call("POST", `/pairings/${body.code}`);
    const confirmed = await confirm();
    expect(confirmed.status).toBe(200);
    expect(await confirm()).toMatchObject({ status: 200, body: confirmed.body });
    const [first, again] = [1, 2].map(() => callApi<{ AccessToken: string }>(bar.url, body.deviceSecret, "GET", "/pairings/current"));
    expect([(await first)?.status, (await again)?.status]).toEqual([200, 200]);
  });
  test("guests, codes and wrong codes have limits, and a refusal says how long they last", async () => {
    const device = { "x-device-id": "a-phone-of-22-characters" };
    const calls = [
      () => callApi(bar.url, undefined, "POST", "/guests", { name: "Ada" }, device),
      () => callApi(bar.url, undefined, "POST", "/pairings", {}),
      () => bar.admin.call("POST", "/pairings/ZZZZZZ"),
    ];
    for (const call of calls) {
      let answer = await call();
      for (let tries = 1; tries < 70 && answer.status !== 429; tries++) answer = await call();
      expect([answer.status, Number(answer.headers.get("retry-after")) > 0]).toEqual([429, true]);
    }
  });
  test("IoT's authorizer gives each bearer their own topics", async () => {
    const guest = await bar.guest("Uma");
    const ask = (password: string, clientId = "order-abc"): Promise<unknown> =>
      bar.lambda.invoke("AuthorizeTopics", {
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
    expect(await ask(bar.admin.token)).toMatchObject(granted(["admin", `user-${bar.admin.sub}`, "config"]));
    expect(await ask("")).toMatchObject(granted(["config"]));
    for (const bad of ["nonsense", `${guest.token}x`, `${guest.token.slice(0, -4)}AAAA`])
      expect(await ask(bad)).toMatchObject({ isAuthenticated: false });
    expect(await ask(guest.token, "*")).toMatchObject({ isAuthenticated: false });
  });
  test("the workflow is started under the order's name, once", async () => {
    const event = { "detail-type": "Validator.NewOrder", detail: { orderId: "named", userId: "u" } };
    for (const _ of [1, 2]) await bar.lambda.invoke("StartOrderProcessor", event);
    const described = bar.platform.workflows.query(bar.platform.store, "DescribeExecution", {
      executionArn: "arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:named",
    });
    expect(JSON.parse(described.input as string)).toEqual(event);
    await bar.until("named", "CREATED");
    await soon("the cancellation", async () => (await bar.admin.act("named", "cancel")).status === 200);
  });
  test("an order that nobody stored yet is stored when it waits for the bar", async () => {
    const detail = { orderId: "unknown-yet", userId: "u", orderNumber: 77, TaskToken: "t" };
    await bar.lambda.invoke("WaitingCompletion", { time: "2026-06-01T09:00:00Z", detail });
    expect(await bar.admin.order("unknown-yet")).toMatchObject({ orderState: "SUBMITTED", orderNumber: 77 });
  });
  test("an order that went on before its task token came is resumed; a token that is of no use is no failure", async () => {
    const tables = createTablesPort(bar.platform.store, bar.platform.tables);
    for (const [name, state] of [
      ["WorkflowStarted", "SUBMITTED"],
      ["WorkflowStarted", "CANCELLED"],
      ["WaitingCompletion", "COMPLETED"],
      ["WaitingCompletion", "CANCELLED"],
    ] as const) {
      const orderId = `${name}-${state}`;
      const item = {
        PK: "orders",
        SK: orderId,
        USERID: "u",
        ORDERSTATE: state,
        createdMs: 1,
        TS: 1,
        bucket: { window: "w", startMs: 0, endMs: 1 },
      };
      await tables.putItem({ tableName: names.orderTable, item });
      const detail = { orderId, userId: "u", TaskToken: "t", ...(name === "WaitingCompletion" && { orderNumber: 78 }) };
      await bar.lambda.invoke(name, { time: "2026-06-01T09:00:00Z", detail });
      expect(await bar.admin.order(orderId)).toMatchObject({ orderState: state });
    }
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
        expect(await bar.lambda.invoke(name, { Records })).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
      }
    }
    const sum = bar.platform.metrics.query(bar.platform.store, "GetMetricStatistics", {
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
    expect(await bar.lambda.invoke("GetOrderCount", {})).toMatchObject({ orderNumber: expect.any(Number) });
    for (const Name of ["PublishAdmin", "PublishUser", "OrderMetrics-DynamoDB", "OrderManagerWaitingCompletion"])
      await bus("DisableRule", { Name });
    await bar.lambda.invoke("EventsLoadTest", {});
  });
});

test("functions take the examples of their services; those that no journey calls, what is made from the schemas that they read", async () => {
  const called = new Set(bar.lambda.rights().keys());
  const calls = services.flatMap((service) => exampleCalls(service, names));
  for (const [at, { name, handler, parts, isGiven }] of calls.entries()) {
    const events = exampleLambdaEvents(name, handler, blueprint, parts, `example-${at}`);
    // A journey calls what changes something once; here it comes twice under its key.
    if (!isGiven && called.has(name) && events.length === 1) continue;
    for (const event of events) {
      const answer = await bar.lambda.invoke(name, event);
      if (handler.kind === "route") expect(answer, name).not.toMatchObject({ statusCode: expect.toBeOneOf([401, 403, 500, 503]) });
    }
  }
});

test("every function was called, and nothing went wrong beside the answers", () => {
  // A virtual machine that was paused says so, and is not what is tested.
  expect(bar.errors.filter((one) => !one.startsWith("the machine's clock: "))).toEqual([]);
  expect([...bar.lambda.rights().keys()].sort()).toEqual(runtimeFunctions.map(({ name }) => name).sort());
  expect(bar.lambda.output()).not.toMatch(/"level":"ERROR"/);
});

test.skipIf(client.because !== undefined)(`each ran in Lambda's own runtime client${notRun(client.because)}`, () => {
  expect([...bar.lambda.userAgents()]).toEqual([expect.stringMatching(/^AWS_Lambda_Cpp\//)]);
});

test("what a function writes holds no task token, no web token and no code", () => {
  expect(bar.lambda.output()).not.toMatch(/eyJ[\w-]+\.[\w-]+\.|TaskToken"|\b[0-9a-z]{4,10}\.[\w-]{22}\b/);
});

/** What is under way under a key is forgotten where it fails, and these did not. */
const unused = [`dynamodb:DeleteItem ${blueprint.names.platformTable}`];
test.each(runtimeFunctions.map(({ name }) => ({ name })))("$name asks for what its role allows, and needs all of it", ({ name }) => {
  const [asked, granted] = [[...(bar.lambda.rights().get(name) ?? [])], grantedRights(name)];
  expect(asked.filter((one) => !granted.some((right) => allows(right, one)))).toEqual([]);
  expect(
    granted.filter((right) => !unused.includes(right) && !asked.some((one) => allows(right, one))),
    whereCallsGo,
  ).toEqual([]);
});
