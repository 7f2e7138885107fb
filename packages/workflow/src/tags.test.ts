import type { JsonObject } from "@serverlesspresso/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Harness, openHarness, stateMachineArn } from "./testing.ts";

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
});
afterEach(() => h.close());

const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", End: true } } });
const machine = stateMachineArn("Order");
const activity = "arn:aws:states:us-east-1:123456789012:activity:Brew";
const tag = (key: string, value = ""): JsonObject => ({ key, value });
const tags = (resourceArn: string) => h.workflows.query(h.store, "ListTagsForResource", { resourceArn }).tags;
const create: Readonly<Record<string, (tags: JsonObject[]) => Promise<JsonObject>>> = {
  [machine]: (given) => h.execute("CreateStateMachine", { name: "Order", definition, publish: true, tags: given }),
  [activity]: (given) => h.execute("CreateActivity", { name: "Brew", tags: given }),
};
const remove: Readonly<Record<string, () => Promise<JsonObject>>> = {
  [machine]: () => h.execute("DeleteStateMachine", { stateMachineArn: machine }),
  [activity]: () => h.execute("DeleteActivity", { activityArn: activity }),
};

test.each([machine, activity])("%s has tags from its creation to its end", async (resourceArn) => {
  await create[resourceArn]?.([tag("team", "bar"), tag("cost")]);
  expect(tags(resourceArn)).toEqual([tag("team", "bar"), tag("cost")]);
  await h.execute("TagResource", { resourceArn, tags: [tag("team", "kitchen"), tag("new", "ünïcode + x@y.z")] });
  await create[resourceArn]?.([tag("ignored")]);
  expect(tags(resourceArn)).toEqual([tag("team", "kitchen"), tag("cost"), tag("new", "ünïcode + x@y.z")]);
  await h.execute("UntagResource", { resourceArn, tagKeys: ["cost", "none"] });
  expect(tags(resourceArn)).toEqual([tag("team", "kitchen"), tag("new", "ünïcode + x@y.z")]);
  await remove[resourceArn]?.();
  expect(() => tags(resourceArn)).toThrow("Resource not found");
  await create[resourceArn]?.([]);
  expect(tags(resourceArn)).toEqual([]);
});

test("at most fifty, and then none of those that are too many", async () => {
  await create[machine]?.(Array.from({ length: 49 }, (_, i) => tag(`k${i}`)));
  await expect(h.execute("TagResource", { resourceArn: machine, tags: [tag("a"), tag("b")] })).rejects.toMatchObject({
    code: "TooManyTags",
  });
  await h.execute("TagResource", { resourceArn: machine, tags: [tag("a"), tag("k1", "again")] });
  expect(tags(machine)).toHaveLength(50);
});

test.each([
  { what: "an activity that is not there", resourceArn: activity, code: "ResourceNotFound" },
  { what: "a version", resourceArn: `${machine}:1`, code: "ResourceNotFound" },
  { what: "a machine that is not there", resourceArn: stateMachineArn("None"), code: "ResourceNotFound" },
  { what: "what is no such ARN", resourceArn: "arn:aws:sqs:us-east-1:123456789012:q", code: "InvalidArn" },
  { what: "an empty key", resourceArn: machine, key: "", code: "ValidationException" },
  { what: "a key with a bracket", resourceArn: machine, key: "<b>", code: "ValidationException" },
])("refused: $what", async ({ resourceArn, key = "k", code }) => {
  await create[machine]?.([]);
  await expect(h.execute("TagResource", { resourceArn, tags: [tag(key)] })).rejects.toMatchObject({ code });
});
