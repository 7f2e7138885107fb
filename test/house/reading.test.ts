/** `docs/reading.md` leads through the code as it is, and so do the arrows in comments. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commentsOf } from "../../tools/house/comments.ts";
import { sourceFiles, textOf as sourceOf } from "../../tools/house/sources.ts";
import { walkFaults, walksIn } from "../../tools/house/walks.ts";

const root = join(import.meta.dirname, "../..");
const document = readFileSync(join(root, "docs/reading.md"), "utf8");
const textOf = (file: string): string | undefined => (existsSync(join(root, file)) ? sourceOf(file) : undefined);
const arrows = new Set(
  document.split("\n").flatMap((line) => (line.startsWith("| →") ? [...line.matchAll(/→ (\w+)/g)].map(([, arrow = ""]) => arrow) : [])),
);

test.each([...walksIn(document)])("each step of the walk %s is there and leads to the next", (_, steps) => {
  expect(steps.length).toBeGreaterThan(10);
  expect(walkFaults(steps, arrows, textOf)).toEqual([]);
});

test("each comment that says where the story goes on names a file that is there", () => {
  const named = sourceFiles().flatMap((file) =>
    commentsOf(file, sourceOf(file)).flatMap(({ text }) =>
      [...text.matchAll(/→ ([\w-]+\/[\w./-]+\.(?:ts|tsx|json))/g)].map(([, to = ""]) => ({ file, to })),
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ to }) => !existsSync(join(root, to)))).toEqual([]);
});

describe("what is found", () => {
  const files: Readonly<Record<string, string>> = {
    "a/one.ts": 'import { two } from "./two.ts";\nexport function one() { two(); }',
    "a/two.ts": "// Once: const three = 3;\nexport const two = {\n  four() {},\n};",
    "a/machine.json": '{ "States": { "Wait here": {} } }',
  };
  const step = (file: string, name: string, arrow = "", indent = ""): string =>
    `${indent}1. [\`${file}\`](../${file}) \`${name}\`: does it.${arrow}`;
  test.each([
    { steps: [step("a/one.ts", "one"), step("a/two.ts", "two")], faults: [] },
    {
      steps: [step("a/two.ts", "four", " → bus"), step("a/one.ts", "one"), step("a/two.ts", "two", "", "   ")],
      faults: [/been in a\/two\.ts/],
    },
    { steps: [step("a/two.ts", "two", " → ASL"), step("a/machine.json", "Wait here")], faults: [] },
    { steps: [step("a/two.ts", "two"), step("a/one.ts", "one")], faults: [/a\/two\.ts imports no a\/one\.ts, and line 2 has no arrow/] },
    { steps: [step("a/two.ts", "three")], faults: [/a\/two\.ts defines no three/] },
    { steps: [step("a/machine.json", "Wait")], faults: [/defines no Wait/] },
    { steps: [step("a/three.ts", "three")], faults: [/there is no file a\/three\.ts/] },
    { steps: [step("a/one.ts", "one", " → somehow")], faults: [/→ somehow is no arrow, expected bus, ASL/] },
  ])("$faults in $steps", ({ steps, faults }) => {
    const [walk = []] = walksIn(["## A walk", ...steps].join("\n")).values();
    const found = walkFaults(walk, new Set(["bus", "ASL"]), (file) => files[file]);
    expect(found).toEqual(faults.map((fault) => expect.stringMatching(fault)));
  });

  test("an item that is no step", () =>
    expect(() => walksIn("## A walk\n1. `a.ts`: does it.")).toThrow(/line 2 is 1\. `a\.ts`: does it\., expected N\./));
});
