/** What a release's `package.json` says, out of the project's own: the version and each range stand once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readWorkspaces } from "../house/workspaces.ts";
import { root } from "../install.mjs";

type Ranges = Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly engines?: Ranges;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
}

/** The project's own manifest. */
export const project = readManifest("package.json");

/** Returns the ranges in which the project asks for packages. @throws {Error} for a package that no workspace declares */
export function rangesOf(packages: Iterable<string>): Ranges {
  const declared: Ranges = Object.assign({}, ...readWorkspaces().map(({ manifest }) => manifest.dependencies));
  const found = [...packages].sort().map((name): [string, string] => {
    const range = declared[name];
    if (range === undefined) throw new Error(`the release imports ${name}, expected it among the dependencies of a package.json`);
    return [name, range];
  });
  return Object.fromEntries(found);
}

/** Returns members that every package of a release has. */
export function commonMembers(): { readonly version: string; readonly license: string; readonly type: "module" } {
  return { version: project.version, license: project.license, type: "module" };
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
}
