/** What comes into the house with `npm install`, and what must not go out with the repository; all of it told without a network. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../tools/install.mjs";
import { leftBehind, secretsIn } from "./secrets.ts";

interface Package {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Package> };
const installed = Object.entries(packages).filter(([place, { link }]) => place.includes("node_modules/") && link !== true);
const nameOf = (place: string): string => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

describe("RELIABILITY 43: the lockfile", () => {
  test("has a checksum of every package, but those that come inside another's", () => {
    expect(installed.length).toBeGreaterThan(300);
    const unchecked = installed.filter(([, { integrity, inBundle }]) => inBundle !== true && !/^sha512-/.test(integrity ?? ""));
    expect(unchecked.map(([place]) => place)).toEqual([]);
  });

  test("names no host to fetch from", () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([]);
  });

  test("has no version known to be bad", () => {
    const knownBad = JSON.parse(read("test/security/known-bad.json")) as Record<string, "*" | string[]>;
    const isBad = (name: string, version: string): boolean => knownBad[name] === "*" || (knownBad[name]?.includes(version) ?? false);
    expect(isBad("chalk", "5.6.1")).toBe(true);
    expect(installed.filter(([place, { version }]) => isBad(nameOf(place), version ?? "")).map(([place]) => place)).toEqual([]);
  });

  test("no package runs anything when it is installed", () => {
    expect(read(".npmrc").split("\n")).toEqual(expect.arrayContaining(["ignore-scripts=true", "strict-allow-scripts=true"]));
    expect((JSON.parse(read("package.json")) as { allowScripts?: object }).allowScripts).toEqual({});
    // These two would build what they bring ready made.
    const wishes = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([place]) => nameOf(place));
    expect(wishes.sort()).toEqual(["lmdb", "msgpackr-extract"]);
  });

  test("nothing is taken that is younger than a week", () => {
    expect(read(".npmrc").split("\n")).toContain("min-release-age=7");
  });

  test("what only the network knows, advisories and signatures, is a job of its own, and documented", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    expect(scripts["audit:online"]).toBe("npm audit --audit-level=high && npm audit signatures");
    expect(read("docs/operating.md")).toContain("npm run audit:online");
  });

  test("a bill of materials can be had", () => {
    const { bomFormat, components } = JSON.parse(
      execFileSync("npm", ["run", "--silent", "sbom"], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }),
    ) as { bomFormat: string; components: { name: string; version: string }[] };
    expect(bomFormat).toBe("CycloneDX");
    expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(["lmdb", "hono", "jose"]));
  });
});

describe("RELIABILITY 44: no secret leaves with the repository or what is built from it", () => {
  // A password in an address, to be refused.
  const knownExamples = ["platforms/local/src/outbound/allowed-hosts.test.ts"];

  test("the scan knows a secret when it sees one", async () => {
    const key = `-----BEGIN ${"PRIVATE"} KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7".repeat(12)}\n-----END ${"PRIVATE"} KEY-----`;
    expect(await secretsIn("a.txt", key)).toHaveLength(1);
  });

  test("no file of the repository holds one", { timeout: 60_000 }, async () => {
    const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
    const texts = files.filter((file) => !/\.(png|gz|zst|mdb)$|package-lock\.json$/.test(file) && !knownExamples.includes(file));
    expect(texts.length).toBeGreaterThan(500);
    const found: string[] = [];
    for (const file of texts) found.push(...(await secretsIn(file, read(file))));
    expect(found).toEqual([]);
  });

  test("the built pages hold none, no source map and no test", async () => {
    const built = readdirSync(join(root, "apps/dist"), { recursive: true, encoding: "utf8" });
    expect(built.filter((file) => /\.map$|\.test\./.test(file))).toEqual([]);
    for (const file of built.filter((file) => /\.(js|css)$/.test(file))) expect(leftBehind(read(join("apps/dist", file)))).toEqual([]);
    const scripts = built.filter((file) => /\.(js|css|html|json)$/.test(file));
    expect(scripts.length).toBeGreaterThan(4);
    for (const file of scripts) expect(await secretsIn(file, read(join("apps/dist", file)))).toEqual([]);
  });
});
