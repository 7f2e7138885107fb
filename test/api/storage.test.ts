/** What orders leave in the data folder: how much, for how long, and how an operator sees it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { surveyStore } from "@serverlesspresso/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bar, openBar } from "../support/bar.ts";
import { watchAnswers } from "./answers.ts";
import { scanned, submitted } from "./steps.ts";

watchAnswers();
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const orders = 24;
const tool = join(import.meta.dirname, "../../platforms/local/src/storage/main.ts");
const storage = async (folder: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [tool, "--data", folder, ...args])).stdout;
const bytesIn = async (): Promise<number> => (await surveyStore(bar.dataFolder)).kinds.reduce((sum, { bytes }) => sum + bytes, 0);

let bar: Bar;
beforeAll(async () => {
  bar = await openBar({ keep: { executions: 3, archive: 2, logs: 2, orders: 3, metrics: 3 } });
  await bar.configure({ drinksPerBarcode: 200, maxOrdersInQueue: 50 });
});
afterAll(async () => {
  await bar.close();
  expect(bar.errors).toEqual([]);
});

async function complete(count: number): Promise<string[]> {
  const admin = await bar.admin();
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const { guest, orderId } = await submitted(bar);
    for (const action of ["make", "complete"]) await admin.act(orderId, action);
    await guest.order(orderId);
    ids.push(orderId);
  }
  await bar.quiet();
  // Lines are written a moment after they are said, metrics counted half a minute later.
  await bar.clock.advance(60_000);
  await bar.quiet();
  return ids;
}

test("an order takes less than 9 kB of records once it lies cold, and is read as before", async () => {
  const before = await bytesIn();
  const [first = ""] = await complete(orders);
  const history = (): unknown => {
    const executionArn = `arn:aws:states:us-east-1:123456789012:execution:OrderProcessorWorkflow:${first}`;
    return bar.platform.workflows.query(bar.platform.store, "GetExecutionHistory", { executionArn, maxResults: 1000 });
  };
  const lines = (logGroupName: string): unknown =>
    bar.platform.logs.query(bar.platform.store, "FilterLogEvents", { logGroupName, limit: 10_000 });
  const read = (): unknown => [history(), bar.events(), ...["/aws/lambda/PublishUser", "/aws/events/serverlesspressoEventBus"].map(lines)];
  const [read1, warm] = [read(), await bytesIn()];
  await bar.clock.advance(2 * hourMs);
  await bar.quiet();
  expect(read()).toEqual(read1);
  const cold = await bytesIn();
  expect((cold - before) / orders).toBeLessThan(9_000);
  expect(cold - before).toBeLessThan((warm - before) / 2);
});

test("npm run storage tells it beside a running bar: kinds, counts, sizes, the oldest and what goes next", async () => {
  const told = await storage(bar.dataFolder, "--keep", "logs=7");
  expect(told).toMatch(/ [kM]B in the store's file, .* of them in use, [\d,]+ records\./);
  expect(told).toMatch(
    /closed executions +24 +[\d.]+ kB +2026-06-01 \d\d:\d\d +executions: 90 days +(2026-08-30 \d\d:\d\d|within the hour)/,
  );
  expect(told).toMatch(/log lines in blocks +\d+ +[\d.]+ kB +2026-06-01 \d\d:\d\d +logs: 7 days +(2026-06-08 \d\d:\d\d|within the hour)/);
  expect(told).toMatch(/minutes of metrics +\d+ +[\d.]+ k?B +2026-06-01 \d\d:\d\d +forever/);
  expect(told).toContain("Kept as --keep and KEEP say here.");
  expect(told).not.toContain("does not know");
});

test("npm run storage reckons with what the bar was started with, and says so", async () => {
  const told = await storage(bar.dataFolder);
  expect(told).toMatch(/closed executions .* executions: 3 days /);
  expect(told).toMatch(/log lines in blocks .* logs: 2 days /);
  expect(told).toMatch(/minutes of metrics .* metrics: 3 days /);
  expect(told).toContain("Kept as the bar of this folder was last started.");
});

test("what is over is forgotten after its days, what is open stays", async () => {
  await bar.configure({ customerTimeoutSeconds: 86_400 });
  const open = await scanned(bar);
  await bar.clock.advance(4.5 * dayMs);
  await bar.restart();
  await bar.clock.advance(hourMs);
  await bar.quiet();
  expect((await bar.orders()).map(({ orderId }) => orderId)).not.toContain(open.orderId);
  const kept = (await surveyStore(bar.dataFolder)).kinds.map(({ kind }) => kind?.holds);
  for (const holds of ["closed executions", "histories of executions in blocks", "events in blocks", "minutes of metrics"]) {
    expect(kept).not.toContain(holds);
  }
  const late = await scanned(bar);
  expect(await (await bar.admin()).order(late.orderId)).toMatchObject({ orderState: "CREATED" });
});

test("a folder that is none is told", async () => {
  await expect(storage("/tmp/no-such-bar")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("expected the folder of a bar"),
  });
});
