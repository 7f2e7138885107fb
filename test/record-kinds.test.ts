/** store.R3: a key is made from a declared kind alone. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const sources = globSync(["packages/*/{src,evaluator}/**/*.ts", "services/**/*.ts", "platforms/*/{src,tools}/**/*.ts"], {
  cwd: root,
}).filter((file) => !/node_modules|\.test\.ts$|\.child\.ts$|testing\.ts$|test-support\.ts$|^packages\/store\//.test(file));
const named = /import \{[^}]*\b(?:keyOf|rangeOf)\b[^}]*\} from "@serverlesspresso\/store"/;

test("no source but the store's own makes a key of undeclared parts", () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((file) => named.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});
