/** The size budgets of the built pages, in bytes as gzip sends them. Builds into memory. */
import { gzipSync } from "node:zlib";
import { build, mergeConfig, type Rolldown } from "vite";
import { beforeAll, expect, test, vi } from "vitest";
import config from "./vite.config.ts";

type Output = Rolldown.OutputChunk | Rolldown.OutputAsset;

let output: Output[] = [];

beforeAll(async () => {
  // As it is delivered: under a test's own name the views would carry what a debugger wants.
  vi.stubEnv("NODE_ENV", "production");
  const built = await build(mergeConfig(config, { configFile: false, logLevel: "silent", build: { write: false } }));
  vi.unstubAllEnvs();
  output = (built as Rolldown.RolldownOutput).output;
});

const isChunk = (file: Output): file is Rolldown.OutputChunk => file.type === "chunk";
const chunk = (fileName: string): Rolldown.OutputChunk =>
  output.filter(isChunk).find((file) => file.fileName === fileName) as Rolldown.OutputChunk;
const entry = (app: string): Rolldown.OutputChunk =>
  output.filter(isChunk).find((file) => file.isEntry && file.name === app) as Rolldown.OutputChunk;
const sizeOf = (content: string | Uint8Array): number => gzipSync(content, { level: 9 }).length;

/** A chunk and all it imports, with what it fetches later where `deferred` says so. */
function reach(start: string, deferred: (fileName: string) => boolean, found = new Set<string>()): Set<string> {
  if (found.has(start)) return found;
  found.add(start);
  const { imports, dynamicImports } = chunk(start);
  for (const next of [...imports, ...dynamicImports.filter(deferred)]) reach(next, deferred, found);
  return found;
}

const isWords = (fileName: string): boolean => /\/words\//.test(chunk(fileName).facadeModuleId ?? "");
const isEnglish = (fileName: string): boolean => isWords(fileName) && (chunk(fileName).facadeModuleId ?? "").endsWith("/en.ts");
const scripts = (files: Set<string>): number => [...files].reduce((sum, file) => sum + sizeOf(chunk(file).code), 0);

function styles(app: string): number {
  const page = output.find(({ fileName }) => fileName === `${app}/index.html`) as Rolldown.OutputAsset;
  const sheets = [...String(page.source).matchAll(/href="\/(assets\/[^"]+\.css)"/g)].map(([, file]) => file);
  return sheets.reduce((sum, file) => sum + sizeOf((output.find(({ fileName }) => fileName === file) as Rolldown.OutputAsset).source), 0);
}

test("the order app's first view: 20 kB of script, one language included, and 8 kB of style", () => {
  expect(scripts(reach(entry("order").fileName, isEnglish))).toBeLessThanOrEqual(20_000);
  expect(styles("order")).toBeLessThanOrEqual(8_000);
});

test.each(["barista", "display"])("all of the %s: 35 kB in one language", (app) => {
  const all = reach(entry(app).fileName, (fileName) => !isWords(fileName) || isEnglish(fileName));
  expect(scripts(all)).toBeLessThanOrEqual(35_000);
  expect(styles(app)).toBeLessThanOrEqual(8_000);
});

test("all of the order app, journey and sign-in included: 37 kB in one language", () => {
  expect(scripts(reach(entry("order").fileName, (fileName) => !isWords(fileName) || isEnglish(fileName)))).toBeLessThanOrEqual(37_000);
});

test("no page has script or style in its HTML", () => {
  for (const { fileName, source } of output.filter((file) => file.type === "asset")) {
    if (fileName.endsWith(".html")) expect(String(source)).not.toMatch(/<script(?![^>]*src=)|<style| style=| on\w+=/);
  }
});
