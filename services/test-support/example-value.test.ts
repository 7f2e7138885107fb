import { blueprint } from "@serverlesspresso/blueprint";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { exampleRequest, urlOf } from "./example-event.ts";
import { exampleOf, requiredOf } from "./example-value.ts";

const hint = "EX1: no example could be made that the schema takes; give it one, .meta({ examples: [...] })";

describe("what tests call the system with fits", () => {
  test.each(blueprint.events.map(({ detailType, detail }) => ({ detailType, detail })))("$detailType", ({ detail }) => {
    expect(detail.safeParse(exampleOf(detail)).error, hint).toBeUndefined();
  });

  test.each(blueprint.routes.map((route) => ({ ...route, of: `${route.method} ${route.path}` })))("$of", (route) => {
    const { pathParameters, query, body } = exampleRequest(route);
    const parts = [route.pathParameters?.safeParse(pathParameters), route.query?.safeParse(query), route.body?.safeParse(body)];
    expect(
      parts.flatMap((part) => part?.error ?? []),
      hint,
    ).toEqual([]);
  });
});

test.each<{ readonly what: string; readonly schema: z.ZodType }>([
  { what: "a number of at least three", schema: z.int().min(3) },
  { what: "a whole number", schema: z.int() },
  { what: "one below nought", schema: z.number().max(-2) },
  { what: "more than three", schema: z.number().gt(3) },
  { what: "a number written as text", schema: z.coerce.number() },
  { what: "a text of three to five", schema: z.string().min(3).max(5) },
  { what: "a long text", schema: z.string().min(20) },
  { what: "a text by a pattern", schema: z.string().regex(/^[A-Z]{3}-\d+$/) },
  { what: "an order's id", schema: z.ulid() },
  { what: "a UUID", schema: z.guid() },
  { what: "an address for mail", schema: z.email() },
  { what: "an instant", schema: z.iso.datetime() },
  { what: "one of several", schema: z.enum(["a", "b"]) },
  { what: "one of several shapes", schema: z.union([z.object({ n: z.int() }), z.string()]) },
  { what: "two at least", schema: z.array(z.boolean()).min(2) },
  { what: "nothing or a text", schema: z.string().nullable() },
  {
    what: "a text with an example of its own",
    schema: z
      .string()
      .refine((text) => text === "0042")
      .meta({ examples: ["0042"] }),
  },
])("$what", ({ schema }) => {
  for (const value of [exampleOf(schema), requiredOf(schema)]) expect(schema.safeParse(value).error).toBeUndefined();
});

test("a path's variables and a query's values are written as in a URL", () => {
  const request = { pathParameters: { id: "a/b" }, query: { state: "open now" }, body: {} };
  expect(urlOf("/orders/{id}", request)).toBe("/orders/a%2Fb?state=open+now");
});
