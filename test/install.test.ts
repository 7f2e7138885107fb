/** What is installed for whom, told from the lockfile. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, shopWorkspaces } from "../tools/install.mjs";

type Names = Readonly<Record<string, string>>;
interface Package {
  readonly dependencies?: Names;
  readonly devDependencies?: Names;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, Package> };

/** Where `name` is found from the folder `from`, as Node looks for it. */
function placeOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/(^|\/)[^/]*$/, "")) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    const found = packages[place];
    if (found !== undefined) return found.link === true ? found.resolved : place;
    if (folder === "") return undefined;
  }
}

/** Everything that is installed for these folders of the project, itself left out. */
function installedFor(folders: readonly string[], withDevelopment: boolean): string[] {
  const seen = new Set<string>();
  const visit = (place: string, withDev: boolean): void => {
    if (seen.has(place)) return;
    seen.add(place);
    const { dependencies, devDependencies } = packages[place] as Package;
    for (const name of Object.keys({ ...dependencies, ...(withDev ? devDependencies : {}) })) {
      const next = placeOf(name, place);
      if (next !== undefined) visit(next, withDev && !next.includes("node_modules"));
    }
  };
  for (const folder of folders) visit(folder, withDevelopment);
  return [...seen].filter((place) => place.includes("node_modules"));
}

const isForAws = (place: string): boolean => /aws-cdk|cdk-nag|node_modules\/constructs$|powertools|amazon-states-language/.test(place);

test("npm start installs nothing that only the deployment needs", () => {
  const shop = installedFor(["", ...shopWorkspaces()], true);
  expect(shop).toContain("node_modules/lmdb");
  expect(shop.filter(isForAws)).toEqual([]);
  expect(installedFor(["platforms/aws"], true).filter(isForAws).length).toBeGreaterThan(4);
});

test("a running shop needs few packages, and none that runs a script when it is installed", () => {
  const direct = new Set(["", ...shopWorkspaces()].flatMap((folder) => Object.keys(packages[folder]?.dependencies ?? {})));
  expect([...direct].filter((name) => !name.startsWith("@serverlesspresso/")).length).toBeLessThanOrEqual(15);
  const all = installedFor(["", ...shopWorkspaces()], false);
  expect(all.length).toBeLessThanOrEqual(60);
  // LMDB's builds itself only where it has no binary for the system.
  expect(all.filter((place) => packages[place]?.hasInstallScript)).toEqual(
    ["node_modules/lmdb", "node_modules/msgpackr-extract"].filter((place) => all.includes(place)),
  );
});
