/** Each workspace declares what its sources import, and nothing else. `npm run manifests` writes it so. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { importedElsewhere, neededDependencies, neededExports } from "../../tools/house/manifests.ts";
import { sourceFiles } from "../../tools/house/sources.ts";
import { linkWorkspaces, readWorkspaces } from "../../tools/house/workspaces.ts";
import { root } from "../../tools/install.mjs";

const files = sourceFiles();
const workspaces = readWorkspaces();
const needed = neededDependencies(files, workspaces);

describe("a workspace declares what it imports", () => {
  test.each(workspaces.slice(1))("$folder", ({ folder, manifest: { dependencies = {}, devDependencies = {} } }) => {
    expect({ dependencies, devDependencies }, "npm run manifests writes what is expected").toEqual(needed.get(folder));
  });

  test("the root has what the product runs on and files outside of workspaces import, and no more of it", () => {
    expect(workspaces[0]?.manifest.dependencies).toEqual(needed.get("")?.dependencies);
    expect(workspaces[0]?.manifest.devDependencies).toMatchObject(needed.get("")?.devDependencies ?? {});
  });

  test("a library has one range in the whole project", () => {
    const ranges = new Map<string, Set<string>>();
    for (const { manifest } of workspaces)
      for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
        ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
    expect(ranges.size).toBeGreaterThan(40);
    expect([...ranges].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  test("the lockfile has the same", () => {
    const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { dependencies?: object; devDependencies?: object }>;
    };
    for (const { folder, manifest } of workspaces) {
      const { dependencies, devDependencies } = packages[folder] ?? {};
      expect({ folder, dependencies, devDependencies }, "npm install --package-lock-only writes it").toEqual({
        folder,
        dependencies: manifest.dependencies,
        devDependencies: manifest.devDependencies,
      });
    }
  });

  test("a workspace opens the paths that others import, and no more", () => {
    const imports = importedElsewhere(files, workspaces);
    const isUsed = (name: string, path: string): boolean => path === "." || imports.has(name + path.slice(1));
    const opening = workspaces.flatMap(({ folder, manifest }) => (typeof manifest.exports === "object" ? [{ folder, manifest }] : []));
    expect(opening.length).toBeGreaterThan(4);
    for (const { folder, manifest } of opening) {
      expect({ folder, exports: manifest.exports }, "npm run manifests writes what is expected").toEqual({
        folder,
        exports: neededExports(manifest, imports),
      });
      expect(Object.keys(manifest.exports ?? {}).filter((path) => !isUsed(manifest.name, path))).toEqual([]);
    }
  });
});

test("a new workspace is linked where imports look for it, once", () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "workspaces-")));
  onTestFinished(() => rmSync(place, { recursive: true }));
  writeFileSync(join(place, "package.json"), JSON.stringify({ workspaces: ["packages/*"] }));
  mkdirSync(join(place, "packages/grinder"), { recursive: true });
  writeFileSync(join(place, "packages/grinder/package.json"), JSON.stringify({ name: "@serverlesspresso/grinder" }));
  expect([linkWorkspaces(place), linkWorkspaces(place)]).toEqual([["@serverlesspresso/grinder"], []]);
  expect(realpathSync(join(place, "node_modules/@serverlesspresso/grinder"))).toBe(join(place, "packages/grinder"));
});

/** What the workspace `services` of a project with this one file, and lmdb elsewhere, has to declare. */
function neededFor(file: string, text: string): unknown {
  const place = mkdtempSync(join(tmpdir(), "manifests-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  for (const folder of ["services", "packages/store"]) cpSync(join(root, folder, "package.json"), join(place, folder, "package.json"));
  writeFileSync(join(place, "package.json"), JSON.stringify({ workspaces: ["services", "packages/*"] }));
  mkdirSync(dirname(join(place, file)), { recursive: true });
  writeFileSync(join(place, file), text);
  return neededDependencies(sourceFiles(place), readWorkspaces(place), place).get("services");
}

describe("what is found", () => {
  test("a service that imports lmdb needs it declared, which no service does", () => {
    expect(neededFor("services/config/read.ts", 'import { open } from "lmdb";')).toEqual({
      dependencies: { lmdb: expect.stringMatching(/^\^/) },
      devDependencies: {},
    });
    expect(workspaces.find(({ folder }) => folder === "services")?.manifest.dependencies).not.toHaveProperty("lmdb");
  });

  test("what only a test imports is for development", () => {
    expect(neededFor("services/config/read.test.ts", 'import { openStore } from "@serverlesspresso/store";')).toEqual({
      dependencies: {},
      devDependencies: { "@serverlesspresso/store": "*" },
    });
  });

  test("a file that others begin to import is opened, one that they no longer import closed; other names stay", () => {
    const exports = { ".": "./index.ts", "./events": "./events/index.ts", "./old.ts": "./old.ts" };
    const imports = ["@serverlesspresso/menu/new.ts", "@serverlesspresso/menu/events", "@serverlesspresso/menus/other.ts"];
    expect(neededExports({ name: "@serverlesspresso/menu", exports }, imports)).toEqual({
      ".": "./index.ts",
      "./events": "./events/index.ts",
      "./new.ts": "./new.ts",
    });
  });
});
