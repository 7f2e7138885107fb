/** Every command in docs/testing-workflows.md prints what stands below it there. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/testing-workflows.md"), "utf8");
const examples = [...page.matchAll(/```sh\n([\s\S]*?)\n```\n\n```text\n([\s\S]*?)\n```/g)].map(([, command, shown]) => ({
  command,
  shown,
}));

test("there are examples", () => expect(examples.length).toBeGreaterThanOrEqual(3));

test.each(examples)("$command", ({ command = "", shown }) => {
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: root, encoding: "utf8" });
  expect((stdout + stderr).trimEnd()).toBe(shown);
});
