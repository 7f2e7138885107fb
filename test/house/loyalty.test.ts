/**
 * A service from outside `services/` is added by one line, and then all of the house knows it: it runs in a bar, stands in the templates
 * with just its rights, answers in Lambda from an entry that no file holds, has a price, and is in the event reference.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { blueprintOf } from "@serverlesspresso/blueprint";
import { platformTableOf } from "@serverlesspresso/blueprint/edge/platform-table.ts";
import { eventReference } from "@serverlesspresso/blueprint/event-reference.ts";
import { namesOf } from "@serverlesspresso/contract";
import { OrderCompleted } from "@serverlesspresso/contract/events";
import type { JsonObject } from "@serverlesspresso/ports";
import { services as ownServices } from "@serverlesspresso/services";
import { defineService } from "@serverlesspresso/services/define-service.ts";
import { exampleCalls } from "@serverlesspresso/services/test-support/example-calls.ts";
import { exampleEvent } from "@serverlesspresso/services/test-support/example-event.ts";
import { createTablesPort } from "@serverlesspresso/tables";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMeter, type Meter } from "../../bench/cost/meter.ts";
import { usageOf } from "../../platforms/aws/cost/billing.ts";
import { durationMs, usualDeployment } from "../../platforms/aws/cost/deployment.ts";
import { fixedUsage } from "../../platforms/aws/cost/standing.ts";
import { bundleFunction } from "../../platforms/aws/src/bundle.ts";
import { readDeployment } from "../../platforms/aws/src/checks/deployment.ts";
import { findFaults } from "../../platforms/aws/src/checks/index.ts";
import { rightsOfRole } from "../../platforms/aws/src/checks/roles.ts";
import { runtimeFunctionsOf } from "../../platforms/aws/src/runtime/functions.ts";
import { recordExamples } from "../../platforms/aws/test/record-examples.ts";
import { synthesize } from "../../platforms/aws/test/synthesis.ts";
import { exampleLambdaEvents } from "../lambda/support/example-lambda-events.ts";
import { environmentOf } from "../lambda/support/functions.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { fillCup, getCard } from "./loyalty/card.ts";
import { collectStamps } from "./loyalty/collect-stamps.ts";
import { service as loyalty } from "./loyalty/service.ts";

const services = [...ownServices, loyalty];

const names = namesOf();
const blueprint = blueprintOf(services, names);
const context = { functionName: "CollectStamps", awsRequestId: "r", log: () => {} };
const folder = mkdtempSync(join(tmpdir(), "loyalty-"));

let bar: Bar;
let meter: Meter;
beforeAll(async () => {
  meter = createMeter([...blueprint.tables, platformTableOf(blueprint.names)]);
  bar = await openBar({ blueprint, services, observe: meter.observe });
});
afterAll(async () => {
  await bar.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A guest's card, as an operator's call of DynamoDB shows it. */
async function cardOf(userId: string): Promise<unknown> {
  const response = await fetch(`${bar.url}/`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${(await bar.admin()).token}`,
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.GetItem",
    },
    body: JSON.stringify({ TableName: "loyalty-cards", Key: { PK: { S: userId } }, ConsistentRead: true }),
  });
  return ((await response.json()) as { readonly Item?: JsonObject }).Item?.orders;
}

test("in a bar, an event goes through its rule, queue and function into its table", async () => {
  const completed = (orderId: string) => ({
    source: names.eventSource,
    detailType: OrderCompleted.detailType,
    detail: { orderId, userId: "ada", orderNumber: 1, ORDERSTATE: "COMPLETED" },
  });
  await bar.platform.putEvents([completed("one"), completed("two"), completed("two")]);
  await bar.quiet();
  await bar.clock.advance(31_000);
  await bar.quiet();
  expect(await cardOf("ada")).toEqual({ SS: ["one", "two"] });
  expect(bar.events().filter(({ type }) => type === "Loyalty.Stamped")).toHaveLength(3);
  expect(bar.errors).toEqual([]);
});

test("in a bar, its route shows a guest their own card, and nobody else's", async () => {
  const [guest] = await bar.guests(1);
  expect(await guest?.call("GET", "/loyalty/card")).toMatchObject({ status: 200, body: { stamps: 0 } });
  expect((await fetch(`${bar.url}/loyalty/card`)).status).toBe(401);
});

test("it asks for what it says that it uses, and for no more", async () => {
  const { store, tables, clock, ids } = bar.platform;
  const ports = { clock, ids, tables: createTablesPort(store, tables) };
  const calledBy = await recordExamples(services, exampleCalls(loyalty, names), ports, names);
  expect(Object.fromEntries([...calledBy].map(([name, called]) => [name, [...called].sort()]))).toEqual({
    CollectStamps: ["UpdateItem loyalty-cards", "events"],
    FillCup: ["GetItem loyalty-cards", "UpdateItem loyalty-cards"],
    GetCard: ["GetItem loyalty-cards"],
  });
});

test("in the templates it has just these rights, and no check finds a fault", () => {
  const { templates } = synthesize({ blueprint });
  expect(findFaults(templates, blueprint)).toEqual({});
  const deployment = readDeployment(templates);
  const fn = deployment.all("AWS::Lambda::Function").find(({ properties }) => properties.FunctionName === "CollectStamps");
  const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
  expect(rightsOfRole(deployment, fn?.properties.Role).sort()).toEqual(
    [
      `dynamodb:UpdateItem ${arn("dynamodb", "table/loyalty-cards")}`,
      `events:PutEvents ${arn("events", "event-bus/Serverlesspresso")}`,
      ...["DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map((verb) => `sqs:${verb} ${arn("sqs", "LoyaltyQueue")}`),
      `sqs:SendMessage ${arn("sqs", "Serverlesspresso-DLQ")}`,
      ...["CreateLogStream", "PutLogEvents"].map((verb) => `logs:${verb} ${arn("logs", "log-group:/aws/lambda/CollectStamps:*")}`),
      "xray:PutTelemetryRecords *",
      "xray:PutTraceSegments *",
    ].sort(),
  );
}, 60_000);

/** The entry of a function in Lambda, whose AWS is the bar. */
async function entryOf(name: string): Promise<(event: unknown, context: object) => Promise<unknown>> {
  await bundleFunction(name, join(folder, name), { services });
  const { pool } = bar.platform.identities;
  const aws = { url: bar.url, issuer: pool.issuer(), dataFolder: bar.dataFolder, userPoolId: pool.poolId, clientId: pool.clientId };
  Object.assign(process.env, environmentOf(aws));
  return (await import(pathToFileURL(join(folder, name, "index.mjs")).href)).handler;
}

test("its Lambda entry is made by the bundler, and answers", async () => {
  const handler = await entryOf("CollectStamps");
  const { Records } = exampleEvent(collectStamps) as { readonly Records: readonly object[] };
  const answer = await handler({ Records: [...Records, { messageId: "bad", body: "{" }] }, context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
  expect(await cardOf("example")).toEqual({ SS: ["example"] });
});

test("so is that of its route, which answers API Gateway", async () => {
  const handler = await entryOf("GetCard");
  const [event] = exampleLambdaEvents("GetCard", getCard, blueprint);
  const answer = await handler(event, { ...context, getRemainingTimeInMillis: () => 10_000 });
  expect(answer).toMatchObject({ statusCode: 200, body: JSON.stringify({ stamps: 1 }) });
});

test("a call that changes something is answered again under its key, for which its role has the rights", async () => {
  const handler = await entryOf("FillCup");
  const [first, again] = exampleLambdaEvents("FillCup", fillCup, blueprint);
  const gatewayContext = { ...context, getRemainingTimeInMillis: () => 10_000 };
  const answer = await handler(first, gatewayContext);
  expect(answer).toMatchObject({ statusCode: 200, body: JSON.stringify({ isFree: false, stamps: 1 }) });
  expect(await handler(again, gatewayContext)).toEqual(answer);
});

test("a run of it is priced, with the usual duration of a queue's function", () => {
  const deployment = { ...usualDeployment, blueprint };
  expect(runtimeFunctionsOf(blueprint).map(({ name }) => name)).toContain("CollectStamps");
  expect(durationMs("CollectStamps", deployment)).toBe(durationMs("MetricsDynamoDB", deployment));
  const { "lambda/CollectStamps": runs = 0 } = meter.total();
  expect(usageOf({ "lambda/CollectStamps": runs }, deployment)).toMatchObject({
    "lambda.request": runs,
    "lambda.gbSecond": (runs * 0.08 * 256) / 1024,
  });
  expect(usageOf(meter.total(), deployment)["dynamodb.write"]).toBeGreaterThan(0);
  const [fixed, before] = [fixedUsage(deployment), fixedUsage(usualDeployment)];
  const added = blueprint.queues.filter(({ consumer }) => consumer?.function === "CollectStamps").length;
  const polled = ({ blueprint: { queues } }: typeof deployment): number => queues.filter(({ consumer }) => consumer !== undefined).length;
  expect([added, polled(deployment)]).toEqual([1, polled(usualDeployment) + 1]);
  expect(fixed["sqs.request"]).toBeCloseTo(((before["sqs.request"] ?? 0) * polled(deployment)) / polled(usualDeployment));
  expect(fixed["cloudwatch.alarm"]).toBe((before["cloudwatch.alarm"] ?? 0) + 2);
});

test("the event reference has its event, and its rule as a listener", () => {
  const reference = eventReference(blueprint);
  expect(reference).toContain("## Loyalty.Stamped\n\nA guest's card has a stamp for each of their completed orders.");
  expect(reference).toContain("- Emitted by: loyalty");
  expect(reference).toContain("| `stamps` | integer | always |");
  expect(reference).toMatch(/## OrderManager\.OrderCompleted[^#]*rule `LoyaltyStamps` → queue `LoyaltyQueue`/);
});

test("a second bar shares no name with the first", () => {
  const namesIn = ({ tables, functions, workflows, rules, queues, topics, bus }: typeof blueprint): string[] => [
    bus.name,
    ...[tables, functions, workflows, rules, queues, topics].flatMap((parts) => parts.map(({ name }) => name)),
  ];
  const other = new Set(namesIn(blueprintOf(services, namesOf("annexe"))));
  expect(namesIn(blueprint).filter((name) => other.has(name))).toEqual([]);
});

test("a declaration that names a function it does not have does not compile", () => {
  const functions = { CollectStamps: { handler: collectStamps, description: "", uses: [] } };
  // @ts-expect-error There is no function CollectPoints.
  defineService("", "wrong", () => ({ functions, queues: [{ name: "Q", function: "CollectPoints" }] }));
  // @ts-expect-error Nor here.
  defineService("", "wrong", () => ({ functions, rules: [{ name: "R", description: "", on: [], target: { function: "Collect" } }] }));
  // @ts-expect-error A function has a handler.
  defineService("", "wrong", () => ({ functions: { CollectStamps: { description: "", uses: [] } } }));
  expect(() => blueprintOf([loyalty, loyalty], names)).toThrow(/"loyalty-cards" is declared twice/);
});
