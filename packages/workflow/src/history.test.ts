import type { JsonValue } from "@serverlesspresso/ports";
import type { HistoryEvent } from "@serverlesspresso/states-language";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventTypes } from "./event-types.ts";
import { pack, unpack } from "./history.ts";

const json = fc.jsonValue({ maxDepth: 2, noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const details = fc.record(
  {
    name: fc.string(),
    input: json,
    output: json,
    parameters: json,
    assignedVariables: fc.dictionary(fc.string(), json, { noNullPrototype: true }),
    resource: fc.string(),
    resourceType: fc.constantFrom("events", "dynamodb", ""),
    timeoutInSeconds: fc.nat(),
    error: fc.string(),
  },
  { requiredKeys: [] },
);
const event = fc.record({
  type: fc.oneof(fc.constantFrom(...eventTypes), fc.constant("SomethingNew")),
  back: fc.nat(10),
  laterMs: fc.nat(1000),
  details: fc.option(details, { nil: undefined }),
});

test("H1: a pack through JSON gives back the events", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.array(event, { minLength: 1 }), (first, specs) => {
      let timestampMs = 1_767_258_000_000;
      const events: HistoryEvent[] = specs.map(({ type, back, laterMs, details }, i) => ({
        id: first + i,
        previousEventId: first + i - back,
        timestampMs: (timestampMs += laterMs),
        type,
        ...(details && { details: JSON.parse(JSON.stringify(details)) }),
      }));
      expect(unpack(first, JSON.parse(JSON.stringify(pack(events))))).toEqual(events);
    }),
  );
});

test("H2: a value that several events share is written once", () => {
  const shared = { big: "x".repeat(100) };
  const events: HistoryEvent[] = [1, 2, 3].map((id) => ({
    id,
    previousEventId: id - 1,
    timestampMs: 5,
    type: "PassStateEntered",
    details: { name: "P", input: shared },
  }));
  expect(JSON.stringify(pack(events)).length).toBeLessThan(220);
});
