import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodePackages } from "./node-packages.mjs";

/** The repository's root, with no slash at its end. */
export const root = join(import.meta.dirname, "..");
const lockfile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const stampFile = join(modules, ".serverlesspresso-install");

/**
 * Installs what the lockfile names, unless just that is there already.
 * @param {"shop" | "all"} what `shop` leaves out what is needed for AWS alone
 */
export function ensureInstalled(what = "all") {
  const hash = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
  if (isInstalled(hash, what)) return;
  console.log("Installing dependencies (npm install) ...");
  // What the lockfile names, and the lockfile stays as it is. `npm ci` would refuse where a registry lacks a binary for some other system.
  const only = what === "shop" ? ["--include-workspace-root", ...shopWorkspaces().flatMap((name) => ["--workspace", name])] : [];
  const { status } = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", ...only], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) fail(`npm install ended with ${status}; the lines above say why`);
  writeFileSync(stampFile, `${hash} ${what}`);
}

/**
 * What a file of the project needs: a bar's own commands, what a bar was started with, so that they ask for no network.
 * @param {string} file from the repository's root
 * @returns {"shop" | "all"}
 */
export function neededBy(file) {
  return file.startsWith("platforms/local/") ? "shop" : "all";
}

function isInstalled(hash, what) {
  const installed = join(modules, ".package-lock.json");
  if (!existsSync(installed)) return false;
  const [stamped, extent] = existsSync(stampFile) ? readFileSync(stampFile, "utf8").split(" ") : [];
  if (stamped === hash && (extent === "all" || extent === what)) return true;
  // Installed by hand, after the lockfile was last written and after we last installed a part.
  const sinceMs = Math.max(statSync(lockfile).mtimeMs, stamped === undefined ? 0 : statSync(stampFile).mtimeMs);
  return statSync(installed).mtimeMs >= sinceMs;
}

/** Every workspace but the one that only AWS needs, as far as they are there. */
export function shopWorkspaces() {
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return workspaces
    .flatMap((path) => (path.endsWith("/*") ? readdirSync(join(root, path.slice(0, -2))).map((name) => path.slice(0, -1) + name) : [path]))
    .filter((path) => path !== "platforms/aws" && existsSync(join(root, path, "package.json")));
}

/** The Node that runs TypeScript: the one installed from npm, or this one where it is new enough. */
export function nodePath() {
  // npm's link is a script for a shell on Windows.
  const { name, bin } = nodePackages[`${process.platform} ${process.arch}`] ?? {};
  const own = process.platform === "win32" && name !== undefined ? join(modules, name, bin) : join(modules, ".bin", "node");
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(
    `Node is ${process.versions.node}, expected 22.18 or later; "npm install" brings one along for ${Object.keys(nodePackages).join(", ")}`,
  );
}

/** The surroundings in which everything finds that Node and the tools first. */
export function toolEnvironment() {
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: `${join(modules, ".bin")}${separator}${process.env.PATH}` };
}

/** Whether a call asks for the help or the version alone. */
export function isQuestion(args) {
  return args.some((word) => ["--help", "-h", "--version"].includes(word));
}

/** Ends with the help, the version, or what is wrong with the call, where there is any of these to say. @param {string} command a command of the table */
export function answerQuestion(command) {
  const { status } = spawnSync(nodePath(), ["packages/commands/src/main.ts", command, ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0 || isQuestion(process.argv.slice(2))) process.exit(status ?? 1);
}

/** Ends with a sentence and no stack. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
