/** Exports without a docstring, functions above their callers, phrases that cost a second reading: no more of them than there were, folder by folder. */
import { describe, expect, test } from "vitest";
import { dialectIn } from "../../tools/house/dialect.ts";
import { exportsOf } from "../../tools/house/docstrings.ts";
import { ratchetFaults, readFigures } from "../../tools/house/ratchet.ts";
import { projectRatchets } from "../../tools/house/ratchets.ts";
import { aboveCallers } from "../../tools/house/reading-order.ts";
import dialect from "./dialect.json" with { type: "json" };

test.each(projectRatchets(dialect))("$name", ({ path, count }) => {
  // What they are: `npm run ratchets -- FOLDER`.
  expect(ratchetFaults(readFigures(path), count())).toEqual([]);
});

describe("a figure", () => {
  test.each([
    { name: "holds", allowed: { a: 2 }, real: { a: 2 }, faults: [] },
    { name: "may not grow", allowed: { a: 2 }, real: { a: 3 }, faults: ["a has 3, expected at most 2: npm run ratchets -- a lists them"] },
    {
      name: "is none for a new folder",
      allowed: {},
      real: { b: 1 },
      faults: ["b has 1, expected at most 0: npm run ratchets -- b lists them"],
    },
    { name: "has to shrink", allowed: { a: 2 }, real: {}, faults: ["a has 0, its figure is 2: lower the figure (npm run ratchets)"] },
  ])("$name", ({ allowed, real, faults }) => expect(ratchetFaults(allowed, real)).toEqual(faults));
});

describe("a docstring", () => {
  test.each([
    { what: "a function", text: "export function f() {}", names: ["f"] },
    { what: "a class", text: "export class C extends Error {}", names: ["C"] },
    { what: "an interface", text: "export interface I {}", names: ["I"] },
    { what: "a type", text: "export type T = string;", names: ["T"] },
    { what: "constants", text: "export const a = 1, b = 2;", names: ["a,b"] },
    { what: "one under a comment that is none", text: "// f\nexport function f() {}\n/* c */\nexport const c = 1;", names: ["f", "c"] },
    { what: "one under the head of the file", text: '/** Head. */\nimport { g } from "./g.ts";\nexport const f = g;', names: ["f"] },
    { what: "one that has it", text: "/** Returns 1. */\nexport function f() {}", names: [] },
    {
      what: "signatures of one function",
      text: "/** F. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f() {}",
      names: [],
    },
    { what: "a re-export", text: 'export { f } from "./f.ts";', names: [] },
    { what: "what is not exported", text: "const a = 1;", names: [] },
  ])("is looked for on $what", ({ text, names }) => {
    expect(exportsOf("a.ts", text).undocumented.map(({ name }) => name)).toEqual(names);
  });
});

describe("a function", () => {
  test.each([
    { what: "above its caller", text: "function f() {}\nexport function g() { f(); }", names: ["f"] },
    { what: "above the component that shows it", text: "function F() {}\nexport function G() { return <F />; }", names: ["F"] },
    { what: "below its caller", text: "export function g() { f(); }\nfunction f() {}", names: [] },
    { what: "between two callers", text: "export function g() { f(); }\nfunction f() {}\nexport function h() { f(); }", names: [] },
    { what: "that the file exports", text: "export function f() {}\nexport function g() { f(); }", names: [] },
    { what: "that is needed while the module is loaded", text: "function f() {}\nconst c = f();\nfunction g() { f(); }", names: [] },
    { what: "that its caller is called by", text: "function f() { g(); }\nfunction g() { f(); }", names: [] },
  ])("$what", ({ text, names }) => expect(aboveCallers("a.tsx", text).map(({ name }) => name)).toEqual(names));
});

describe("a phrase", () => {
  const phrases = [{ pattern: "\\bany more\\b", instead: "from here on" }];
  test.each([
    { where: "a comment", file: "a.ts", text: "\n// Not any more.\n", line: 2 },
    { where: "a comment of several lines", file: "a.ts", text: "/**\n * Not\n * any\n * more, not any more.\n */", line: 4 },
    { where: "the text of an error", file: "a.ts", text: "throw new StoreError('Closed', `is not taken any more`);", line: 1 },
    { where: "a document", file: "a.md", text: "# A\n\nNot any more.", line: 3 },
  ])("is found in $where", ({ file, text, line }) => {
    expect(dialectIn(file, text, phrases)).toContainEqual({ line, said: "any more", instead: "from here on" });
  });

  test("is not looked for in other texts", () => expect(dialectIn("a.ts", "const text = 'any more';", phrases)).toEqual([]));
});
