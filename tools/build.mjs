import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, nodePath, root, toolEnvironment } from "./install.mjs";

const config = join(root, "apps", "vite.config.ts");
const output = join(root, "apps", "dist");
const stampFile = join(root, "node_modules", ".serverlesspresso-build");
/** What the apps are made from. */
const sources = ["apps", "contract", "package-lock.json"];
const passed = new Set(["node_modules", "dist"]);

/** Builds the apps, unless no source has changed since. */
export function ensureBuilt() {
  const stamp = sourceStamp();
  if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  console.log("Building the apps (vite build) ...");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const { status, stdout, stderr } = spawnSync(nodePath(), [vite, "build", "--config", config, "--logLevel", "warn"], {
    cwd: root,
    env: toolEnvironment(),
    encoding: "utf8",
  });
  if (status !== 0) fail(`vite build ended with ${status}:\n${stdout}${stderr}`);
  writeFileSync(stampFile, stamp);
}

/** Changes when a source file is added, removed or written. */
function sourceStamp() {
  const hash = createHash("sha256");
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) passed.has(name) || visit(join(path, name));
    else hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of sources) visit(join(root, source));
  return hash.digest("hex");
}
