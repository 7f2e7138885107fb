/** The project's workspaces and what their manifests say. */
import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../install.mjs";

type Versions = Readonly<Record<string, string>>;

/** The part of a `package.json` that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly exports?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
}

/** A folder with a manifest of its own. The project's root is the one whose folder is `""`. */
export interface Workspace {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Returns the root, then every workspace it names. */
export function readWorkspaces(from: string = root): Workspace[] {
  const read = (folder: string): Workspace => ({
    folder,
    manifest: JSON.parse(readFileSync(join(from, folder, "package.json"), "utf8")) as Manifest,
  });
  const project = read("");
  const folders = globSync([...(project.manifest.workspaces ?? [])], { cwd: from })
    .map((folder) => folder.replaceAll("\\", "/"))
    .filter((folder) => existsSync(join(from, folder, "package.json")));
  return [project, ...folders.sort().map(read)];
}

/** Returns the workspace a file belongs to: the one with the longest folder. */
export function workspaceOf(file: string, workspaces: readonly Workspace[]): Workspace {
  return workspaces.reduce((found, one) => (file.startsWith(`${one.folder}/`) ? one : found));
}

/** Links each workspace that `node_modules` lacks, as `npm install` would. Returns their names. */
export function linkWorkspaces(from: string = root): string[] {
  const lacking = readWorkspaces(from).filter(
    ({ folder, manifest }) => folder !== "" && !existsSync(join(from, "node_modules", manifest.name)),
  );
  for (const { folder, manifest } of lacking) {
    const link = join(from, "node_modules", manifest.name);
    mkdirSync(dirname(link), { recursive: true });
    // A junction needs no rights on Windows, and elsewhere the kind counts for nothing.
    symlinkSync(join(from, folder), link, "junction");
  }
  return lacking.map(({ manifest }) => manifest.name);
}
