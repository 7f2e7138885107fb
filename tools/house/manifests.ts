/**
 * What each workspace's `package.json` has to declare.
 *
 * WM1. `dependencies` are what its product sources import: own workspaces as `*`, packages of npm with the one range the project has for them.
 * WM2. `devDependencies` are what only its tests import.
 * WM3. Packages of npm that `platforms/aws` alone imports are `devDependencies`: they are bundled for Lambda or run on the deployer's
 *     machine, and a shop installed with `--omit=dev` needs none of them.
 * WM4. A package of types alone (`@types/aws-lambda`) stands for the module it describes.
 * WM5. Tests that import what the product runs on elsewhere have it from the root's `dependencies`: `npm sbom --omit=dev` leaves out
 *     each package that any workspace has for development, even if the product runs on it elsewhere.
 * WM6. `exports` open a file under its own path (`./use.ts`) where another workspace imports it so, and no other file. What they open under
 *     another name (`./events`) is up to the package.
 */
import { importsOf, isForTests, packageOf, textOf } from "./sources.ts";
import { type Manifest, type Workspace, workspaceOf } from "./workspaces.ts";

/** The two parts of a manifest that follow from the sources. */
export type Dependencies = Required<Pick<Manifest, "dependencies" | "devDependencies">>;

/** Returns the `exports` a workspace has to have (WM6). @param imports all specifiers that other workspaces import */
export function neededExports({ name, exports = {} }: Manifest, imports: Iterable<string>): Manifest["exports"] {
  if (typeof exports === "string") return exports;
  const named = Object.entries(exports).filter(([path, file]) => path !== file);
  const files = [...new Set(imports)].filter((one) => one.startsWith(`${name}/`) && one.endsWith(".ts")).sort();
  return Object.fromEntries([...named, ...files.map((one) => `.${one.slice(name.length)}`).map((path) => [path, path])]);
}

/** Returns all specifiers by which files import from workspaces other than their own. */
export function importedElsewhere(files: readonly string[], workspaces: readonly Workspace[]): Set<string> {
  return new Set(
    files.flatMap((file) => {
      const { name } = workspaceOf(file, workspaces).manifest;
      const specifiers = importsOf(file, textOf(file)).map(({ specifier }) => specifier);
      return specifiers.filter((one) => one.startsWith(own) && !one.startsWith(`${name}/`));
    }),
  );
}

interface Use {
  /** The folder of the workspace that imports it. */
  readonly folder: string;
  readonly name: string;
  readonly isForTests: boolean;
}

const own = "@serverlesspresso/";

/** Returns what each manifest has to declare, by folder. Of the root's it is the least: it may have tools besides. */
export function neededDependencies(files: readonly string[], workspaces: readonly Workspace[], from?: string): Map<string, Dependencies> {
  const ranges = rangesOf(workspaces);
  const uses = files.flatMap((file) => usesIn(file, workspaces, ranges, from));
  // The root's own product are the apps, which are built; `platforms/aws` is WM3's.
  const runners = uses.filter((use) => !use.isForTests && !["", "platforms/aws"].includes(use.folder));
  const running = new Set(runners.map(({ name }) => name));
  const needed = new Map<string, Dependencies>();
  const leftToRoot: string[] = [];
  for (const { folder, manifest } of workspaces.filter((workspace) => workspace.folder !== "")) {
    const mine = uses.filter((use) => use.folder === folder && use.name !== manifest.name);
    const imported = new Set(mine.filter((use) => !use.isForTests).map(({ name }) => name));
    const tried = mine.map(({ name }) => name).filter((name) => !imported.has(name));
    const isRun = (name: string): boolean => name.startsWith(own) || running.has(name);
    const dependencies = [...imported].filter(isRun);
    leftToRoot.push(...tried.filter((name) => running.has(name) && !name.startsWith(own)));
    const development = [...imported, ...tried].filter((name) => !dependencies.includes(name) && !leftToRoot.includes(name));
    needed.set(folder, { dependencies: listed(dependencies, ranges), devDependencies: listed(development, ranges) });
  }
  const outside = [...leftToRoot, ...uses.filter(({ folder }) => folder === "").map(({ name }) => name)];
  const ofRoot = outside.filter((name) => !name.startsWith(own));
  return needed.set("", {
    dependencies: listed(
      ofRoot.filter((name) => running.has(name)),
      ranges,
    ),
    devDependencies: listed(
      ofRoot.filter((name) => !running.has(name)),
      ranges,
    ),
  });
}

type Ranges = Readonly<Record<string, string>>;

function rangesOf(workspaces: readonly Workspace[]): Ranges {
  return Object.assign({}, ...workspaces.map(({ manifest }) => ({ ...manifest.devDependencies, ...manifest.dependencies }))) as Ranges;
}

function usesIn(file: string, workspaces: readonly Workspace[], ranges: Ranges, from: string | undefined): Use[] {
  const { folder } = workspaceOf(file, workspaces);
  const libraries = importsOf(file, textOf(file, from)).flatMap(({ specifier }) => packageOf(specifier) ?? []);
  return libraries.map((name) => ({ folder, name: name in ranges ? name : withTypes(name, ranges), isForTests: isForTests(file) }));
}

/** WM4. */
function withTypes(name: string, ranges: Ranges): string {
  return `@types/${name}` in ranges ? `@types/${name}` : name;
}

function listed(names: readonly string[], ranges: Ranges): Record<string, string> {
  const rangeOf = (name: string): string => (name.startsWith(own) ? "*" : (ranges[name] ?? "(no range in any manifest yet)"));
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, rangeOf(name)]));
}
