/**
 * The definitions of the workflows spell facts of the contract out, so that they can be read as they stand. Here both are compared.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configFields, names, orderActions, orderStates } from "@serverlesspresso/contract";
import { catalogue, findEvent } from "@serverlesspresso/contract/events";
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { describe, expect, test } from "vitest";
import { blueprint, type WorkflowBlueprint } from "./index.ts";

const workflowOf = (name: string) => blueprint.workflows.find((workflow) => workflow.name === name) as WorkflowBlueprint;
const textOf = (name: string): string => readFileSync(join(import.meta.dirname, workflowOf(name).file), "utf8");
const statesOf = (name: string) => (JSON.parse(textOf(name)) as { readonly States: Readonly<Record<string, JsonObject>> }).States;

/** Every object in a JSON value. */
function* objects(value: JsonValue | undefined): Generator<JsonObject> {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield value as JsonObject;
  for (const inner of Object.values(value)) yield* objects(inner as JsonValue);
}

/** What a JSONPath or JSONata member is called once it has its value. */
const plainName = (member: string): string => member.replace(/\.\$$/, "");

describe.each(["OrderProcessorWorkflow", "OrderManagerStateMachine"] as const)("%s", (workflow) => {
  const everything = [...objects(statesOf(workflow))];

  test("emits events of the catalogue, of which it is named as an emitter, with members that they have", () => {
    const entries = everything.filter(({ DetailType }) => DetailType !== undefined);
    expect(entries.length).toBeGreaterThan(4);
    for (const { Source, DetailType, Detail } of entries) {
      const event = findEvent(DetailType as string);
      expect(event, DetailType as string).toBeDefined();
      expect(event?.emittedBy).toContain(workflow);
      expect({ DetailType, Source }).toEqual({ DetailType, Source: "$" + "{EventSource}" });
      expect(workflowOf(workflow).substitutions.EventSource).toEqual({ kind: "eventSource", name: names.eventSource });
      // A detail that JSONata makes is compared as it comes, in the services' tests.
      const members = typeof Detail === "string" ? [] : Object.keys(Detail as JsonObject).map(plainName);
      expect(Object.keys(event?.detail.shape ?? {})).toEqual(expect.arrayContaining(members));
    }
  });

  test("knows no other order states", () => {
    const compared = everything.filter(({ Variable }) => /\.ORDERSTATE\.S$/.test(String(Variable ?? "")));
    const inJsonata = [...textOf(workflow).matchAll(/(?:ORDERSTATE|\$now|\$state)(?:\.S)? (?:!?=|in) (\[[^\]]*\]|'\w+')/g)]
      .flatMap(([, names = ""]) => [...names.matchAll(/'(\w*)'/g)])
      .flatMap(([, name = ""]) => (name === "" ? [] : [name]));
    const spelt = [...compared.flatMap(({ StringEquals }) => StringEquals ?? []), ...written(everything), ...inJsonata];
    expect(spelt.length).toBeGreaterThan(3);
    for (const state of spelt) expect(orderStates).toContain(state);
  });
});

/** Every state that an expression of DynamoDB sets or demands. */
function written(everything: readonly JsonObject[]): JsonValue[] {
  return everything.flatMap((write) => Object.values(stateValues(write)).flat());
}

/** What an update sets `ORDERSTATE` to, and what it demands of it; what comes from the order itself is left out. */
function stateValues({ UpdateExpression, ConditionExpression, ExpressionAttributeValues }: JsonObject): { to: string[]; from: string[] } {
  const literals = (expression: JsonValue | undefined): string[] =>
    [...String(expression ?? "").matchAll(/ORDERSTATE (?:= (:\w+)|IN \(([^)]*)\))/g)]
      .flatMap(([, one, several = ""]) => one ?? several.split(", "))
      .flatMap((name) => {
        const value = (ExpressionAttributeValues as JsonObject)[name] as JsonObject;
        return typeof value.S === "string" ? [value.S] : [];
      });
  return { to: literals(UpdateExpression), from: literals(ConditionExpression) };
}

describe("the order manager", () => {
  const states = statesOf("OrderManagerStateMachine");

  test("knows the actions of the contract, each under both its names", () => {
    const taken = [...objects(states["Action?"])].flatMap(({ StringEquals }) => StringEquals ?? []);
    const known = Object.entries(orderActions).flatMap(([name, { alias }]) => (alias === undefined ? [name] : [name, alias]));
    expect([...new Set(taken)].toSorted()).toEqual(known.toSorted());
    const { detail } = [...objects(states["Unknown action"])].find(({ detail: words }) => words !== undefined) as JsonObject;
    for (const name of Object.keys(orderActions)) expect(detail).toContain(name);
  });

  test.each([
    { action: "placeOrder", write: "Store drink" },
    { action: "make", write: "Claim order" },
    { action: "unmake", write: "Put order back" },
    { action: "complete", write: "Complete order" },
    { action: "cancel", write: "Cancel own order" },
    { action: "cancel", write: "Cancel order" },
  ] as const)("$action is the change of the contract, and the condition of its write the rule: $write", ({ action, write }) => {
    expect(stateValues((states[write]?.Parameters ?? states[write]?.Arguments) as JsonObject)).toEqual({
      to: [orderActions[action].to],
      from: orderActions[action].from,
    });
  });

  test("is short enough to read", () => expect(Object.keys(states).length).toBeLessThanOrEqual(40));

  test("announce is for the state of the contract", () => {
    const rules = [...objects(states["Why refused?"])].filter(({ Next }) => Next === "Emit - order announced");
    expect(rules.map(({ Condition }) => /\$state = '(\w+)'/.exec(String(Condition))?.[1])).toEqual(orderActions.announce.from);
  });
});

test("the order processor's limits have the defaults and bounds of the contract", () => {
  const spelt = [...textOf("OrderProcessorWorkflow").matchAll(/'(\w+)': \{'usual': (\d+), 'least': (\d+), 'most': (\d+)\}/g)];
  const limits = spelt.map(([, name, usual, least, most]) => [
    name,
    { default: Number(usual), minimum: Number(least), maximum: Number(most) },
  ]);
  const { maxOrdersInQueue, customerTimeoutSeconds, baristaTimeoutSeconds } = configFields;
  expect(limits.length).toBe(3);
  expect({ maxOrdersInQueue, customerTimeoutSeconds, baristaTimeoutSeconds }).toMatchObject(Object.fromEntries(limits));
});

test("each event is emitted by a service or a workflow that there is, or by AWS", () => {
  const emitters = new Set(catalogue.flatMap(({ emittedBy }) => emittedBy));
  const services = new Set(blueprint.functions.map(({ service }): string => service));
  const unknown = [...emitters].filter((name) => !services.has(name) && !blueprint.workflows.some((workflow) => workflow.name === name));
  expect(unknown).toEqual(["AWS Step Functions"]);
});
