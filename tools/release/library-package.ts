/** A package of `packages/` as others install it: JavaScript, declarations, README, and no workspace among its dependencies. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { root } from "../install.mjs";
import { writeDeclarations } from "./declarations.ts";
import { writeJavaScript } from "./javascript.ts";
import { commonMembers, rangesOf } from "./manifest.ts";

interface LibraryManifest {
  readonly name: string;
  readonly description: string;
  readonly exports: string | Readonly<Record<string, string>>;
}

/** Libraries that are released by themselves. */
export const libraries = ["states-language", "event-patterns"] as const;
/** The folder of one of them in `packages/`. */
export type Library = (typeof libraries)[number];

/** Writes the package into the folder `to`, which it replaces. */
export async function writeLibraryPackage(library: Library, to: string): Promise<void> {
  const folder = `packages/${library}`;
  const { name, description, exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as LibraryManifest;
  const opened = typeof exports === "string" ? { ".": exports } : exports;
  const entries = Object.values(opened).map((file) => posix.join(folder, file));
  rmSync(to, { recursive: true, force: true });
  const { imports } = await writeJavaScript({ from: root, entries, to: join(to, "lib") });
  const typeImports = writeDeclarations({ from: root, entries, to: join(to, "lib") });
  const manifest = {
    name,
    ...commonMembers(),
    description,
    engines: { node: ">=22" },
    exports: Object.fromEntries(Object.entries(opened).map(([path, file]) => [path, conditionsOf(posix.join(folder, file))])),
    dependencies: rangesOf(new Set([...imports, ...typeImports])),
  };
  writeFileSync(join(to, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(root, folder, "README.md"), join(to, "README.md"));
  copyFileSync(join(root, "LICENSE"), join(to, "LICENSE"));
}

function conditionsOf(file: string): { readonly types: string; readonly default: string } {
  const path = `./lib/${file.replace(/\.ts$/, "")}`;
  return { types: `${path}.d.ts`, default: `${path}.js` };
}
