/** The functions' bundles, made once for the sources as they are and shared by all that run them. */
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { bundleFunction } from "../../../platforms/aws/src/bundle.ts";

const root = join(import.meta.dirname, "../../..");
/** Beside the packages, so that bundles are loaded as they are. */
const cache = join(root, "node_modules/.cache/serverlesspresso-bundles");
const sources = ["package-lock.json", "{contract,blueprint,services,ports}/**/*.ts", "{packages,platforms/aws}/**/src/**/*.ts"];

/** The file of a function's bundle. */
export async function bundleOf(name: string): Promise<string> {
  const folder = join(cache, stamp());
  const file = join(folder, name, "index.mjs");
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const fresh = mkdtempSync(join(folder, "fresh-"));
  await bundleFunction(name, fresh);
  try {
    renameSync(fresh, join(folder, name));
  } catch {
    // Another process was faster; its file is the same.
    rmSync(fresh, { recursive: true, force: true });
  }
  return file;
}

let known: string | undefined;
/** Says which state of the sources it is. Bundles of earlier ones go. */
function stamp(): string {
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const path of globSync(sources, { cwd: root, exclude: (path) => path.includes("node_modules") }).sort()) {
    const { mtimeMs, size } = statSync(join(root, path));
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  known = hash.digest("hex").slice(0, 16);
  const others = existsSync(cache) ? readdirSync(cache).filter((name) => name !== known) : [];
  for (const name of others) rmSync(join(cache, name), { recursive: true, force: true });
  return known;
}
