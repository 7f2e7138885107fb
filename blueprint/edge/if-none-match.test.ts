import { expect, test } from "vitest";
import { matchesNoneMatch } from "./if-none-match.ts";

test.each([
  { field: null, matches: false },
  { field: "", matches: false },
  { field: '"a"', matches: true },
  { field: 'W/"a"', matches: true },
  { field: '"b", W/"c" ,"a"', matches: true },
  { field: '"b,a", "c"', matches: false },
  { field: '"A"', matches: false },
  { field: "a", matches: false },
  { field: " * ", matches: true },
  { field: '"*"', matches: false },
])("If-None-Match: $field has the tag: $matches", ({ field, matches }) => {
  expect([matchesNoneMatch(field, '"a"'), matchesNoneMatch(field, 'W/"a"')]).toEqual([matches, matches]);
});
