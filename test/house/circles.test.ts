/** Biome's `noImportCycles`, as this project sets it, finds a circle that only types make, and reports it as a path. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../../tools/install.mjs";

test("a circle of types is an error", () => {
  const folder = mkdtempSync(join(tmpdir(), "circles-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { linter } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as { linter: unknown };
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ linter }));
  const follows = { order: "drink", drink: "menu", menu: "order" };
  for (const [name, next] of Object.entries(follows))
    writeFileSync(join(folder, `${name}.ts`), `import type { Next } from "./${next}.ts";\nexport type { Next };\n`);
  const args = ["lint", "--only=suspicious/noImportCycles", "--colors=off", "."];
  const { status, stderr } = spawnSync(join(root, "node_modules/.bin/biome"), args, { cwd: folder, encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/order\.ts.*noImportCycles[\s\S]*resolves to .*drink\.ts\s*\.\.\. which imports .*menu\.ts/);
});
