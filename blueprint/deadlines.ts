import { names } from "@serverlesspresso/contract";
import type { DeadlineBlueprint } from "./types.ts";

/** What ends by itself without a workflow that waits for it. */
export const deadlines: readonly DeadlineBlueprint[] = [
  {
    name: "EndPause",
    description: "a pause of the shop is over",
    tableName: names.configTable,
    key: { PK: { S: "config" } },
    attribute: "reopensAt",
    function: "EndPause",
    deadLetterQueue: names.deadLetterQueue,
  },
];
