/**
 * AWS's own runtime client for Node, the one that runs in Lambda: fetched with npm and built into a cache outside the repository, for tests
 * and measurements alone.
 *
 * R1. Its native part asks Node for nothing but Node-API, so one build does for every Node; system and processor tell builds apart.
 * R2. It is built with the headers that lie beside the Node that runs this, not with ones fetched.
 * R3. What failed is not tried again by the next test file: only after ten minutes.
 * R4. One process builds; those that come meanwhile wait. What is unfinished never has the name of what is finished.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const archive = "aws-lambda-ric";
const version = "4.0.2";
const cache = process.env.AWS_LAMBDA_RIC_CACHE ?? join(homedir(), ".cache", "serverlesspresso");
const installed = join(cache, `${archive}-${version}-${process.platform}-${process.arch}`);
const nodeFolder = dirname(dirname(process.execPath));
const lockFile = `${installed}.lock`;
const logFile = `${installed}.log`;
const failureFile = `${installed}.failed`;
const notAgainForMs = 600_000;
/** It takes one minute on two idle processors. */
const longestBuildMs = 240_000;

/** What to run with Node. */
export const awsLambdaRic = join(installed, "index.mjs");

/** Builds it where it is not there yet. Says why it cannot run here, or nothing. */
export async function awsLambdaRicMissing(): Promise<string | undefined> {
  if (existsSync(awsLambdaRic)) return loadFault();
  const lacking = whatBuildingLacks() ?? recentFailure();
  if (lacking !== undefined) return lacking;
  try {
    mkdirSync(cache, { recursive: true });
    return lock() ? await ownBuild() : await otherBuild();
  } catch (error) {
    return `it could not be built: ${(error as Error).message}`;
  }
}

/** Built on another system, perhaps, that shares the cache with this one. */
function loadFault(): string | undefined {
  const load = `require(${JSON.stringify(join(installed, "rapid-client.node"))})`;
  const env = { ...process.env, AWS_LAMBDA_RUNTIME_API: "127.0.0.1:1" };
  return spawnSync(process.execPath, ["-e", load], { env }).status === 0 ? undefined : `what is in ${installed} does not load here`;
}

function whatBuildingLacks(): string | undefined {
  if (process.platform !== "linux") return "it builds on Linux alone";
  if (!existsSync(join(nodeFolder, "include", "node", "node_api.h"))) return `there are no headers beside ${process.execPath}`;
  const tools = ["npm", "cmake", "make", "gcc", "g++", "python3", "tar", "xz"];
  const tool = tools.find((name) => spawnSync(name, ["--version"]).status !== 0);
  return tool === undefined ? undefined : `there is no ${tool} on PATH`;
}

async function ownBuild(): Promise<string | undefined> {
  try {
    if (existsSync(awsLambdaRic)) return undefined;
    const failure = await build();
    if (failure !== undefined) writeFileSync(failureFile, failure);
    return failure;
  } finally {
    rmSync(lockFile, { force: true });
  }
}

async function build(): Promise<string | undefined> {
  console.log(`Building AWS's runtime client (${archive} ${version}) into ${cache}: about a minute, once ...`);
  // Nobody builds in these any more.
  for (const name of globSync(`${basename(installed)}.building-*`, { cwd: cache }))
    rmSync(join(cache, name), { recursive: true, force: true });
  const folder = mkdtempSync(`${installed}.building-`);
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, allowScripts: { [archive]: true } }));
    if (!(await install(folder))) return `npm could not build ${archive}@${version}; ${logFile} says why`;
    renameSync(join(folder, "node_modules", archive), installed);
    return loadFault();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function recentFailure(): string | undefined {
  if (!existsSync(failureFile) || statSync(failureFile).mtimeMs + notAgainForMs < nowMs()) return undefined;
  return readFileSync(failureFile, "utf8");
}

const nowMs = (): number => performance.timeOrigin + performance.now();

/** With all that it starts in a group of its own: when it takes too long, compilers end with it. */
async function install(folder: string): Promise<boolean> {
  const scripts = ["--ignore-scripts=false", "--foreground-scripts"];
  const network = ["--fetch-retries=0", "--fetch-timeout=40000", "--no-audit", "--no-fund"];
  const log = openSync(logFile, "w");
  const child = spawn("npm", ["install", `${archive}@${version}`, `--prefix=${folder}`, ...scripts, ...network], {
    cwd: folder,
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, npm_config_nodedir: nodeFolder },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const tooLong = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), longestBuildMs);
  const code = await new Promise((resolve) => child.once("error", resolve).once("exit", resolve));
  clearTimeout(tooLong);
  return code === 0 && existsSync(join(folder, "node_modules", archive, "rapid-client.node"));
}

/** Whether it is this process that builds. */
function lock(): boolean {
  try {
    writeFileSync(lockFile, `${process.pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function otherBuild(): Promise<string | undefined> {
  while (isLocked()) await wait(500);
  if (existsSync(awsLambdaRic)) return loadFault();
  if (!existsSync(lockFile)) return recentFailure() ?? "another process could not build it";
  // That process ended before it could say.
  rmSync(lockFile, { force: true });
  return await awsLambdaRicMissing();
}

/** As long as the process that builds lives and is not beyond its time. */
function isLocked(): boolean {
  try {
    process.kill(Number(readFileSync(lockFile, "utf8")), 0);
    return statSync(lockFile).mtimeMs + longestBuildMs + 10_000 > nowMs();
  } catch {
    return false;
  }
}
