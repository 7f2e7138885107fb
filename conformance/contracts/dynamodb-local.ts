/**
 * AWS's own DynamoDB Local, for tests alone: fetched with npm into a cache outside the repository, started with Java.
 * Its licence allows use, not redistribution; nothing of it is part of this project.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { freePort } from "../../test/support/server.ts";
import type { Opened } from "./contract.ts";

const archive = "amplify-dynamodb-simulator";
const version = "2.9.30";
const cache = process.env.DYNAMODB_LOCAL_CACHE ?? join(homedir(), ".cache", "serverlesspresso");
const installed = join(cache, `${archive}-${version}`);
const program = join(installed, "package", "emulator");

/** Fetches it where it is not there yet. Says why it cannot run here, or nothing. */
export function dynamoDbLocalMissing(): string | undefined {
  if (spawnSync("java", ["-version"]).status !== 0) return "there is no Java on PATH";
  if (existsSync(program)) return undefined;
  try {
    return fetch();
  } catch (error) {
    return `it could not be fetched: ${(error as Error).message}`;
  }
}

/** Into a folder of its own first: several test files may fetch at once. */
function fetch(): string | undefined {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "fetch-"));
  try {
    const npm = ["pack", `${archive}@${version}`, "--silent", "--fetch-retries=0", "--fetch-timeout=40000"];
    if (spawnSync("npm", npm, { cwd: folder, timeout: 50_000 }).status !== 0) return `npm could not fetch ${archive}@${version}`;
    if (spawnSync("tar", ["xzf", `${archive}-${version}.tgz`], { cwd: folder }).status !== 0) return "its archive could not be unpacked";
    rmSync(join(folder, `${archive}-${version}.tgz`));
    return install(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function install(folder: string): undefined {
  try {
    renameSync(folder, installed);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(program)) throw error;
  }
}

/** Starts it in memory, with a client. */
export async function openDynamoDbLocal(): Promise<Opened<DynamoDB>> {
  const port = await freePort();
  const memory = ["-inMemory", "-sharedDb", "-disableTelemetry"];
  const options = ["-Xmx256m", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", ...memory, "-port", `${port}`];
  const child = spawn("java", options, { cwd: program, stdio: "ignore" });
  const client = new DynamoDB({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  await untilItAnswers(client, child);
  return {
    client,
    async close() {
      client.destroy();
      const gone = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function untilItAnswers(client: DynamoDB, child: ChildProcess): Promise<void> {
  const givenUpAt = performance.now() + 50_000;
  while (performance.now() < givenUpAt && child.exitCode === null) {
    const answers = await client.listTables({}).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill("SIGKILL");
  throw new Error("DynamoDB Local did not answer");
}
