/** What is installed for whom, told from the lockfile. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
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

/** The project after `npm start`, with an npm that says it was asked, and these files that say they run. */
function startedProject(files: readonly string[]): { run: (...args: string[]) => string } {
  const place = mkdtempSync(join(tmpdir(), "install-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  cpSync(join(root, "tools"), join(place, "tools"), { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(root, name), join(place, name));
  mkdirSync(join(place, "node_modules", ".bin"), { recursive: true });
  symlinkSync(process.execPath, join(place, "node_modules", ".bin", "node"));
  const lockfile = readFileSync(join(place, "package-lock.json"));
  writeFileSync(join(place, "node_modules", ".package-lock.json"), "{}");
  utimesSync(join(place, "node_modules", ".package-lock.json"), 0, 0);
  writeFileSync(join(place, "node_modules", ".serverlesspresso-install"), `${createHash("sha256").update(lockfile).digest("hex")} shop`);
  mkdirSync(join(place, "bin"));
  writeFileSync(join(place, "bin", "npm"), "#!/bin/sh\necho npm was asked; exit 1\n");
  chmodSync(join(place, "bin", "npm"), 0o755);
  for (const file of files) {
    mkdirSync(join(place, file, ".."), { recursive: true });
    writeFileSync(join(place, file), "console.log('ran');");
  }
  const env = { ...process.env, PATH: `${join(place, "bin")}${delimiter}${process.env.PATH}` };
  return { run: (...args) => spawnSync(process.execPath, args, { cwd: place, env, encoding: "utf8" }).stdout.trim() };
}

test("a bar's own commands need only what npm start installed, and no network", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Names };
  const commandOf = (name: string): string[] => (scripts[name] ?? "").split(" ").slice(1);
  const commands = ["backup", "restore", "storage", "rotate-keys"].map(commandOf);
  const { run } = startedProject(commands.map(([, file = ""]) => file));
  for (const command of commands) expect([command, run(...command)]).toEqual([command, "ran"]);
  expect(run(...commandOf("export"))).toContain("npm was asked");
});
