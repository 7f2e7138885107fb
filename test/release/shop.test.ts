/** `npx serverlesspresso`: the packed bar, installed into an empty folder, runs with nothing of the project beside it. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { SFNClient, TestStateCommand, ValidateStateMachineDefinitionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readWorkspaces } from "../../tools/house/workspaces.ts";
import { root } from "../../tools/install.mjs";
import { nodePackages } from "../../tools/node-packages.mjs";
import { writeShopPackage } from "../../tools/release/shop-package.ts";
import { packFolder, type Tarball } from "../../tools/release/tarball.ts";
import { readCredentials } from "../aws/support.ts";
import { act, signInAdmin, signInGuest, type Window } from "../support/api.ts";
import { type Server, startServer } from "../support/server.ts";
import { emptyFolder, installInto, remove, whyNot } from "./install.ts";

const folder = emptyFolder();
const staged = join(folder, "serverlesspresso");
let tarball: Tarball;
beforeAll(async () => {
  await writeShopPackage(staged);
  tarball = packFolder(staged, folder);
});
afterAll(() => remove(folder));

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
const manifestOf = (place: string): Manifest => JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as Manifest;

describe("the package", () => {
  test("is small, has no TypeScript, no test and no workspace's name, and says what it is built from", () => {
    expect(tarball.packedBytes).toBeLessThan(1_000_000);
    expect(tarball.files.filter((file) => /\.tsx?$|\.test\.|\.map$/.test(file))).toEqual([]);
    const scripts = tarball.files.filter((file) => /^(?!apps).*\.m?js$/.test(file));
    expect(scripts.length).toBeGreaterThan(200);
    const texts = scripts.map((file) => [file, readFileSync(join(staged, file), "utf8")] as const);
    expect(texts.filter(([, text]) => /(from|import\() ?"@serverlesspresso\//.test(text)).map(([file]) => file)).toEqual([]);
    expect(readFileSync(join(staged, "THIRD-PARTY.md"), "utf8")).toContain("## preact - ");
  });

  test("asks for what the project asks for, and for nothing that only builds or tests", () => {
    const project = manifestOf(root);
    const { dependencies, optionalDependencies, version } = manifestOf(staged);
    expect(version).toBe(project.version);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(["lmdb", "hono", "zod"]));
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(15);
    const declared = Object.assign({}, ...readWorkspaces().map(({ manifest }) => manifest.dependencies));
    expect({ ...declared, ...dependencies }).toEqual(declared);
    expect(optionalDependencies).toEqual(project.optionalDependencies);
    const known = Object.values(nodePackages).map(({ name }) => name);
    expect(Object.keys(optionalDependencies).sort()).toEqual(known.sort());
  });

  test("calls its commands as a release is called", () => {
    const told = tarball.files
      .filter((file) => file.endsWith(".js"))
      .flatMap(
        (file) =>
          readFileSync(join(staged, file), "utf8").match(/npm (?:run (?:demo|backup|restore|storage|rotate-keys)|start)\b|fresh clone/g) ??
          [],
      );
    expect(told).toEqual([]);
  });
});

describe.skipIf(whyNot !== undefined)(`installed into an empty folder${whyNot === undefined ? "" : ` (skipped: ${whyNot})`}`, () => {
  const place = join(folder, "installed");
  const bin = join(place, "node_modules/.bin/serverlesspresso");
  const compileCache = join(folder, "compiled");
  let bar: Server;
  beforeAll(async () => {
    mkdirSync(place);
    installInto(place, [tarball.path]);
    const options = { program: [bin], cwd: place, dataFolder: "./data" };
    bar = await startServer({ ...options, environment: { NODE_COMPILE_CACHE: compileCache } });
  });
  afterAll(() => bar?.stop());
  const commands = ["demo", "backup", "restore", "storage", "rotate-keys"];
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  const run = (...words: string[]) => spawnSync(bin, words, { cwd: place, env, encoding: "utf8" });

  test("an order goes from a guest's phone to COMPLETED", async () => {
    const [admin, guest] = [await signInAdmin(bar.url), await signInGuest(bar.url)];
    const { code } = (await admin.call<Window>("GET", "/qr-code")).body;
    const { orderId } = (await guest.scan(code)).body;
    await act(guest, orderId, "placeOrder", { drink: "Latte", modifiers: [], name: "Ada" });
    await act(admin, orderId, "make");
    await act(admin, orderId, "complete");
    expect(await guest.order(orderId)).toMatchObject({ orderState: "COMPLETED", drinkOrder: { drink: "Latte" } });
  });

  test("the apps are served, and the folder it runs in holds the data", async () => {
    for (const app of ["order", "barista", "display", "console"]) {
      const page = await fetch(`${bar.url}/${app}/`);
      expect([app, page.status, (await page.text()).includes("<script")]).toEqual([app, 200, true]);
    }
    expect(readdirSync(join(place, "data"))).toEqual(expect.arrayContaining(["store.mdb", "keys", "aws-credentials"]));
  });

  test("JSONata and definitions are judged in threads", async () => {
    const client = { endpoint: bar.url, region: "us-east-1", credentials: readCredentials(join(place, "data/aws-credentials")) };
    const states = new SFNClient({ ...client, maxAttempts: 1, disableHostPrefix: true });
    const recursion = "{% ($sum := function($n) { $n = 0 ? 0 : $n + $sum($n - 1) }; $sum(4)) %}";
    const state = { Type: "Pass", QueryLanguage: "JSONata", Output: recursion, End: true };
    expect(await states.send(new TestStateCommand({ definition: JSON.stringify(state) }))).toMatchObject({
      status: "SUCCEEDED",
      output: "10",
    });
    const definition = JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: { B: { Type: "Pass", Output: recursion, End: true } },
    });
    const { result, diagnostics } = await states.send(new ValidateStateMachineDefinitionCommand({ definition }));
    expect([result, diagnostics?.[0]?.message]).toEqual(["FAIL", "Missing 'Next' target: A"]);
  });

  test("it says its version, in the terminal and to whoever asks for its health", async () => {
    const { version } = manifestOf(root);
    expect(run("--version").stdout).toBe(`${version}\n`);
    expect(await (await fetch(`${bar.url}/healthz`)).json()).toEqual({ status: "ok", version });
  });

  test("every command answers --help, in the release's words", async () => {
    expect(run("--help").stdout).toMatch(/^Commands: start, demo, backup, restore, storage, rotate-keys;/);
    const helps = commands.map(async (command) => {
      const { stdout } = await promisify(execFile)(bin, [command, "--help"], { cwd: place, env });
      return [command, stdout.split("\n")[0]];
    });
    expect(await Promise.all(helps)).toEqual([
      ["demo", "npx serverlesspresso demo [FLAG ...]"],
      ["backup", "npx serverlesspresso backup FILE [FLAG ...]"],
      ["restore", "npx serverlesspresso restore FILE [FLAG ...]"],
      ["storage", "npx serverlesspresso storage [FLAG ...]"],
      ["rotate-keys", "npx serverlesspresso rotate-keys [FLAG ...]"],
    ]);
    expect(run("bakcup")).toMatchObject({ status: 2, stderr: expect.stringMatching(/^"bakcup" is no command; there are start, demo/) });
  });

  test("a running bar is backed up and reckoned, restored elsewhere, and its keys rotated", () => {
    const done = (...words: string[]): string => {
      const { status, stdout, stderr } = run(...words);
      expect([words, status, stderr]).toEqual([words, 0, ""]);
      return stdout;
    };
    expect(done("backup", "bar.tar")).toMatch(/bar\.tar holds \d+ files/);
    expect(done("storage")).toContain("data");
    expect(done("restore", "bar.tar", "--data", "second")).toMatch(/second holds the bar as of /);
    expect(done("rotate-keys", "--data", "second")).toContain("has a new signing key");
    expect(run("restore", "bar.tar", "--data", "second").status).not.toBe(0);
  });

  test("it ends in order, and leaves its code compiled where that was asked for", async () => {
    expect(await bar.stop()).toBe(0);
    expect(bar.output()).toContain("Stopped.");
    expect(existsSync(compileCache) && readdirSync(compileCache, { recursive: true }).length).toBeGreaterThan(100);
  });
});
