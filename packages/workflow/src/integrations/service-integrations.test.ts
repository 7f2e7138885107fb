/** Step Functions called from a state: every operation of its definition, with members as SDKs have them. */
import type { JsonObject } from "@serverlesspresso/ports";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Harness, openHarness, stateMachineArn, task } from "../testing.ts";
import { changeFirst } from "./member-names.ts";
import { createServiceIntegrations } from "./service-integrations.ts";

let h: Harness;
beforeAll(async () => {
  h = await openHarness();
  await h.define("Pass", { StartAt: "P", States: { P: { Type: "Pass", End: true } } });
});
afterAll(() => h.close());

let count = 0;
async function run(resource: string, parameters: JsonObject): Promise<JsonObject> {
  const name = `Call-${++count}`;
  await h.define(name, { StartAt: "T", States: { T: task(resource, parameters) } });
  const executionArn = await h.start(name);
  await h.clock.advance(0);
  const { output, error, cause } = h.describe(executionArn);
  return typeof output === "string" ? (JSON.parse(output) as JsonObject) : { error: error ?? null, cause: cause ?? null };
}

test("each operation is there by its definition, but those that say they are not", () => {
  const { store, workflows } = h;
  const found = createServiceIntegrations({ store, services: [workflows], origin: () => "http://test", requestId: () => "request" });
  const { operations } = workflows.service;
  const callable = Object.keys(operations).filter((name) => operations[name]?.fromWorkflows !== "none");
  const here = Object.keys(found).filter((name) => found[name]?.kind !== "absent");
  expect(here.sort()).toEqual(
    ["states:startExecution", ...callable.map((name) => `aws-sdk:sfn:${changeFirst(name, "toLowerCase")}`)].sort(),
  );
  expect(here).toEqual(expect.arrayContaining(["aws-sdk:sfn:createActivity", "aws-sdk:sfn:getActivityTask"]));
});

test("members are in PascalCase at any depth", async () => {
  const { StateMachineVersionArn } = await run("aws-sdk:sfn:publishStateMachineVersion", { StateMachineArn: stateMachineArn("Pass") });
  const RoutingConfiguration = [{ StateMachineVersionArn: StateMachineVersionArn ?? "", Weight: 100 }];
  const { StateMachineAliasArn } = await run("aws-sdk:sfn:createStateMachineAlias", { Name: "live", RoutingConfiguration });
  expect(await run("aws-sdk:sfn:describeStateMachineAlias", { StateMachineAliasArn: StateMachineAliasArn ?? "" })).toMatchObject({
    RoutingConfiguration,
    CreationDate: new Date(h.clock.nowMs()).toISOString(),
  });
});

test.each(["states:startExecution", "aws-sdk:sfn:startExecution"])(
  "%s: a value in place of a text keeps its own members",
  async (resource) => {
    const Input = { orderId: 1, Drink: { Name: "Latte" } };
    const { ExecutionArn } = await run(resource, { StateMachineArn: stateMachineArn("Pass"), Input });
    expect(h.describe(ExecutionArn as string).input).toBe(JSON.stringify(Input));
  },
);

test.each([
  { resource: "states:startExecution", error: "StepFunctions.ValidationException", told: "Service: AWSStepFunctions; Status Code: 400" },
  { resource: "aws-sdk:sfn:startExecution", error: "Sfn.ValidationException", told: "Service: Sfn, Status Code: 400" },
])("$resource: a request that does not fit has the error that Step Functions' API names", async ({ resource, error, told }) => {
  expect(await run(resource, {})).toEqual({ error, cause: expect.stringContaining(told) });
});
