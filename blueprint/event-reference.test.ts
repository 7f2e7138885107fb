import { expect, test } from "vitest";
import { eventReference } from "./event-reference.ts";
import { blueprint } from "./index.ts";

test("docs/events.md is current; npm run renew writes it", async () => {
  await expect(eventReference(blueprint)).toMatchFileSnapshot("../docs/events.md", "npm run renew writes it");
});

test("every emitter is a service, a workflow or AWS itself", () => {
  const known = [
    ...new Set(blueprint.functions.map(({ service }) => service)),
    ...blueprint.workflows.map(({ shortName }) => shortName),
    "AWS Step Functions",
  ];
  expect(blueprint.events.flatMap(({ emittedBy }) => emittedBy).filter((name) => !known.includes(name))).toEqual([]);
});
