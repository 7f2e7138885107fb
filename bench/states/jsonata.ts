/** The workloads again, in JSONata: the same states, which do the same to the same input. */
import type { JsonObject } from "@serverlesspresso/ports";
import { chain, echo, ended, type Workload } from "./workloads.ts";

const end: JsonObject = { Type: "Task", Resource: ended, Arguments: { name: "{% $states.context.Execution.Name %}" }, End: true };

const definitions: Readonly<Record<string, JsonObject>> = {
  "50 Pass states": chain(
    50,
    {
      Type: "Pass",
      Output: "{% $merge([$states.input, {'label': {'drink': 'Cappuccino', 'user': $states.input.userId}}]) %}",
    },
    end,
  ),
  "Choice loop, 100 rounds": {
    StartAt: "Count",
    States: {
      Count: { Type: "Pass", Output: { n: "{% $states.input.n + 1 %}" }, Next: "Enough?" },
      "Enough?": { Type: "Choice", Choices: [{ Condition: "{% $states.input.n >= 100 %}", Next: "Ended" }], Default: "Count" },
      Ended: end,
    },
  },
  "Map over 1,000 items": {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        Items: "{% $states.input.items %}",
        ItemProcessor: {
          StartAt: "Label",
          States: { Label: { Type: "Pass", Output: { drink: "{% $states.input.drink %}" }, End: true } },
        },
        Output: "{% $merge([$states.input, {'labels': $states.result}]) %}",
        Next: "Ended",
      },
      Ended: end,
    },
  },
  "20 Tasks, mocked": chain(
    20,
    {
      Type: "Task",
      Resource: echo,
      Arguments: { order: "{% $states.input.orderId %}" },
      Output: "{% $merge([$states.input, {'ground': $states.result}]) %}",
    },
    end,
  ),
};

/** Returns the workload in JSONata. */
export function inJsonata(workload: Workload): Workload {
  const definition = definitions[workload.name];
  if (definition === undefined) throw new Error(`workload "${workload.name}" has no definition in JSONata`);
  return { ...workload, definition: { QueryLanguage: "JSONata", ...definition } };
}
