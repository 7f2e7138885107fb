/** What the workshop does by hand: executions and events without a scan, and an operator's resumption of a waiting state. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../support/api.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import { callAws, latte, listen, stateOf } from "./steps.ts";

watchAnswers();
let bar: Bar;
let admin: Person;
beforeAll(async () => {
  bar = await openBar();
  admin = await bar.admin();
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

const stateMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow";
const source = "awsserverlessda.serverlesspresso";
const facts = (orderId: string, type: string) => bar.events().filter((event) => event.type === type && event.detail.orderId === orderId);
const executionsOf = (orderId: string): number => {
  const { executions } = bar.platform.workflows.query(bar.platform.store, "ListExecutions", { stateMachineArn, maxResults: 1000 });
  return (executions as { executionArn: string }[]).filter(({ executionArn }) => {
    const { input } = bar.platform.workflows.query(bar.platform.store, "DescribeExecution", { executionArn });
    return (JSON.parse(input as string) as { detail: { orderId: string } }).detail.orderId === orderId;
  }).length;
};
/** The token that an execution waits with, from its history, as the console shows it. */
function waitingToken(executionArn: string): string {
  const { events } = bar.platform.workflows.query(bar.platform.store, "GetExecutionHistory", {
    executionArn,
    reverseOrder: true,
    maxResults: 1000,
  });
  const found = /TaskToken\\*":\s*\\*"([^"\\]+)/.exec(JSON.stringify(events));
  if (found === null) throw new Error("the history has no token");
  return found[1] as string;
}
const resume = (taskToken: string, output: object) =>
  callAws(bar.url, "AWSStepFunctions.SendTaskSuccess", { taskToken, output: JSON.stringify(output) }, admin.token);

describe('an execution of {"detail":{"orderId":"1","userId":"testuser"}}', () => {
  const input = { detail: { orderId: "1", userId: "testuser" } };
  let executionArn: string;

  test("runs, and its order is made when it waits", async () => {
    ({ executionArn } = await bar.platform.startExecution(undefined, input));
    await bar.quiet();
    expect(await admin.order("1")).toMatchObject({
      orderId: "1",
      userId: "testuser",
      orderState: "CREATED",
      orderNumber: null,
      drinkOrder: null,
    });
    expect(facts("1", "OrderProcessor.WorkflowStarted")).toHaveLength(1);
  });
  test("is resumed by the operator, waits for the bar, and is made and completed by a barista over HTTP", async () => {
    expect(await admin.act("1", "complete")).toMatchObject({ status: 409 });
    expect(await resume(waitingToken(executionArn), {})).toMatchObject({ status: 200, body: {} });
    await bar.quiet();
    expect(await admin.order("1")).toMatchObject({ orderState: "SUBMITTED", orderNumber: 1 });
    expect((await admin.act("1", "make")).body.orderState).toBe("MAKING");
    expect((await admin.act("1", "complete")).body.orderState).toBe("COMPLETED");
    await bar.quiet();
    expect(facts("1", "OrderProcessor.orderFinished")).toMatchObject([{ detail: { outcome: "completed", userId: "testuser" } }]);
    expect(bar.running()).toBe(0);
  });
  test("may be started again under the same id once it is over, and both waits resumed by hand close the order", async () => {
    ({ executionArn } = await bar.platform.startExecution(undefined, input));
    await bar.quiet();
    expect(await admin.order("1")).toMatchObject({ orderState: "CREATED", orderNumber: null });
    const first = waitingToken(executionArn);
    await resume(first, {});
    await bar.quiet();
    // A token resumes once: the second time it is unknown.
    expect((await resume(first, {})).status).toBe(400);
    await resume(waitingToken(executionArn), {});
    await bar.quiet();
    expect(await admin.order("1")).toMatchObject({ orderState: "COMPLETED", orderNumber: 2 });
    expect(facts("1", "OrderManager.OrderCompleted")).toHaveLength(2);
    expect(bar.running()).toBe(0);
  });
  test("is cancelled by the bar like any other", async () => {
    await bar.platform.startExecution("by-name", input);
    await bar.quiet();
    expect((await admin.act("1", "cancel", { reason: "a trial" })).body).toMatchObject({ orderState: "CANCELLED", reason: "a trial" });
    await bar.quiet();
    expect(bar.running()).toBe(0);
  });
  test("times out like any other", async () => {
    await bar.platform.startExecution(undefined, { detail: { orderId: "2", userId: "testuser" } });
    await bar.clock.advance(300_000);
    await bar.quiet();
    expect(await admin.order("2")).toMatchObject({ orderState: "TIMEDOUT", reason: "Customer timedout" });
  });
  test("a guest does not see it, and may not resume anything", async () => {
    const [guest] = (await bar.guests(1)) as [Person];
    expect((await guest.call("GET", "/orders/1")).status).toBe(404);
    expect((await callAws(bar.url, "AWSStepFunctions.SendTaskSuccess", { taskToken: "x", output: "{}" }, guest.token)).status).toBe(403);
  });
});

describe("an event Validator.NewOrder put on the bus by hand", () => {
  test("with a user and an id alone starts a workflow, and its order goes its whole way", async () => {
    const [guest] = (await bar.guests(1)) as [Person];
    const ear = await listen(bar.url, guest, `serverlesspresso-user-${guest.sub}`);
    await bar.platform.putEvents([{ source, detailType: "Validator.NewOrder", detail: { userId: guest.sub, orderId: "by-hand-1" } }]);
    await bar.quiet();
    expect(await stateOf(guest, "by-hand-1")).toBe("CREATED");
    expect((await guest.act("by-hand-1", "placeOrder", latte)).status).toBe(200);
    await bar.quiet();
    expect((await admin.act("by-hand-1", "complete")).body.orderState).toBe("COMPLETED");
    await expect
      .poll(() => ear.heard.map(({ type }) => type))
      .toEqual(expect.arrayContaining(["OrderProcessor.WorkflowStarted", "OrderManager.OrderCompleted", "OrderProcessor.orderFinished"]));
    expect(executionsOf("by-hand-1")).toBe(1);
    ear.end();
  });
  test("twice starts one, at once or later", async () => {
    const entry = {
      Source: source,
      DetailType: "Validator.NewOrder",
      EventBusName: "Serverlesspresso",
      Detail: JSON.stringify({ userId: "testuser", orderId: "by-hand-2" }),
    };
    const put = (Entries: object[]) => callAws<{ FailedEntryCount: number }>(bar.url, "AWSEvents.PutEvents", { Entries }, admin.token);
    expect((await put([entry, entry])).body.FailedEntryCount).toBe(0);
    await bar.quiet();
    expect((await put([entry])).body.FailedEntryCount).toBe(0);
    await bar.quiet();
    expect(facts("by-hand-2", "Validator.NewOrder")).toHaveLength(3);
    expect([executionsOf("by-hand-2"), facts("by-hand-2", "OrderProcessor.WorkflowStarted").length]).toEqual([1, 1]);
    await admin.act("by-hand-2", "cancel");
    await bar.quiet();
    // Not even when its order is over.
    await put([entry]);
    await bar.quiet();
    expect(executionsOf("by-hand-2")).toBe(1);
    expect((await admin.order("by-hand-2")).orderState).toBe("CANCELLED");
  });
  test("of another source, or another type, starts none", async () => {
    await bar.platform.putEvents([
      { source: "somebody.else", detailType: "Validator.NewOrder", detail: { userId: "u", orderId: "by-hand-3" } },
      { source, detailType: "Validator.Other", detail: { userId: "u", orderId: "by-hand-3" } },
    ]);
    await bar.quiet();
    expect(executionsOf("by-hand-3")).toBe(0);
    expect((await admin.call("GET", "/orders/by-hand-3")).status).toBe(404);
  });
});
