/** `npm run manifests`: writes into each workspace's `package.json` what its sources import and what others import of it, then the lockfile, and links new workspaces. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../install.mjs";
import { importedElsewhere, neededDependencies, neededExports } from "./manifests.ts";
import { sourceFiles } from "./sources.ts";
import { linkWorkspaces, type Manifest, readWorkspaces } from "./workspaces.ts";

const files = sourceFiles();
const workspaces = readWorkspaces();
const imports = importedElsewhere(files, workspaces);
for (const [folder, needed] of neededDependencies(files, workspaces)) {
  // The root has tools besides; the check says what it lacks.
  if (folder === "") continue;
  const path = join(root, folder, "package.json");
  const { dependencies: _, devDependencies: __, ...rest } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const opened = rest.exports === undefined ? {} : { exports: neededExports(rest, imports) };
  const declared = Object.entries(needed).filter(([, names]) => Object.keys(names).length > 0);
  writeFileSync(path, `${JSON.stringify({ ...rest, ...opened, ...Object.fromEntries(declared) }, undefined, 2)}\n`);
}
const args = ["install", "--package-lock-only", "--no-audit", "--no-fund", "--loglevel=error"];
process.exitCode = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" }).status ?? 1;
for (const name of linkWorkspaces()) console.log(`${name} is linked into node_modules now`);
