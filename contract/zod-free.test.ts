/** What apps import reaches no schema library: it would weigh more than the whole order app. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const valueImports = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/gm;

/** Returns every module that `file` loads, itself included, but not what it takes types alone from. */
function reach(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(valueImports)) {
    if (specifier.startsWith(".")) reach(join(dirname(file), specifier), found);
    else found.add(specifier);
  }
  return found;
}

test("the plain facts load nothing but one another", () => {
  const loaded = [...reach(join(import.meta.dirname, "index.ts"))].filter((name) => !name.startsWith(import.meta.dirname));
  expect(loaded).toEqual([]);
  expect(reach(join(import.meta.dirname, "api/index.ts"))).toContain("zod");
});
