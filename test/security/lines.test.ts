import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/install.mjs";

test("every line of the security checklist has a test that carries its number", () => {
  const suites = globSync("{apps,blueprint,contract,packages,platforms,services,test}/**/*.test.ts", {
    cwd: root,
    exclude: (path) => path.includes("node_modules"),
  });
  const named = suites.flatMap((file) => readFileSync(join(root, file), "utf8").match(/["`]RELIABILITY [\d, ]+:/g) ?? []);
  const lines = new Set(named.flatMap((text) => text.match(/\d+/g) ?? []).map(Number));
  expect(Array.from({ length: 46 }, (_, at) => at + 1).filter((line) => !lines.has(line))).toEqual([]);
});
