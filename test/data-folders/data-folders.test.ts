/** Each folder here was saved by an earlier release, killed in mid-order (`main.ts`). This one opens it and finishes what it finds. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createManualClock } from "@serverlesspresso/clock";
import { kindOf } from "@serverlesspresso/store";
import { describe, expect, test } from "vitest";
import { callAws } from "../api/steps.ts";
import { openBar } from "../support/bar.ts";
import { temporaryFolder } from "../support/server.ts";

interface Saved {
  readonly savedAtMs: number;
  readonly orders: Readonly<Record<string, string>>;
}
const names = readdirSync(import.meta.dirname).flatMap((file) => (file.endsWith(".mdb.gz") ? [file.slice(0, -".mdb.gz".length)] : []));
const own = { Waits: "waits", Maps: "maps", Inline: "inline", Grinds: "grinds", Fails: "fails" };
const statusOf = (bar: Awaited<ReturnType<typeof openBar>>, machine: string, name: string): unknown =>
  bar.platform.workflows.query(bar.platform.store, "DescribeExecution", {
    executionArn: `arn:aws:states:us-east-1:123456789012:execution:${machine}:${name}`,
  }).status;

describe.each(names)("%s", (name) => {
  const saved = JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), "utf8")) as Saved;

  test("opens, has every order as it was acknowledged, and finishes each", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder.path, "store.mdb"), gunzipSync(readFileSync(join(import.meta.dirname, `${name}.mdb.gz`))));
    const bar = await openBar({ dataFolder: folder.path, clock: createManualClock(saved.savedAtMs + 1_000) });
    await bar.quiet();
    const admin = await bar.admin();
    const states = new Map((await bar.orders()).map(({ orderId, orderState }) => [orderId, orderState]));
    expect(Object.fromEntries(Object.keys(saved.orders).map((id) => [id, states.get(id)]))).toEqual(saved.orders);

    const numbers: number[] = [];
    for (const [orderId, state] of states) {
      if (state !== "SUBMITTED" && state !== "MAKING") continue;
      if (state === "SUBMITTED") expect(await admin.act(orderId, "make")).toMatchObject({ status: 200 });
      const { status, body } = await admin.act(orderId, "complete");
      expect([status, body.orderState]).toEqual([200, "COMPLETED"]);
      numbers.push(body.orderNumber as number);
    }
    const activityArn = "arn:aws:states:us-east-1:123456789012:activity:Grind";
    const { taskToken, input } = (await callAws(bar.url, "AWSStepFunctions.GetActivityTask", { activityArn }, admin.token)).body;
    expect(input).toBe('{"beans":1}');
    await callAws(bar.url, "AWSStepFunctions.SendTaskSuccess", { taskToken, output: '"ground"' }, admin.token);
    // The rest runs into its time.
    await bar.clock.advance(16 * 60_000);
    await bar.quiet();
    const after = new Map((await bar.orders()).map(({ orderId, orderState }) => [orderId, orderState]));
    for (const [orderId, state] of states) if (state === "CREATED") expect([orderId, after.get(orderId)]).toEqual([orderId, "TIMEDOUT"]);
    expect(bar.running()).toBe(0);
    const ends = Object.entries(own).map(([machine, execution]) => [machine, statusOf(bar, machine, execution)]);
    expect(Object.fromEntries(ends)).toEqual({
      Waits: "SUCCEEDED",
      Maps: "SUCCEEDED",
      Inline: "SUCCEEDED",
      Grinds: "SUCCEEDED",
      Fails: "FAILED",
    });
    expect(await nextNumber(bar)).toBeGreaterThan(Math.max(...numbers));
    const strangers = bar.platform.store.scan({ start: "", end: "\uffff" }).filter(([key]) => kindOf(key) === undefined);
    expect(strangers).toEqual([]);
    expect(bar.errors).toEqual([]);
    await bar.close();
    folder.remove();
  });
});

async function nextNumber(bar: Awaited<ReturnType<typeof openBar>>): Promise<number> {
  const [guest] = await bar.guests(1);
  const { code } = await bar.nextWindow();
  const orderId = (await guest?.scan(code))?.body.orderId as string;
  await bar.quiet();
  const answer = await guest?.act(orderId, "placeOrder", { drink: "Latte", modifiers: [] });
  expect(answer?.status).toBe(200);
  await bar.quiet();
  return (await guest?.order(orderId))?.orderNumber as number;
}
