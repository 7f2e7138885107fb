import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root, with no slash at its end. */
export const root = join(import.meta.dirname, "..");
const lockfile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const stampFile = join(modules, ".serverlesspresso-install");

/** Installs what the lockfile names, unless just that is there already. */
export function ensureInstalled() {
  const hash = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
  if (isInstalled(hash)) return;
  console.log("Installing dependencies (npm install) ...");
  // What the lockfile names, and the lockfile stays as it is. `npm ci` would refuse where a registry lacks a binary for some other system.
  const { status } = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) fail(`npm install ended with ${status}; the lines above say why`);
  writeFileSync(stampFile, hash);
}

function isInstalled(hash) {
  const installed = join(modules, ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash) return true;
  // Installed by hand, after the lockfile was last written.
  return statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
}

/** The Node that runs TypeScript: the one installed from npm, or this one where it is new enough. */
export function nodePath() {
  const own = join(modules, ".bin", "node");
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(`Node is ${process.versions.node}, expected 22.18 or later; on Linux x64 "npm install" brings one along`);
}

/** The surroundings in which everything finds that Node and the tools first. */
export function toolEnvironment() {
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: `${join(modules, ".bin")}${separator}${process.env.PATH}` };
}

/** Ends with a sentence and no stack. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
