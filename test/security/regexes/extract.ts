/** Every regular expression of the product's sources, by the parser that the linter of unused code brings along. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { root } from "../../../tools/install.mjs";

export interface Regexes {
  /** As written, with the files that have it. */
  readonly literals: ReadonlyMap<string, readonly string[]>;
  /** How many are made of texts, by file. */
  readonly made: Readonly<Record<string, number>>;
}

export function extractRegexes(): Regexes {
  const literals = new Map<string, string[]>();
  const made: Record<string, number> = {};
  for (const file of sources()) {
    const text = readFileSync(join(root, file), "utf8");
    const countMade = ({ callee }: { callee: { type: string; name?: string } }): void => {
      if (callee.type === "Identifier" && callee.name === "RegExp") made[file] = (made[file] ?? 0) + 1;
    };
    new Visitor({
      Literal(node) {
        if (!("regex" in node)) return;
        const written = `/${node.regex.pattern}/${node.regex.flags}`;
        literals.set(written, [...(literals.get(written) ?? []), file]);
      },
      NewExpression: (node) => countMade(node as { callee: { type: string; name?: string } }),
      CallExpression: (node) => countMade(node as { callee: { type: string; name?: string } }),
    }).visit(parseSync(file, text).program);
  }
  return { literals, made };
}

/** What runs in the shop, in a browser or on AWS; not what only tests and builds do. */
function sources(): string[] {
  return globSync(
    [
      "{packages,services,blueprint,contract,ports}/**/*.ts",
      "platforms/local/src/**/*.ts",
      "platforms/aws/src/runtime/**/*.ts",
      "apps/**/*.{ts,tsx}",
    ],
    {
      cwd: root,
      exclude: (path) => /node_modules|\/dist(\/|$)/.test(path),
    },
  )
    .filter((file) => !/\.test\.tsx?$|\/test(-support)?\/|test-support\.ts$|\.child\.ts$/.test(file))
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}
