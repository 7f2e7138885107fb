/** Every command answers by the table: what it is asked, and what is wrong with a call. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commands, helpOf, version } from "@serverlesspresso/commands";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly scripts: Readonly<Record<string, string>> };

function npm(name: string, words: readonly string[]) {
  const [, script = ""] = /^node (.*)$/.exec(scripts[name] ?? "") ?? [];
  return spawnSync(process.execPath, [...script.split(" "), ...words], { cwd: root, encoding: "utf8", timeout: 120_000 });
}

describe.each(commands)("$name", (command) => {
  test("--help prints what the table says and does nothing else", () => {
    const { stdout, status } = npm(command.name, ["--help"]);
    expect([status, stdout]).toEqual([0, helpOf(command)]);
  });
});

/** One command of each file that scripts begin with: `tools/start.mjs`, `tools/aws.mjs` and so on. */
const oneOfEach = [...new Map(commands.map(({ name }) => [scripts[name]?.split(" ")[1], name])).values()];

test.each(oneOfEach)("%s --version prints the version and does nothing else", (name) => {
  const { stdout, status } = npm(name, ["--version"]);
  expect([status, stdout]).toEqual([0, `${version}\n`]);
});

test.each(commands.filter(({ isPassedOn }) => isPassedOn !== true))(
  "$name refuses an unknown flag by name with exit code 2",
  ({ name }) => {
    const { stderr, status } = npm(name, ["--coffee"]);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/--coffee is no flag of npm (run )?\S+, expected .*--help, --version\n$/)]);
  },
);

test.each(["order-processor", "order-manager"])("npm run asl -- validate finds nothing wrong with %s", (workflow) => {
  const { stderr, status } = npm("asl", ["validate", `blueprint/workflows/${workflow}.asl.json`]);
  expect([status, stderr]).toEqual([0, ""]);
});
