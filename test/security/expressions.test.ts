/** Expressions that others write, JSONPath and JSONata in definitions: none becomes code of this process, none spoils it. */
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createEvaluator } from "@serverlesspresso/states-language/evaluator";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../../tools/install.mjs";

interface Installed {
  readonly version?: string;
  readonly dev?: true;
  readonly optional?: true;
  readonly devOptional?: true;
  readonly link?: true;
}
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, Installed> };
const isLeftOut = (path: string): boolean => /node_modules|\/dist(\/|$)|\/cdk\.out|\.test\.ts$|\/test(\/|$)/.test(path);

describe("RELIABILITY 37: no text becomes code", () => {
  test("no package that evaluates JSONPath by eval is in the tree, the development's neither", () => {
    const named = Object.keys(packages).map((place) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length));
    expect(named.filter((name) => ["jsonpath", "jsonpath-plus"].includes(name))).toEqual([]);
  });

  test("paths and queries answer the same where the engine refuses to make code of texts", async () => {
    const child = join(import.meta.dirname, "expressions.child.ts");
    const { stdout } = await promisify(execFile)(process.execPath, ["--disallow-code-generation-from-strings", child]);
    expect(JSON.parse(stdout)).toEqual([false, { big: [2, 3], sum: 3 }, 6, "tt"]);
  });

  test("no source of ours makes code of texts, and of what it is installed with only the store's codecs, of texts of their own", () => {
    const makesCode = /\beval\s*\(|\bnew Function\s*\(|["'](?:node:)?vm["']/;
    const own = globSync("{apps,blueprint,contract,packages,platforms,ports,services}/**/*.{ts,tsx}", { cwd: root, exclude: isLeftOut });
    expect(own.length).toBeGreaterThan(500);
    expect(own.filter((file) => makesCode.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
    const installed = Object.entries(packages).filter(([place, { dev, optional, devOptional, link }]) => {
      return place.startsWith("node_modules/") && !(dev || optional || devOptional || link);
    });
    const found = installed.flatMap(([place]) => {
      const files = globSync("**/*.{js,mjs,cjs}", {
        cwd: join(root, place),
        exclude: (path) => /node_modules|\.min\.|umd|es5|test/.test(path),
      });
      return files.some((file) => makesCode.test(readFileSync(join(root, place, file), "utf8")))
        ? [place.slice("node_modules/".length)]
        : [];
    });
    expect(found.sort()).toEqual(["msgpackr", "ordered-binary"]);
  });
});

describe("RELIABILITY 38: JSONata", () => {
  const evaluator = createEvaluator({ deadlineMs: 500 });
  afterAll(() => evaluator.close());

  test("is of a version without known holes", () => {
    const [major = 0, minor = 0, patch = 0] = (packages["node_modules/jsonata"]?.version ?? "").split(".").map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(2_002_002);
  });

  test.each([
    "$merge([{'__proto__': {'spilt': true}}])",
    "{'constructor': {'prototype': {'spilt': true}}}",
    "$states ~> |$|{'__proto__': {'spilt': true}}|",
    "$states.constructor.constructor('return process')()",
    "$string.constructor('return process')()",
    "$lookup($states, '__proto__').spilt",
    "$each($states, function($v, $k) { $k.constructor })",
  ])("gets at nothing by way of prototypes: %s", async (expression) => {
    const { kind, ...rest } = await evaluator.evaluate(expression, { states: { input: { a: 1 } } });
    expect(JSON.stringify(rest)).not.toContain("process");
    expect(["value", "error"]).toContain(kind);
    expect(Object.keys(Object.prototype)).toEqual([]);
    // The thread that evaluated it is as it was, too.
    expect(await evaluator.evaluate("$states.input.spilt", { states: { input: {} } })).toEqual({ kind: "value", value: undefined });
    expect(await evaluator.evaluate("$states.input", { states: { input: { a: 1 } } })).toEqual({ kind: "value", value: { a: 1 } });
  });

  test("a picture that takes for ever is ended, and the next question answered", async () => {
    const endless = "$toMillis($text, $picture)";
    const picture = `[Y]${"[M][D]".repeat(4_000)}`;
    const ended = await evaluator.evaluate(endless, { text: "2".repeat(20_000), picture });
    expect(["value", "error"]).toContain(ended.kind);
    expect(await evaluator.evaluate("1 + 1", {})).toEqual({ kind: "value", value: 2 });
  });
});
