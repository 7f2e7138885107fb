/** One table says what every command takes: the help, the documents and `package.json` agree with it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, commands, readCall, version, withTables } from "@serverlesspresso/commands";
import { expect, test } from "vitest";
import { readWorkspaces } from "../../tools/house/workspaces.ts";
import { sourceChecks } from "../source-checks.ts";

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
  "renew",
  "sbom",
  "types",
  "unused",
];

test("each script of package.json is in the table, or takes no flags", () => {
  const others = Object.keys(manifest.scripts).filter((name) => !commands.some((command) => command.name === name));
  expect(others.filter((name) => !withoutFlags.includes(name))).toEqual([]);
  expect(commands.filter(({ name }) => manifest.scripts[name] === undefined)).toEqual([]);
});

test("npm run renew writes each file that follows from the sources, and the check of each says so", () => {
  const folders = "{apps,bench,blueprint,conformance,contract,packages,platforms,ports,services,test,tools}";
  const tests = globSync(`${folders}/**/*.test.ts`, { cwd: root, exclude: (path) => path.includes("node_modules") });
  const checks = tests.filter((file) => /\.toMatchFileSnapshot\(/.test(read(file))).map((file) => file.replaceAll("\\", "/"));
  expect(checks.sort()).toEqual(manifest.scripts.renew?.split(" ").filter((word) => word.endsWith(".test.ts")));
  expect(checks.filter((file) => !/toMatchFileSnapshot\([^()]*, "npm run renew writes it"\)/.test(read(file)))).toEqual([]);
});

test("npm run check -- --no-tests runs what only reads the sources, and no bar", () => {
  expect(read("tools/check.mjs")).toContain('"--project=sources"');
  const house = ["circles", "commands", "documents", "library-imports", "manifests", "ratchets", "rules"].map((name) => `house/${name}`);
  const checked = ["ambient-time", "import-directions", ...house].map((name) => `test/${name}.test.ts`);
  expect(sourceChecks(root)).toEqual(expect.arrayContaining(checked));
  const opening = ["loyalty", "new-service", "second-bar"].map((name) => `test/house/${name}.test.ts`);
  expect(sourceChecks(root).filter((file) => opening.includes(file))).toEqual([]);
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

interface DocumentedCall {
  readonly line: string;
  readonly name: string;
  readonly words: readonly string[];
}

/** Every call of a script in a document, in shell blocks and in backticks: its name, and the words behind the two dashes. */
function callsIn(document: string): readonly DocumentedCall[] {
  const blocks = [...document.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block.replaceAll("\\\n", " "));
  const inline = [...document.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]*)`/g)].map(([, code = ""]) => code);
  return [...blocks.flatMap((block) => block.split("\n")), ...inline].flatMap((line) => {
    const [, run, name = "", said = ""] =
      /(?:^|\s)npm (run(?: --silent)? )?([\w:-]+)(?: -- ([^#|>]*))?/.exec(line.split("#")[0] ?? "") ?? [];
    const isOurs = run !== undefined || name === "start" || name === "test";
    if (!isOurs || /\[|\.\.\.|…/.test(said)) return [];
    return [{ line, name, words: (said.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", "")) }];
  });
}

/** What is wrong with a call; empty where nothing is. */
function faultOf({ name, words }: DocumentedCall): string {
  if (manifest.scripts[name] === undefined) return `there is no script "${name}"`;
  const command: Command | undefined = commands.find((each) => each.name === name);
  try {
    // The name alone may stand for the command itself.
    if (command !== undefined && words.length > 0) readCall(command, words, {});
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test("every call of a command in the documents is one that the command takes", () => {
  // What has changed names the flags that are gone.
  const current = documents.filter((file) => file !== "CHANGELOG.md");
  const calls = current.flatMap((file) => callsIn(read(file)).map((call) => ({ file, ...call })));
  expect(calls.length).toBeGreaterThan(40);
  expect(calls.map((call) => ({ file: call.file, line: call.line, fault: faultOf(call) })).filter(({ fault }) => fault !== "")).toEqual([]);
  const [wrong] = callsIn("```sh\nnpm run backup -- bar.tar --fast # quickly\n```");
  expect(wrong === undefined ? "" : faultOf(wrong)).toMatch(/--fast is no flag of npm run backup/);
});
