/** What an edited config item says is the same for the API, the codes and the workflow. */
import { configFieldNames, configFields, names } from "@serverlesspresso/contract";
import type { JsonObject } from "@serverlesspresso/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bar, openBar } from "../test-support/bar.ts";
import { stepsIn } from "../test-support/guest-steps.ts";

let bar: Bar;
beforeAll(async () => {
  bar = await openBar();
});
afterAll(async () => {
  expect(bar.errors).toEqual([]);
  await bar.close();
});

/** What the order's execution read, by the names of the config item. */
async function readByWorkflow(orderId: string): Promise<JsonObject> {
  const executionArn = (await bar.order(orderId))?.executionArn as string;
  const { events } = await bar.execute("GetExecutionHistory", { executionArn, maxResults: 100 });
  const outputs = (events as JsonObject[]).map(({ stateExitedEventDetails: exit }) => exit as JsonObject | undefined);
  const output = JSON.parse(outputs.find((exit) => exit?.name === "ListExecutions")?.output as string) as Record<string, JsonObject>;
  return {
    maxOrdersInQueue: output.isCapacityAvailable?.maxOrdersInQueue as number,
    customerTimeoutSeconds: output.Timeouts?.customerSeconds as number,
    baristaTimeoutSeconds: output.Timeouts?.baristaSeconds as number,
  };
}

const hostile = [-5, -1, -0.6, 0, 0.4, 0.5, 1, 1.5, 2.4, 2.5, 7, 20.000001, 1e7, 1e20, 1e30, 1e125, -1e125, 1e-130];
const noNumbers = ["20", "", true, null, [5], { N: 5 }, undefined];

test.each([...hostile, ...noNumbers])("figures of %j", async (value) => {
  const edited = Object.fromEntries(value === undefined ? [] : configFieldNames.map((name) => [name, value]));
  await bar.tables.putItem({ tableName: names.configTable, item: { PK: "config", storeOpen: true, ...edited } });
  const { body } = await bar.call(null, "GET /config");
  for (const name of configFieldNames) {
    const { default: usual, minimum: least, maximum: most } = configFields[name];
    const whole = typeof value === "number" ? Math.floor(value + 0.5) : usual;
    expect([name, body[name]]).toEqual([name, whole < least ? usual : Math.min(whole, most)]);
  }
  // A new window for each case: it keeps the figures it began with.
  await bar.clock.advance(1440 * 60_000);
  const { startMs, endMs, remaining } = (await bar.call(bar.barista, "GET /qr-code")).body;
  expect([(Number(endMs) - Number(startMs)) / 60_000, remaining]).toEqual([body.barcodeMinutes, body.drinksPerBarcode]);
  const orderId = await stepsIn(bar).scan(bar.guest(`guest-${JSON.stringify(value)}`));
  expect((await bar.order(orderId))?.ORDERSTATE).toBe("CREATED");
  const read = await readByWorkflow(orderId);
  expect(body).toMatchObject(read);
});

test("the API takes a figure's bounds, and nothing beyond them", async () => {
  for (const name of configFieldNames) {
    const { minimum: least, maximum: most } = configFields[name];
    const put = async (value: number) => (await bar.call(bar.barista, "PUT /config", { body: { [name]: value } })).status;
    expect([name, await put(least), await put(most)]).toEqual([name, 200, 200]);
    expect([name, await put(least - 1), await put(most + 1), await put(least + 0.5)]).toEqual([name, 422, 422, 422]);
  }
});
