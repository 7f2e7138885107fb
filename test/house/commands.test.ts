/** One table says what every command takes: the help, the documents and `package.json` agree with it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commands, version, withTables } from "@serverlesspresso/commands";
import { expect, test } from "vitest";
import { readWorkspaces } from "../../tools/house/workspaces.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const manifest = JSON.parse(read("package.json")) as { readonly version: string; readonly scripts: Readonly<Record<string, string>> };
const documents = globSync("{*.md,docs/**/*.md}", { cwd: root });

test("the documents hold the tables of commands and flags as they are now (npm run docs writes them)", () => {
  expect(documents.filter((file) => withTables(read(file)) !== read(file))).toEqual([]);
  const marked = documents.filter((file) => /<!-- (flags|commands)/.test(read(file)));
  expect(marked).toEqual(expect.arrayContaining(["README.md", join("docs", "commands.md"), join("docs", "operating.md")]));
});

test("the version that --version prints is the project's, and each workspace's", () => {
  expect(version).toBe(manifest.version);
  const others = readWorkspaces().filter(({ folder }) => JSON.parse(read(join(folder, "package.json"))).version !== version);
  expect(others.map(({ folder }) => folder)).toEqual([]);
});

/** Scripts for those who work on the project, which take no flags. */
const withoutFlags = [
  "adapter",
  "audit:online",
  "build",
  "directions",
  "docs",
  "figures",
  "format",
  "lint",
  "manifests",
  "ratchets",
  "sbom",
  "types",
  "unused",
];

test("each script of package.json is in the table, or takes no flags", () => {
  const others = Object.keys(manifest.scripts).filter((name) => !commands.some((command) => command.name === name));
  expect(others.filter((name) => !withoutFlags.includes(name))).toEqual([]);
  expect(commands.filter(({ name }) => manifest.scripts[name] === undefined)).toEqual([]);
});

test("a flag, and a variable, means one thing in every command", () => {
  for (const names of ["flag", "variable"] as const) {
    const shapes = new Map<string, Set<string>>();
    for (const { settings } of commands)
      for (const each of Object.values(settings)) {
        const name = each[names];
        if (name !== undefined) shapes.set(name, (shapes.get(name) ?? new Set()).add(String(each.isSwitch)));
      }
    expect([...shapes].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
  }
});
