/**
 * Imports point down only (docs/architecture.md section 1): platforms → blueprint → services → ports, contract;
 * packages → ports, and each other only downward to the store; apps → contract; contract and ports stand alone; nothing imports a platform.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** Layer of each package, lowest first: a package imports packages of lower layers alone. */
const packageLayers: readonly (readonly string[])[] = [
  ["store", "clock", "event-patterns", "commands"],
  ["aws-service", "feed"],
  ["timers", "states-language", "functions", "topics", "logs", "metrics"],
  ["identity", "tables", "queues", "event-bus", "workflow"],
];
/** An AWS service that no layer names stands as low as one can: it imports the store and what every service shares. */
const lowestOfServices = packageLayers.findIndex((layer) => layer.includes("metrics"));
const layerOf = (name: string): number => {
  const named = packageLayers.findIndex((layer) => layer.includes(name));
  return named === -1 && existsSync(join(root, "packages", name, "src/service.ts")) ? lowestOfServices : named;
};

/** Returns a sentence for each package that stands in no layer yet. */
function unlayered(packages: readonly string[]): string[] {
  const lost = packages.filter((name) => layerOf(name) === -1);
  return lost.map((name) => `packages/${name} stands in no layer; add it to packageLayers in test/import-directions.test.ts`);
}

/** Where a file's part stands: its first folder, and for packages and platforms the second. */
function partOf(path: string): { readonly area: string; readonly name: string } {
  const [area = "", name = ""] = path.split("/");
  return { area, name };
}

const allowedAreas: Readonly<Record<string, readonly string[]>> = {
  contract: ["contract"],
  ports: ["ports"],
  blueprint: ["blueprint", "services", "ports", "contract"],
  services: ["services", "ports", "contract"],
  packages: ["packages", "ports"],
  platforms: ["platforms", "blueprint", "services", "packages", "ports", "contract"],
  apps: ["apps", "contract"],
};

function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.includes("/test-");
}

function mayImport(fromPath: string, toPath: string): boolean {
  const [from, to] = [partOf(fromPath), partOf(toPath)];
  // What a blueprint and its services come to is tested on the engines themselves.
  if (["blueprint", "services"].includes(from.area) && isTest(fromPath))
    return ["blueprint", "services", "packages", "ports", "contract"].includes(to.area);
  if (!(allowedAreas[from.area] ?? []).includes(to.area)) return false;
  if (from.area === "platforms") return to.area !== "platforms" || from.name === to.name;
  if (from.area !== "packages" || to.area !== "packages" || from.name === to.name) return true;
  // Tests stand on a clock they can hold still.
  if (isTest(fromPath)) return true;
  // A package in no layer is a fault of its own, said once.
  return layerOf(from.name) === -1 || layerOf(to.name) < layerOf(from.name);
}

const folders: Readonly<Record<string, string>> = {
  contract: "contract",
  ports: "ports",
  blueprint: "blueprint",
  services: "services",
  "platform-local": "platforms/local",
  "platform-aws": "platforms/aws",
};

/** The file or folder an import names, from the root; undefined for libraries and Node's own. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return relative(root, resolve(root, file, "..", specifier)).replaceAll("\\", "/");
  const own = /^@serverlesspresso\/([^/]+)(.*)$/.exec(specifier);
  return own === null ? undefined : `${folders[own[1] as string] ?? `packages/${own[1]}`}${own[2]}`;
}

const importPattern = /(?:^|\n)\s*(?:import|export)\b[^;'"]*?\bfrom\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;
const files = globSync("{contract,ports,blueprint,services,packages,platforms,apps}/**/*.{ts,tsx}", {
  cwd: root,
  exclude: (path) => /node_modules|\/dist(\/|$)/.test(path),
});

test("there are files to look at", () => expect(files.length).toBeGreaterThan(30));

test("every package stands in a layer", () => {
  expect(
    unlayered(globSync("packages/*/package.json", { cwd: root }).map((file) => file.replaceAll("\\", "/").split("/")[1] ?? "")),
  ).toEqual([]);
  expect(unlayered(["store", "grinder"])).toEqual([
    "packages/grinder stands in no layer; add it to packageLayers in test/import-directions.test.ts",
  ]);
});

test("every import points down", () => {
  const wrong: string[] = [];
  for (const file of files) {
    for (const [, from, bare] of readFileSync(join(root, file), "utf8").matchAll(importPattern)) {
      const target = targetOf(file, (from ?? bare) as string);
      if (target !== undefined && !mayImport(file, target)) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});
