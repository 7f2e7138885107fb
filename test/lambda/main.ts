/**
 * `npm run runtime-client`: builds AWS's own runtime client into a cache outside the repository, once; the tests of `test/lambda` then run in it.
 *
 * B1. It is built with the headers beside the Node that runs this, not with ones fetched.
 * B2. It is built in a folder of its own and renamed when it is whole: of two that build at once, each finishes, and one's is kept.
 */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand, runtimeClient } from "@serverlesspresso/commands";
import { archive, awsLambdaRic, awsLambdaRicMissing, cache, installed } from "./support/aws-lambda-ric.ts";

const nodeFolder = dirname(dirname(process.execPath));
const logFile = `${installed}.log`;
/** It takes one minute on two idle processors. */
const longestBuildMs = 600_000;

await runCommand(runtimeClient, async () => {
  const failure = existsSync(awsLambdaRic) ? undefined : (whatBuildingLacks() ?? (await build()));
  finish(failure ?? awsLambdaRicMissing());
});

function finish(failure: string | undefined): void {
  if (failure === undefined) {
    console.log(`AWS's runtime client is at ${installed}.`);
  } else {
    console.error(`AWS's runtime client (${archive.name} ${archive.version}) cannot be built: ${failure}.`);
    process.exitCode = 1;
  }
}

function whatBuildingLacks(): string | undefined {
  if (process.platform !== "linux") return "it builds on Linux alone";
  if (!existsSync(join(nodeFolder, "include", "node", "node_api.h"))) return `there are no headers beside ${process.execPath}`;
  const tools = ["npm", "cmake", "make", "gcc", "g++", "python3", "tar", "xz"];
  const tool = tools.find((name) => spawnSync(name, ["--version"]).status !== 0);
  return tool === undefined ? undefined : `there is no ${tool} on PATH`;
}

async function build(): Promise<string | undefined> {
  console.log(`Building AWS's runtime client (${archive.name} ${archive.version}) into ${cache}: about a minute ...`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${installed}.building-`);
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, allowScripts: { [archive.name]: true } }));
    if (!(await install(folder))) return `npm failed; ${logFile} says why`;
    if (!existsSync(installed)) renameSync(join(folder, "node_modules", archive.name), installed);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With all that it starts in a group of its own: when it takes too long, compilers end with it. */
async function install(folder: string): Promise<boolean> {
  const scripts = ["--ignore-scripts=false", "--foreground-scripts"];
  const network = ["--fetch-retries=0", "--fetch-timeout=40000", "--no-audit", "--no-fund"];
  const log = openSync(logFile, "w");
  const child = spawn("npm", ["install", `${archive.name}@${archive.version}`, `--prefix=${folder}`, ...scripts, ...network], {
    cwd: folder,
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, npm_config_nodedir: nodeFolder },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const tooLong = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), longestBuildMs);
  const code = await new Promise((resolve) => child.once("error", resolve).once("exit", resolve));
  clearTimeout(tooLong);
  return code === 0 && existsSync(join(folder, "node_modules", archive.name, "rapid-client.node"));
}
