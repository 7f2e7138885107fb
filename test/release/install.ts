/** Installs tarballs as anyone does: into an empty folder, with npm and the registry that is configured here. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why a test that installs does not run here; undefined where the registry answers. */
export const whyNot: string | undefined = registryAnswers() ? undefined : "npm's registry does not answer here";

function registryAnswers(): boolean {
  const { status } = spawnSync("npm", ["ping", "--fetch-retries=0", "--fetch-timeout=5000"], { timeout: 20_000 });
  return status === 0;
}

/** Returns a new folder, which the caller removes. */
export function emptyFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "release-")));
}

/** Makes a folder with these tarballs installed. @throws {Error} with npm's words */
export function installInto(folder: string, tarballs: readonly string[]): void {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", ...tarballs];
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8", timeout: 120_000 });
  if (status !== 0) throw new Error(`npm install ended with ${status}: ${stderr}`);
}

/** Removes a folder with all that is in it. */
export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
