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
import type { Events, Item, JsonObject, Metrics, PlainValue, States, Tables, Topics } from "@serverlesspresso/ports";
import { createTablesPort } from "@serverlesspresso/tables";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvents } from "../../platforms/aws/src/runtime/adapters/events.ts";
import { createMetrics } from "../../platforms/aws/src/runtime/adapters/metrics.ts";
import { createOnce } from "../../platforms/aws/src/runtime/adapters/once.ts";
import { createStates } from "../../platforms/aws/src/runtime/adapters/states.ts";
import { createTables } from "../../platforms/aws/src/runtime/adapters/tables.ts";
import { createTopics } from "../../platforms/aws/src/runtime/adapters/topics.ts";
import { platformTable } from "../../platforms/aws/src/runtime/platform-table.ts";
import { createStatesPort } from "../../platforms/local/src/ports.ts";
import { listen } from "../api/steps.ts";
import { type AwsBar, account, openAwsBar, region } from "../aws/support.ts";
import { eventually } from "../support/api.ts";

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
  const key = { AttributeName: "PK", KeyType: "HASH" };
  const owner = { AttributeName: "owner", AttributeType: "S" };
  const [pk, sk] = ["PK", "SK"].map((AttributeName) => ({ AttributeName, AttributeType: "S" }));
  await store.transact((tx) => {
    const shared = { BillingMode: "PAY_PER_REQUEST" };
    tables.createTable(tx, { TableName: platformTable, ...shared, AttributeDefinitions: [pk as JsonObject], KeySchema: [key] });
    for (const TableName of ["engines", "sdk"]) {
      tables.createTable(tx, {
        TableName,
        ...shared,
        AttributeDefinitions: [pk as JsonObject, sk as JsonObject, owner],
        KeySchema: [key, { AttributeName: "SK", KeyType: "RANGE" }],
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-owner",
            KeySchema: [
              { ...owner, KeyType: "HASH" },
              { AttributeName: "SK", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      });
    }
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
  const tableName = by;
  const key = (SK: string): Item => ({ PK: "p", SK });
  const named = (name: string) => ({ name });

  describe("tables", () => {
    const values: Record<string, PlainValue> = {
      text: "é",
      empty: "",
      number: -1.5,
      big: 9_007_199_254_740_991,
      yes: true,
      nothing: null,
      list: [1, ["a"], { b: null }],
      map: { a: { b: [] } },
      names: new Set(["a", "b"]),
      numbers: new Set([1, 2]),
      bytes: new Uint8Array([0, 255]),
    };
    test("what goes in comes out; a member that is undefined is not there", async () => {
      await on("tables").putItem({ tableName, item: { ...key("values"), ...values, gone: undefined as never } });
      expect(await on("tables").getItem({ tableName, key: key("values") })).toEqual({ ...key("values"), ...values });
      expect(await on("tables").getItem({ tableName, key: key("none") })).toBeUndefined();
    });
    test("an unmet condition changes nothing and says so", async () => {
      const put = { tableName, item: key("once"), conditionExpression: "attribute_not_exists(PK)" };
      await on("tables").putItem(put);
      await expect(on("tables").putItem(put)).rejects.toMatchObject(named("ConditionalCheckFailedException"));
      const remove = { tableName, key: key("once"), conditionExpression: "#v = :one", names: { "#v": "version" }, values: { ":one": 1 } };
      await expect(on("tables").deleteItem(remove)).rejects.toMatchObject(named("ConditionalCheckFailedException"));
      await on("tables").deleteItem({ tableName, key: key("once") });
      expect(await on("tables").getItem({ tableName, key: key("once") })).toBeUndefined();
    });
    test("an update answers the whole item as it then is", async () => {
      const update = {
        tableName,
        key: key("count"),
        updateExpression: "SET #o = :o ADD visits :one",
        names: { "#o": "other" },
        values: { ":o": "x", ":one": 1 },
      };
      expect(await on("tables").updateItem(update)).toEqual({ ...key("count"), other: "x", visits: 1 });
      expect(await on("tables").updateItem(update)).toMatchObject({ visits: 2 });
    });
    test("a set is emptied by removing its last member", async () => {
      const change = (verb: string) =>
        on("tables").updateItem({
          tableName,
          key: key("set"),
          updateExpression: `${verb} openOrders :it`,
          values: { ":it": new Set(["a"]) },
        });
      expect((await change("ADD")).openOrders).toEqual(new Set(["a"]));
      expect(await change("DELETE")).toEqual(key("set"));
    });
    test("a transaction happens whole or not at all, with one reason for each item", async () => {
      await on("tables").putItem({ tableName, item: { ...key("t1"), left: 1 } });
      const items = [
        {
          update: {
            tableName,
            key: key("t1"),
            updateExpression: "SET #l = #l - :one",
            conditionExpression: "#l >= :one",
            names: { "#l": "left" },
            values: { ":one": 1 },
          },
        },
        { put: { tableName, item: key("t2"), conditionExpression: "attribute_not_exists(PK)" } },
        { conditionCheck: { tableName, key: key("count"), conditionExpression: "attribute_exists(PK)" } },
        { delete: { tableName, key: key("t3") } },
      ];
      await on("tables").transactWriteItems(items);
      await expect(on("tables").transactWriteItems(items)).rejects.toMatchObject({
        name: "TransactionCanceledException",
        cancellationReasons: ["ConditionalCheckFailed", "ConditionalCheckFailed", "None", "None"].map((code) => ({ code })),
      });
      expect(await on("tables").getItem({ tableName, key: key("t1") })).toMatchObject({ left: 0 });
    });
    test.each([{ index: undefined }, { index: "by-owner" }])("a query pages in order, either way: $index", async ({ index }) => {
      for (const n of [1, 2, 3])
        await on("tables").putItem({ tableName, item: { PK: "page", SK: `${n}`, owner: "ada", even: n % 2 === 0 } });
      const query = {
        tableName,
        ...(index === undefined
          ? { keyConditionExpression: "PK = :k", values: { ":k": "page" } }
          : { indexName: index, keyConditionExpression: "#o = :k", names: { "#o": "owner" }, values: { ":k": "ada" } }),
        scanIndexForward: false,
        limit: 2,
      };
      const first = await on("tables").query(query);
      expect(first.items.map(({ SK }) => SK)).toEqual(["3", "2"]);
      const second = await on("tables").query({ ...query, exclusiveStartKey: first.lastEvaluatedKey as Item });
      expect([second.items.map(({ SK }) => SK), second.lastEvaluatedKey]).toEqual([["1"], undefined]);
      const filtered = await on("tables").query({
        ...query,
        filterExpression: "even = :yes",
        values: { ...query.values, ":yes": true },
        limit: 10,
      });
      expect(filtered.items.map(({ SK }) => SK)).toEqual(["2"]);
    });
    test.each([
      {
        what: "an expression that is none",
        name: "ValidationException",
        act: () => on("tables").updateItem({ tableName, key: key("x"), updateExpression: "SET" }),
      },
      { what: "a key that is none", name: "ValidationException", act: () => on("tables").getItem({ tableName, key: { PK: "x" } }) },
      {
        what: "an empty set",
        name: "ValidationException",
        act: () => on("tables").putItem({ tableName, item: { ...key("x"), set: new Set<string>() } }),
      },
      {
        what: "a table that is none",
        name: "ResourceNotFoundException",
        act: () => on("tables").getItem({ tableName: "nowhere", key: key("x") }),
      },
    ])("$what: $name", async ({ act, name }) => {
      await expect(act()).rejects.toMatchObject(named(name));
    });
    test("two hundred increments at once are two hundred", async () => {
      const add = () => on("tables").updateItem({ tableName, key: key("sum"), updateExpression: "ADD n :one", values: { ":one": 1 } });
      const numbers = (await Promise.all(Array.from({ length: 200 }, add))).map(({ n }) => n);
      expect(new Set(numbers).size).toBe(200);
    });
  });

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
    test("a token that is none resumes nothing", async () => {
      await expect(on("states").sendTaskSuccess({ taskToken: "x", output: {} })).rejects.toMatchObject(named("InvalidToken"));
      await expect(on("states").sendTaskFailure({ taskToken: "x", error: "E", cause: "C" })).rejects.toMatchObject(named("InvalidToken"));
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
