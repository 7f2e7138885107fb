import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Blueprint, blueprint } from "@serverlesspresso/blueprint";
import type { JsonValue } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { unpriced } from "./operation-kinds.ts";

const definitions = blueprint.workflows.map(
  ({ file }) => JSON.parse(readFileSync(join(import.meta.dirname, "../../../blueprint", file), "utf8")) as JsonValue,
);
const task = (Resource: string): JsonValue => ({ States: { New: { Type: "Task", Resource } } });

test("all that the blueprint can do has a price", () => expect(unpriced(blueprint, definitions)).toEqual([]));

test.each([
  { name: "a task of another service", more: {}, definition: task("arn:aws:states:::sns:publish"), found: ["task sns:publish"] },
  {
    name: "another operation of a known one",
    more: {},
    definition: task("arn:aws:states:::aws-sdk:dynamodb:scan"),
    found: ["task aws-sdk:dynamodb:scan"],
  },
  {
    name: "another kind of target",
    more: { rules: [{ ...blueprint.rules[0], targets: [{ kind: "topic", name: "roasted" }] }] },
    definition: {},
    found: ["target topic"],
  },
  {
    name: "another function",
    more: { functions: [{ name: "Roast", service: "roastery", description: "", memoryMb: 128, timeoutSeconds: 3 }] },
    definition: {},
    found: ["function Roast"],
  },
])("$name has none yet, and is told", ({ more, definition, found }) => {
  expect(unpriced({ ...blueprint, ...more } as unknown as Blueprint, [definition as JsonValue])).toEqual(found);
});
