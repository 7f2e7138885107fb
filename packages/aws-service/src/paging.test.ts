import type { JsonObject } from "@serverlesspresso/ports";
import { expect, test } from "vitest";
import { z } from "zod";
import { type PagingRules, pageOf } from "./paging.ts";
import { AwsServiceError } from "./service-error.ts";

const rules: PagingRules = {
  token: "NextToken",
  limit: "Limit",
  most: 3,
  refuse: () => new AwsServiceError("InvalidToken", "Not a token of this request."),
};
const letters = [..."abcdefgh"];
const cut = (request: JsonObject, operation = "ListLetters") => pageOf(rules, operation, request).cut(letters);
const first = cut({ Prefix: "", Kind: "small" }).next.NextToken as string;

test("P1: pages follow one another to the end, each as long as it is asked for", () => {
  const pages: string[][] = [];
  for (let request: JsonObject = { Limit: 3 }; ; ) {
    const { items, next } = cut(request);
    pages.push(items);
    if (next.NextToken === undefined) break;
    request = { ...next, Limit: 2 };
  }
  expect(pages.map((page) => page.join(""))).toEqual(["abc", "de", "fg", "h"]);
});

test("P1: the order of the other members does not matter", () => {
  expect(cut({ Kind: "small", NextToken: first, Prefix: "" }).items).toEqual(["d", "e", "f"]);
});

test.each([
  { name: "another operation's", request: { Prefix: "", Kind: "small" }, operation: "ListNumbers", token: first },
  { name: "one for another filter", request: { Prefix: "a", Kind: "small" }, token: first },
  { name: "a text of the caller's own", request: { Prefix: "", Kind: "small" }, token: "3" },
  { name: "JSON that is no token", request: { Prefix: "", Kind: "small" }, token: Buffer.from('{"a":1}').toString("base64url") },
  { name: "no text", request: { Prefix: "", Kind: "small" }, token: 3 },
  { name: "one with a part that was changed", request: { Prefix: "", Kind: "small" }, token: `${first.slice(0, -4)}AAAA` },
])("P2: refuses $name", ({ request, operation, token }) => {
  expect(() => cut({ ...request, NextToken: token }, operation)).toThrow("Not a token of this request.");
});

test("P2: refuses a position of another kind", () => {
  const { NextToken } = pageOf(rules, "ListLetters", {}).next({ at: "x" });
  const after = <T>(schema: z.ZodType<T>): T | undefined => pageOf(rules, "ListLetters", { NextToken: NextToken as string }).after(schema);
  expect(after(z.object({ at: z.string() }))).toEqual({ at: "x" });
  expect(() => after(z.string())).toThrow("Not a token of this request.");
});

test("an answer's token may have another name than a request's", () => {
  expect(pageOf({ ...rules, token: "Marker", next: "NextMarker" }, "ListLetters", {}).cut(letters).next).toHaveProperty("NextMarker");
});
