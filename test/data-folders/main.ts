/**
 * Saves a data folder of this release: a bar killed in mid-order, with an order in every state and one record of as many kinds as
 * can be had. `node test/data-folders/main.ts NAME` writes `NAME.mdb.gz` and, beside it, what the bar had said before it died.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { callAws } from "../api/steps.ts";
import { eventually, type OrderView, type Person, pairBarista, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { startServer, temporaryFolder } from "../support/server.ts";

const [name] = process.argv.slice(2);
if (name === undefined || !/^[\w.-]+$/.test(name)) throw new Error("expected the name of the folder to save, such as format-1");
const folder = temporaryFolder();
const server = await startServer({ dataFolder: folder.path });
const admin = await signInAdmin(server.url);
const aws = async (target: string, request: object): Promise<Record<string, unknown>> => {
  const { status, body } = await callAws(server.url, target, request, admin.token);
  if (status !== 200) throw new Error(`${target} answered ${status}: ${JSON.stringify(body)}`);
  return body as Record<string, unknown>;
};
const states = (operation: string, request: object) => aws(`AWSStepFunctions.${operation}`, request);

const orders: Record<string, string> = {};
await playOrders();
await otherWork();
const savedAtMs = await lastMoment();
await server.kill();
writeFileSync(join(import.meta.dirname, `${name}.mdb.gz`), gzipSync(readFileSync(join(folder.path, "store.mdb")), { level: 9 }));
writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify({ savedAtMs, orders }, null, 2)}\n`);
folder.remove();

async function configure(changes: object): Promise<void> {
  await expectOk("PUT /config", admin.call("PUT", "/config", changes));
}

async function expectOk<T>(what: string, answer: Promise<{ readonly status: number; readonly body: T }>): Promise<T> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${what} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

async function newOrder(): Promise<{ guest: Person; orderId: string }> {
  const guest = await signInGuest(server.url, "Ada");
  const { body } = await admin.call<Window>("GET", "/qr-code");
  const { orderId } = await expectOk("POST /qr-code", guest.scan(body.code));
  await eventually("the order's place", async () => (await guest.order(orderId)).orderState !== undefined);
  return { guest, orderId };
}

async function chosen(): Promise<{ guest: Person; orderId: string }> {
  const order = await newOrder();
  await expectOk("placeOrder", order.guest.act(order.orderId, "placeOrder", { drink: "Latte", modifiers: [], note: "no sugar" }));
  return order;
}

async function reach(orderId: string, state: string): Promise<void> {
  await eventually(
    `order ${orderId} to be ${state}`,
    async () => {
      const { body } = await admin.call<OrderView>("GET", `/orders/${orderId}`);
      return body.orderState === state;
    },
    30,
  );
  orders[orderId] = state;
}

async function playOrders(): Promise<void> {
  await expectOk("PUT /store", admin.call("PUT", "/store?state=open"));
  await configure({ drinksPerBarcode: 60, maxOrdersInQueue: 20 });
  const completed = await chosen();
  for (const action of ["make", "unmake", "make", "complete"]) await expectOk(action, admin.act(completed.orderId, action));
  await reach(completed.orderId, "COMPLETED");
  const early = await newOrder();
  await expectOk("cancel", early.guest.act(early.orderId, "cancel"));
  await reach(early.orderId, "CANCELLED");
  const refused = await chosen();
  await expectOk("cancel", admin.act(refused.orderId, "cancel", { reason: "out of milk" }));
  await reach(refused.orderId, "CANCELLED");
  await configure({ customerTimeoutSeconds: 10, baristaTimeoutSeconds: 10 });
  const [late, forgotten] = [await newOrder(), await chosen()];
  await reach(late.orderId, "TIMEDOUT");
  await reach(forgotten.orderId, "TIMEDOUT");
  await configure({ customerTimeoutSeconds: 300, baristaTimeoutSeconds: 900, maxOrdersInQueue: 5 });
  const waiting = [await newOrder(), await newOrder()];
  const submitted = [await chosen(), await chosen()];
  const making = await chosen();
  await expectOk("make", admin.act(making.orderId, "make"));
  await reach((await newOrder()).orderId, "REFUSED");
  for (const { orderId } of waiting) await reach(orderId, "CREATED");
  for (const { orderId } of submitted) await reach(orderId, "SUBMITTED");
  await reach(making.orderId, "MAKING");
  await pairBarista(server.url, admin);
}

/** What an operator and a developer leave behind: machines of their own, a Map run, an activity, a queue, logs, metrics, a failed execution. */
async function otherWork(): Promise<void> {
  const roleArn = "arn:aws:iam::123456789012:role/any";
  const create = async (machine: string, definition: object): Promise<string> =>
    (await states("CreateStateMachine", { name: machine, roleArn, definition: JSON.stringify(definition) })).stateMachineArn as string;
  const wait = {
    StartAt: "Wait",
    States: { Wait: { Type: "Wait", Seconds: 120, Next: "Done" }, Done: { Type: "Pass", Result: "over", End: true } },
  };
  await states("StartExecution", { stateMachineArn: await create("Waits", wait), name: "waits", input: "{}" });
  const inner = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...wait };
  const map = {
    StartAt: "Map",
    States: { Map: { Type: "Map", ItemsPath: "$.items", MaxConcurrency: 3, ItemProcessor: inner, End: true } },
  };
  await states("StartExecution", {
    stateMachineArn: await create("Maps", map),
    name: "maps",
    input: JSON.stringify({ items: [1, 2, 3, 4, 5, 6, 7] }),
  });
  const inline = { ...map, States: { Map: { ...map.States.Map, ItemProcessor: wait } } };
  await states("StartExecution", {
    stateMachineArn: await create("Inline", inline),
    name: "inline",
    input: JSON.stringify({ items: [1, 2, 3, 4] }),
  });
  const fails = { StartAt: "No", States: { No: { Type: "Fail", Error: "Spilt", Cause: "milk" } } };
  await states("StartExecution", { stateMachineArn: await create("Fails", fails), name: "fails", input: "{}" });
  const activityArn = (await states("CreateActivity", { name: "Grind" })).activityArn as string;
  const grind = { StartAt: "Grind", States: { Grind: { Type: "Task", Resource: activityArn, TimeoutSeconds: 600, End: true } } };
  await states("StartExecution", { stateMachineArn: await create("Grinds", grind), name: "grinds", input: '{"beans":1}' });
  await aws("AmazonSQS.CreateQueue", { QueueName: "left" });
  const url = `${server.url}/123456789012/left`;
  for (const MessageBody of ["one", "two"]) await aws("AmazonSQS.SendMessage", { QueueUrl: url, MessageBody });
  await aws("AmazonSQS.ReceiveMessage", { QueueUrl: url, VisibilityTimeout: 600 });
  await eventually("the map's first children", async () => {
    const { mapRuns } = await states("ListMapRuns", { executionArn: "arn:aws:states:us-east-1:123456789012:execution:Maps:maps" });
    return (mapRuns as unknown[]).length === 1;
  });
}

/** Orders under way when the power goes: left without an answer, at whatever step the kill finds them. */
async function lastMoment(): Promise<number> {
  await admin.call("PUT", "/config", { maxOrdersInQueue: 20 }, { "idempotency-key": "last-change" });
  const guests = await Promise.all(Array.from({ length: 6 }, () => signInGuest(server.url, "Grace")));
  const { body } = await admin.call<Window>("GET", "/qr-code");
  const scans = guests.map((guest) => guest.scan(body.code).catch(() => undefined));
  for (const scan of scans.slice(0, 3)) {
    const answer = await scan;
    if (answer?.status === 201) orders[answer.body.orderId] = "CREATED";
  }
  return Date.now();
}
