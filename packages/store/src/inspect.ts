import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { storeFile } from "./database.ts";
import { StoreError } from "./errors.ts";
import { wayOut } from "./file-check.ts";

const reader = join(import.meta.dirname, "inspect-file.ts");

/** What a store's file holds. `bytes` counts its values as they are stored. */
export interface StoreContents {
  readonly values: number;
  readonly bytes: number;
}

/**
 * Opens the store's file `path` in a process of its own and reads every value against its checksum, and all against
 * its witness; a bar may run on it.
 * @throws {StoreError} `Damaged`, also where reading it ended that process
 */
export function inspectStore(path: string): Promise<StoreContents> {
  return read(path, [path]);
}

/**
 * Copies the store of a data folder, whether or not a bar runs on it, and reads every value of the copy.
 * @param path a name that is not taken; the file is its owner's alone
 * @throws {StoreError} `Unreadable` where the folder has no store; `Damaged`
 */
export async function copyStore(folder: string, path: string): Promise<StoreContents> {
  const source = storeOf(folder);
  return read(source, [source, path]);
}

/** The store's file of a data folder. @throws {StoreError} `Unreadable` where there is none */
export function storeOf(folder: string): string {
  const path = join(folder, storeFile);
  if (existsSync(path)) return path;
  throw new StoreError("Unreadable", `data folder "${folder}" holds no ${storeFile}; expected the folder of a bar`);
}

async function read(path: string, files: readonly string[]): Promise<StoreContents> {
  const { output, errors, ending } = await run([reader, ...files]);
  if (ending === 0) return JSON.parse(output) as StoreContents;
  const last = errors.trim().split("\n").at(-1) ?? "";
  if (ending === 4) throw new StoreError("Damaged", last);
  if (typeof ending === "number") throw new StoreError("Unreadable", `store "${path}" cannot be read: ${last}`);
  throw new StoreError(
    "Damaged",
    `store "${path}" is torn, as a copy of a running bar's file is: reading it ended with ${ending}; ${wayOut}`,
  );
}

function run(args: readonly string[]): Promise<{ output: string; errors: string; ending: number | string }> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ output, errors, ending: signal ?? code ?? "no exit code" }));
  });
}
