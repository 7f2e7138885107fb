/**
 * Writes the declarations (`.d.ts`) of TypeScript files, under the same paths as their JavaScript.
 *
 * D1. Written is what can be reached from the entries and no more; a workspace's declarations are written into the package.
 * D2. Imports name `.js` files: every resolver finds the declaration beside one.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { readWorkspaces } from "../house/workspaces.ts";
import { nodePath } from "../install.mjs";
import { packageOf } from "./npm-imports.ts";

/** What to write the declarations of, and where. */
export interface DeclarationsRequest {
  /** The project's folder, whose paths are kept. */
  readonly from: string;
  readonly entries: readonly string[];
  readonly to: string;
}

/**
 * Writes the entries' declarations and all they import. Returns the packages of npm whose types they name.
 * @throws {Error} with the compiler's words where it finds a fault
 */
export function writeDeclarations({ from, entries, to }: DeclarationsRequest): readonly string[] {
  const workspaces = workspaceFiles(from);
  const folder = mkdtempSync(join(tmpdir(), "declarations-"));
  try {
    compile(from, entries, workspaces, folder);
    const written = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (written.has(file)) return;
      written.add(file);
      const text = readFileSync(join(folder, declarationOf(file)), "utf8");
      const place = join(to, declarationOf(file));
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(
        place,
        text.replace(specifier, (_, before: string, named: string) => `${before}${JSON.stringify(follow(file, named))}`),
      );
    };
    const follow = (file: string, named: string): string => {
      const target = named.startsWith(".") ? posix.join(posix.dirname(file), named) : workspaces[named];
      if (target === undefined) {
        if (!named.startsWith("node:")) packages.add(packageOf(named));
        return named;
      }
      visit(target);
      const path = posix.relative(posix.dirname(file), target).replace(/\.ts$/, ".js");
      return path.startsWith(".") ? path : `./${path}`;
    };
    for (const entry of entries) visit(entry);
    return [...packages];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const specifier = /(\bfrom |\bimport\()"([^"]+)"/g;
const declarationOf = (file: string): string => file.replace(/\.ts$/, ".d.ts");

/** Files by the names under which workspaces open them: `@serverlesspresso/ports` is `ports/index.ts`. */
function workspaceFiles(from: string): Readonly<Record<string, string>> {
  const files = readWorkspaces(from).flatMap(({ folder, manifest: { name, exports = {} } }) =>
    Object.entries(typeof exports === "string" ? { ".": exports } : exports)
      .filter(([path]) => !path.includes("*"))
      .map(([path, file]) => [posix.join(name, path), posix.join(folder, file)] as const),
  );
  return Object.fromEntries(files);
}

function compile(from: string, entries: readonly string[], workspaces: Readonly<Record<string, string>>, outDir: string): void {
  const absolute = (file: string): string => join(from, file);
  const config = {
    extends: absolute("tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      outDir,
      rootDir: from,
      typeRoots: [absolute("node_modules/@types")],
      paths: Object.fromEntries(Object.entries(workspaces).map(([name, file]) => [name, [absolute(file)]])),
    },
    files: entries.map(absolute),
    include: [],
  };
  const path = join(outDir, "tsconfig.json");
  writeFileSync(path, JSON.stringify(config));
  const tsc = absolute("node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(nodePath(), [tsc, "-p", path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tsc ended with ${status}:\n${stdout}`);
}
