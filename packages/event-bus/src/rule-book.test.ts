/** R1: rules change under the index. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@serverlesspresso/ports";
import { openStore, type Store } from "@serverlesspresso/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Envelope } from "./envelope.ts";
import type { Rule } from "./rule.ts";
import { createRuleBook, type RuleBook } from "./rule-book.ts";

let folder: string;
let store: Store;
let book: RuleBook;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "rule-book-"));
  store = await openStore({ folder, onFailure: console.error });
  book = createRuleBook(console.error);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const rule = (name: string, pattern: JsonObject): Rule => ({
  busName: "b",
  name,
  eventPattern: JSON.stringify(pattern),
  isEnabled: true,
  targets: [],
});
const put = (...rules: readonly Rule[]): Promise<void> =>
  store.transact((tx) => {
    for (const one of rules) book.put(tx, one);
  });
const from = (source: string): Envelope => ({ source, "detail-type": "t", detail: {} }) as unknown as Envelope;
const met = (source: string): Promise<string[]> =>
  store.transact((tx) =>
    book
      .index(tx)
      .match("b", from(source))
      .map(({ name }) => name),
  );

test("rules put, changed and removed are found as they stand", async () => {
  await put(rule("A", { source: ["a"] }), rule("B", { source: ["b"] }));
  expect([await met("a"), await met("b"), await met("c")]).toEqual([["A"], ["B"], []]);
  await put(rule("A", { source: ["c"] }), rule("C", { source: [{ prefix: "a" }] }));
  expect([await met("a"), await met("b"), await met("c")]).toEqual([["C"], ["B"], ["A"]]);
  await store.transact((tx) => book.remove(tx, rule("B", {})));
  expect(await met("b")).toEqual([]);
});

test("R1: a transaction sees its own change, and one that fails leaves none", async () => {
  await put(rule("A", { source: ["a"] }));
  const failed = store.transact((tx) => {
    book.put(tx, rule("A", { source: ["b"] }));
    expect(book.index(tx).match("b", from("b"))).toHaveLength(1);
    throw new Error("on purpose");
  });
  await expect(failed).rejects.toThrow("on purpose");
  expect([await met("a"), await met("b")]).toEqual([["A"], []]);
});
