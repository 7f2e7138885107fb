/** Rules at the heads of files: each package has a label once, and a citation names a rule that is there. */
import { describe, expect, test } from "vitest";
import { danglingIn, declaredRules, packageNameOf } from "../../tools/house/rules.ts";
import { sourceFiles, textOf } from "../../tools/house/sources.ts";

const files = sourceFiles();
const rules = declaredRules(files);
/** Invariants, races and figures of docs/reliability.md: the first cells of its tables. */
const ofDocuments = new Set([...textOf("docs/reliability.md").matchAll(/^\| ([GIX]\d+) \|/gm)].map(([, label = ""]) => label));

describe("rules", () => {
  test("no package declares a label twice", () => {
    const all = [...rules].flatMap(([name, labels]) => [...labels].map(([label, declaring]) => ({ rule: `${name}.${label}`, declaring })));
    expect(all.length).toBeGreaterThan(500);
    expect(
      all.filter(({ declaring }) => declaring.length > 1),
      "take other letters: a citation names the package and the label",
    ).toEqual([]);
  });

  test("no two packages go by one name", () => {
    const homes = new Map<string, Set<string>>();
    for (const file of files) {
      const home = file.split("/").slice(0, 2).join("/");
      const name = packageNameOf(file);
      if (home.endsWith(`/${name}`)) homes.set(name, (homes.get(name) ?? new Set()).add(home));
    }
    expect([...homes].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  test("every rule that a comment or a test's name cites is declared", () => {
    expect(files.flatMap((file) => danglingIn(file, textOf(file), rules, ofDocuments))).toEqual([]);
  });
});

describe("what is found", () => {
  const some = new Map([["topics", new Map([["M5", ["packages/topics/src/broker.ts"]]])]]);
  const cited = (file: string, text: string): string[] => danglingIn(file, text, some, new Set(["I5"])).map((one) => one.cited);

  test.each([
    { name: "a label of the own package", file: "packages/topics/src/link.ts", text: "// As M5 says.", dangling: [] },
    { name: "one it has not", file: "packages/topics/src/link.ts", text: "/** Ends a link (M6). */", dangling: ["M6"] },
    { name: "one of another package, cited bare", file: "packages/timers/src/timers.ts", text: "// As M5 says.", dangling: ["M5"] },
    { name: "the same in full", file: "packages/timers/src/timers.ts", text: "// As topics.M5 says.", dangling: [] },
    { name: "one in full that is not there", file: "test/api/live.test.ts", text: "// As topics.M6 says.", dangling: ["topics.M6"] },
    { name: "bare after one in full", file: "test/api/live.test.ts", text: "// topics.M5\ntest('M5: it ends', () => 1);", dangling: [] },
    { name: "in the name of a test", file: "test/api/live.test.ts", text: "test.each([1])('M5: it ends', () => 1);", dangling: ["M5"] },
    { name: "a document's, by a test", file: "test/api/live.test.ts", text: "// I5", dangling: [] },
    { name: "a document's, by the product", file: "packages/timers/src/timers.ts", text: "// I5", dangling: ["I5"] },
    { name: "a text that is no name of a test", file: "packages/timers/src/timers.ts", text: "const level = 'M6';", dangling: [] },
  ])("$name", ({ file, text, dangling }) => expect(cited(file, text)).toEqual(dangling));
});
