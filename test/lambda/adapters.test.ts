/**
 * One contract for each port, held by the engines in the process and by the adapters over AWS's SDK. The latter speak to the bar's wire API, signed,
 * over HTTP.
 */
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IoTDataPlaneClient } from "@aws-sdk/client-iot-data-plane";
import { SFNClient } from "@aws-sdk/client-sfn";
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import { createEventsPort } from "@serverlesspresso/event-bus";
import { createMetricsPort } from "@serverlesspresso/metrics";
import type { Events, JsonObject, Metrics, States, Tables, Topics } from "@serverlesspresso/ports";
import { createTablesPort } from "@serverlesspresso/tables";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvents } from "../../platforms/aws/src/runtime/adapters/events.ts";
import { createMetrics } from "../../platforms/aws/src/runtime/adapters/metrics.ts";
import { createOnce } from "../../platforms/aws/src/runtime/adapters/once.ts";
import { createStates } from "../../platforms/aws/src/runtime/adapters/states.ts";
import { createTables } from "../../platforms/aws/src/runtime/adapters/tables.ts";
import { createTopics } from "../../platforms/aws/src/runtime/adapters/topics.ts";
import { createStatesPort } from "../../platforms/local/src/ports.ts";
import { listen } from "../api/steps.ts";
import { type AwsBar, account, openAwsBar, region } from "../aws/support.ts";
import { eventually } from "../support/api.ts";
import { contractTable, tablesContract } from "./support/tables-contract.ts";

let bar: AwsBar;
interface UnderTest {
  readonly tables: Tables;
  readonly events: Events;
  readonly states: States;
  readonly topics: Topics;
  readonly metrics: Metrics;
}
const made: Record<string, UnderTest> = {};
const busName = "Serverlesspresso";
const arnOf = (name: string): string => `arn:aws:states:${region}:${account}:stateMachine:${name}`;

beforeAll(async () => {
  bar = await openAwsBar();
  const { store, tables, bus, workflows, metrics, broker } = bar.platform;
  await store.transact((tx) => {
    for (const name of ["engines", "sdk"]) tables.createTable(tx, contractTable(name) as unknown as JsonObject);
    for (const [name, state] of Object.entries(machines))
      workflows.putStateMachine(tx, { name, type: "EXPRESS", definition: { StartAt: "It", States: { It: state } } });
    workflows.putStateMachine(tx, {
      name: "Standard",
      type: "STANDARD",
      definition: { StartAt: "It", States: { It: { Type: "Wait", Seconds: 60, End: true } } },
    });
  });
  const clock = createSystemClock();
  const ids = createIds(clock);
  const dynamodb = new DynamoDBClient(bar.client);
  made.engines = {
    tables: createTablesPort(store, tables),
    events: createEventsPort(store, bus, busName),
    states: createStatesPort(store, workflows),
    topics: { publish: broker.publish },
    metrics: createMetricsPort(store, metrics),
  };
  made.sdk = {
    tables: createTables({ dynamodb, clock, ids }),
    events: createEvents({ eventbridge: new EventBridgeClient(bar.client), busName }),
    states: createStates({ sfn: new SFNClient({ ...bar.client, disableHostPrefix: true }), arnOf }),
    topics: createTopics(new IoTDataPlaneClient(bar.client)),
    metrics: createMetrics(new CloudWatchClient(bar.client), createOnce(dynamodb)),
  };
});
afterAll(() => bar.close());

const machines = {
  Echo: { Type: "Pass", End: true },
  Broken: { Type: "Fail", Error: "NoMilk", Cause: "the fridge is empty" },
} satisfies Record<string, JsonObject>;

describe.each([{ by: "engines" }, { by: "sdk" }])("by $by", ({ by }) => {
  const on = <Port extends keyof UnderTest>(port: Port): UnderTest[Port] => (made[by] as UnderTest)[port];
  const named = (name: string) => ({ name });

  describe("tables", () => tablesContract(() => on("tables"), by));

  describe("events", () => {
    const entry = (detailType: string, detail: JsonObject = {}) => ({
      source: `test.${by}`,
      detailType,
      detail,
      resources: ["arn:aws:test"],
    });
    const put = () =>
      bar.platform.bus
        .listEvents(bar.platform.store, { limit: 1000 })
        .events.map(({ envelope }) => envelope)
        .filter(({ source }) => source === `test.${by}`);
    test("more than ten go out, in order, each under an id of its own", async () => {
      const types = Array.from({ length: 23 }, (_, n) => `T${n}`);
      const { eventIds } = await on("events").putEvents(types.map((type, n) => entry(type, { n })));
      expect(put().map((one) => [one["detail-type"], one.id])).toEqual(types.map((type, n) => [type, eventIds[n]]));
      expect(put()[0]).toMatchObject({ detail: { n: 0 }, resources: ["arn:aws:test"] });
    });
    test("one that is refused fails the call", async () => {
      await expect(on("events").putEvents([entry("Big", { text: "x".repeat(300_000) })])).rejects.toThrow();
    });
  });

  describe("states", () => {
    test("an Express workflow is run to its end", async () => {
      const run = (stateMachineName: string) => on("states").startSyncExecution({ stateMachineName, input: { a: [1] } });
      expect(await run("Echo")).toEqual({ status: "SUCCEEDED", output: { a: [1] } });
      expect(await run("Broken")).toEqual({ status: "FAILED", error: "NoMilk", cause: "the fridge is empty" });
    });
    test("an execution is started under a name, once", async () => {
      const start = (input: number) => on("states").startExecution({ stateMachineName: "Standard", name: by, input });
      const executionArn = `arn:aws:states:${region}:${account}:execution:Standard:${by}`;
      expect(await start(1)).toEqual({ executionArn });
      expect(await start(1)).toEqual({ executionArn });
      await expect(start(2)).rejects.toMatchObject(named("ExecutionAlreadyExists"));
      await expect(on("states").startExecution({ stateMachineName: "None", input: 1 })).rejects.toMatchObject(
        named("StateMachineDoesNotExist"),
      );
    });
  });

  test("topics: what is published is heard as it was", async () => {
    const ear = await listen(bar.url, undefined, "serverlesspresso-config");
    await on("topics").publish("serverlesspresso-config", { id: by, detail: { text: "é", list: [1, null] } });
    await expect.poll(() => ear.heard).toEqual([{ topic: "serverlesspresso-config", id: by, detail: { text: "é", list: [1, null] } }]);
    ear.end();
  });

  test("metrics: values add up, and a key counts once", async () => {
    const timestampMs = bar.clock.nowMs() - 60_000;
    const datum = { namespace: by, metricName: "Drink", dimensions: { Drink: "Latte" }, value: 2, unit: "Count", timestampMs } as const;
    const other = { ...datum, dimensions: { Drink: "Total Orders" } };
    for (const key of ["a", "a", "b", undefined]) await on("metrics").putMetricData([datum, other], key);
    const ask = new GetMetricStatisticsCommand({
      Namespace: by,
      MetricName: "Drink",
      Dimensions: [{ Name: "Drink", Value: "Latte" }],
      StartTime: new Date(timestampMs - 3_600_000),
      EndTime: new Date(timestampMs + 3_600_000),
      Period: 7200,
      Statistics: ["Sum"],
    });
    const sum = await eventually("the sum", async () => (await new CloudWatchClient(bar.client).send(ask)).Datapoints?.[0]?.Sum);
    expect(sum).toBe(6);
  });
});
