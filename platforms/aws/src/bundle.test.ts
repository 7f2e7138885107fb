import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { blueprint } from "@serverlesspresso/blueprint";
import { afterAll, expect, test } from "vitest";
import { bundleFunction } from "./bundle.ts";
import { type RuntimeFunction, runtimeFunctions } from "./runtime/functions.ts";

const folder = mkdtempSync(join(tmpdir(), "bundles-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const codeOf = async (name: string, run = 1): Promise<string> => {
  const out = join(folder, `${name}-${run}`);
  await bundleFunction(name, out);
  return readFileSync(join(out, "index.mjs"), "utf8");
};

/** Bytes raw and compressed, by what a function holds. */
const budgets = {
  "neither tables nor the API": { raw: 320_000, compressed: 95_000 },
  tables: { raw: 380_000, compressed: 110_000 },
  "the API": { raw: 430_000, compressed: 130_000 },
} as const;
const ofTheApi = new Set([
  ...blueprint.routes.map(({ target }) => ("function" in target ? target.function : "")),
  // What counts a drink once keeps its events as the API keeps its keys.
  "MetricsCloudwatch",
]);
function budgetOf({ name, calls }: RuntimeFunction) {
  if (ofTheApi.has(name)) return budgets["the API"];
  return calls.some(({ kind }) => kind === "table") ? budgets.tables : budgets["neither tables nor the API"];
}

test.each(runtimeFunctions)("$name is small, and holds all it uses but Node's own modules", async (fn) => {
  const code = await codeOf(fn.name);
  const budget = budgetOf(fn);
  expect([code.length <= budget.raw, gzipSync(code).length <= budget.compressed], `${code.length} bytes`).toEqual([true, true]);
  // Minified: words of a message have spaces between them.
  const imported = [...code.matchAll(/(?:from|import)"([\w@/.:-]+)"/g)].map(([, from]) => from?.replace("node:", ""));
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.filter((from) => !builtinModules.includes(from ?? ""))).toEqual([]);
  expect(code).not.toMatch(/sso_start_url|AssumeRoleWithWebIdentity/);
  expect(code).toMatch(/export\s*\{[^}]*\bhandler\b/);
});

test("B3: the same sources give the same bytes", async () => {
  expect(await codeOf("SpendToken", 2)).toBe(await codeOf("SpendToken", 3));
});

test("a function that nobody lists is not bundled", async () => {
  await expect(bundleFunction("Nothing", join(folder, "nothing"))).rejects.toThrow(
    'function "Nothing": runtime/functions.ts does not list it',
  );
  expect(existsSync(join(folder, "nothing"))).toBe(false);
});
