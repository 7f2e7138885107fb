import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { failsItsChecksum, removeValues, storeEntries, storeFile } from "./database.ts";
import { expectEntries } from "./entries.ts";
import { StoreError } from "./errors.ts";
import { wayOut } from "./file-check.ts";
import type { FileContents } from "./inspect-file.ts";
import { kindOf } from "./kinds.ts";

const reader = join(import.meta.dirname, "inspect-file.ts");

/** What a store's file holds. `bytes` counts its values as they are stored. */
export interface StoreContents {
  readonly values: number;
  readonly bytes: number;
}

/** A copy of a store. */
export interface CopiedStore extends StoreContents {
  /** Values that were damaged and are not in it: how many, of which kind. */
  readonly leftOut: readonly { readonly holds: string; readonly values: number }[];
}

/**
 * Opens the store's file `path` in a process of its own and reads every value against its checksum, and all against
 * its witness; a bar may run on it.
 * @throws {StoreError} `Damaged`, also where reading it ended that process; `Unreadable`
 */
export async function inspectStore(path: string): Promise<StoreContents> {
  const { damaged, ...contents } = await read(path, [path]);
  if (damaged.length > 0) throw damagedValues(damaged);
  return contents;
}

/**
 * Copies the store of a data folder, whether or not a bar runs on it, and reads every value of the copy.
 * @param path a name that is not taken; the file is its owner's alone
 * @param withoutDamaged leaves out damaged values of kinds that are spare
 * @throws {StoreError} `Unreadable` where the folder has no store; `Damaged`
 */
export async function copyStore(folder: string, path: string, { withoutDamaged = false } = {}): Promise<CopiedStore> {
  const source = storeOf(folder);
  const { damaged, ...contents } = await read(source, [source, path]);
  if (damaged.length === 0) return { ...contents, leftOut: [] };
  if (!withoutDamaged || !damaged.every(isSpare)) throw damagedValues(damaged);
  await removeValues(
    path,
    damaged.map(({ key }) => key),
  );
  return { ...(await inspectStore(path)), leftOut: countByKind(damaged) };
}

type DamagedValue = FileContents["damaged"][number];

const isSpare = ({ key }: DamagedValue): boolean => kindOf(key)?.isSpare === true;

function countByKind(damaged: readonly DamagedValue[]): CopiedStore["leftOut"] {
  const counts = new Map<string, number>();
  for (const { key } of damaged) {
    const holds = kindOf(key)?.holds ?? "records this release does not know";
    counts.set(holds, (counts.get(holds) ?? 0) + 1);
  }
  return [...counts].map(([holds, values]) => ({ holds, values }));
}

/** Says the first of them, how many there are of which kind, and the way out. */
function damagedValues(damaged: readonly DamagedValue[]): StoreError {
  const [{ key, bytes }] = damaged as [DamagedValue];
  const kinds = countByKind(damaged).map(({ holds, values }) => `${values} of ${holds}`);
  const out = damaged.every(isSpare)
    ? `a bar works on without them: npm run backup -- FILE --without-damaged, and npm run restore -- FILE --replace puts that in place`
    : wayOut;
  return new StoreError("Damaged", `${failsItsChecksum(key, bytes)} (damaged: ${kinds.join(", ")}); ${out}`);
}

/** Returns the path of a data folder's store. @throws {StoreError} `Unreadable` if it is missing */
export function storeOf(folder: string): string {
  const path = join(folder, storeFile);
  if (existsSync(path)) return path;
  throw new StoreError("Unreadable", `data folder "${folder}" holds no ${storeFile}; expected the folder of a bar`);
}

async function read(path: string, files: readonly string[]): Promise<FileContents> {
  expectEntries(dirname(path), storeEntries);
  const { output, errors, ending } = await run([reader, ...files]);
  if (ending === 0) return JSON.parse(output) as FileContents;
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
