/** The Dockerfile: what a linter finds, the rules that matter here, and an image where a builder is at hand. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { expect, test } from "vitest";
import { root } from "../../tools/install.mjs";
import { project } from "../../tools/release/manifest.ts";

const text = readFileSync(join(root, "Dockerfile"), "utf8");
const dockerfile = DockerfileParser.parse(text);
const valuesOf = (keyword: string): string[] =>
  dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArgumentsContent() ?? "");

test("the linter finds nothing, and finds what is wrong", () => {
  expect(validate(text)).toEqual([]);
  expect(validate(text.replace("EXPOSE 4000", "EXPOSE coffee"))).toHaveLength(1);
});

test("stages start from Node 24, and the last holds nothing of the build but the installed release", () => {
  expect(dockerfile.getFROMs().map((from) => from.getImage())).toEqual(["node:24-slim", "node:24-slim"]);
  const copied = dockerfile.getCOPYs().map((copy) => [copy.getFromFlag()?.getValue(), copy.getArgumentsContent()]);
  expect(copied).toEqual([
    [undefined, ". ."],
    ["build", "/app /app"],
  ]);
  expect(valuesOf("ADD")).toEqual([]);
});

test("it runs as a user without rights, in words that pass signals on, and is asked for its health", () => {
  expect(valuesOf("USER")).toEqual(["node"]);
  expect(JSON.parse(valuesOf("ENTRYPOINT")[0] ?? "")).toEqual(["serverlesspresso"]);
  expect(valuesOf("HEALTHCHECK")).toEqual([expect.stringMatching(/CMD \["node", "-e", ".*\/healthz/s)]);
  // Beside the bar's folder, not in it: a bar starts on no folder that holds something else.
  expect([valuesOf("VOLUME"), valuesOf("WORKDIR").at(-1)]).toEqual([["/data"], "/data"]);
  expect(valuesOf("ENV").join(" ")).toContain("HOST=0.0.0.0 DATA_DIR=/data/bar");
});

test("the health check ends with 1 where nothing answers", () => {
  const [, words = "[]"] = /CMD (\[.*\])/.exec(valuesOf("HEALTHCHECK")[0] ?? "") ?? [];
  const [, ...args] = JSON.parse(words) as string[];
  expect(spawnSync(process.execPath, args, { env: { ...process.env, PORT: "1" } }).status).toBe(1);
});

test("what a clone has besides its sources stays out of the image, and data and keys above all", () => {
  const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".git", "**/node_modules", "**/dist", "**/data", "**/demo-data"]));
});

/** A program that builds images, where its service answers. */
const builder = ["docker", "podman"].find((name) => spawnSync(name, ["info"], { timeout: 20_000 }).status === 0);

test.skipIf(builder === undefined)(
  `an image is built and says its version${builder === undefined ? " (skipped: no docker or podman answers here)" : ""}`,
  {
    timeout: 900_000,
  },
  () => {
    const run = (...args: string[]) => spawnSync(builder as string, args, { cwd: root, encoding: "utf8" });
    const built = run("build", "--quiet", ".");
    expect(built.stderr).not.toContain("rror");
    expect(run("run", "--rm", built.stdout.trim(), "--version").stdout.trim()).toBe(project.version);
  },
);
