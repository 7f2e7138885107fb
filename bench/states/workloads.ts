/** The definitions that are run, the same everywhere. Each ends in a task that tells its execution's name. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

export interface Workload {
  readonly name: string;
  readonly definition: JsonObject;
  readonly input: JsonObject;
  /** States entered in one execution. */
  readonly transitions: number;
}

export const echo = "arn:aws:states:::bench:echo";
export const ended = "arn:aws:states:::bench:ended";

/** What the task `Grind` answers. */
export const ground: JsonValue = { grams: 18, seconds: 27, grinder: "left" };

const end: JsonObject = { Type: "Task", Resource: ended, Parameters: { "name.$": "$$.Execution.Name" }, End: true };

/** Returns a machine of so many states in a row, and the one that ends it. */
export function chain(length: number, state: JsonObject, last: JsonObject = end): JsonObject {
  const states = Array.from({ length }, (_, i): [string, JsonObject] => [
    `S${i}`,
    { ...state, Next: i === length - 1 ? "Ended" : `S${i + 1}` },
  ]);
  return { StartAt: "S0", States: { ...Object.fromEntries(states), Ended: last } };
}

const order = { orderId: "o-1", userId: "user-7f3a", drinkOrder: { drink: "Cappuccino", modifiers: ["Oat"] } };

export const workloads: readonly Workload[] = [
  {
    name: "50 Pass states",
    definition: chain(50, { Type: "Pass", Parameters: { drink: "Cappuccino", "user.$": "$.userId" }, ResultPath: "$.label" }),
    input: order,
    transitions: 51,
  },
  {
    name: "Choice loop, 100 rounds",
    definition: {
      StartAt: "Count",
      States: {
        Count: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)" }, Next: "Enough?" },
        "Enough?": { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThanEquals: 100, Next: "Ended" }], Default: "Count" },
        Ended: end,
      },
    },
    input: { n: 0 },
    transitions: 201,
  },
  {
    name: "Map over 1,000 items",
    definition: {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          ItemsPath: "$.items",
          Iterator: { StartAt: "Label", States: { Label: { Type: "Pass", Parameters: { "drink.$": "$.drink" }, End: true } } },
          ResultPath: "$.labels",
          Next: "Ended",
        },
        Ended: end,
      },
    },
    input: { items: Array.from({ length: 1_000 }, (_, i) => ({ drink: "Latte", number: i })) },
    transitions: 1_002,
  },
  {
    name: "20 Tasks, mocked",
    definition: chain(20, { Type: "Task", Resource: echo, Parameters: { "order.$": "$.orderId" }, ResultPath: "$.ground" }),
    input: order,
    transitions: 21,
  },
];
