/**
 * A backup of a data folder, whether or not a bar runs on it.
 *
 * BK1. The store in it is one consistent state, and every value of it has been read against its checksum. Asked for, damaged values that
 *     a bar works on without are left out, and named; no other is.
 * BK2. Keys, credentials and bucket objects are in it, and a bar starts on them; it is its owner's alone.
 * BK3. There is a whole backup under its name, or none.
 */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type CopiedStore, contentsOf, copyStore, makeFolders, storeFile, syncFolder } from "@serverlesspresso/store";
import { checkBesideStore } from "../data-folder.ts";
import { type PackedFile, readArchive, writeArchive } from "./archive.ts";
import { BackupError, expectParentFolder } from "./errors.ts";

const unfinished = ".unfinished";

/** What to back up and where to. `nowMs` is the time that the archive names. */
export interface BackupOptions {
  readonly dataFolder: string;
  /** A name that is not taken. */
  readonly file: string;
  readonly nowMs: number;
  /** Whether damaged values that a bar works on without are left out; else they are reason to refuse. */
  readonly withoutDamaged?: boolean;
}

/** What went into a backup. */
export interface BackupReport extends CopiedStore {
  readonly file: string;
  readonly files: number;
}

/**
 * Makes a backup and reads it through.
 * @throws {BackupError} where the name is taken, or its folder is not there; {StoreError} `Unreadable`, `Damaged`; {KeyFileError}; {CredentialsError}; Node's own errors where the disk takes no more
 */
export async function makeBackup({ dataFolder, file, nowMs, withoutDamaged = false }: BackupOptions): Promise<BackupReport> {
  const path = resolve(file);
  if (existsSync(path)) throw new BackupError(`backup "${path}" is there already; expected the name of a new file`);
  expectParentFolder("backup", path);
  const work = join(dirname(path), `.${basename(path)}${unfinished}`);
  rmSync(work, { recursive: true, force: true });
  try {
    makeFolders(work);
    checkBesideStore(dataFolder);
    const copy = join(work, storeFile);
    const contents = await copyStore(dataFolder, copy, { withoutDamaged });
    const archive = join(work, "archive");
    const files = [{ name: storeFile, path: copy }, ...filesOf(dataFolder)];
    await writeArchive(archive, files, new Date(nowMs).toISOString());
    await readArchive(archive);
    renameSync(archive, path);
    syncFolder(dirname(path));
    return { file: path, files: files.length, ...contents };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Everything beside the store. What is being written has a name that says so. */
function filesOf(dataFolder: string): PackedFile[] {
  const found: PackedFile[] = [];
  const collect = (name: string): void => {
    const path = join(dataFolder, name);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = name === "" ? entry.name : `${name}/${entry.name}`;
      if (entry.name.endsWith(unfinished) || (name === "" && !own.has(entry.name))) continue;
      if (entry.isDirectory()) collect(inner);
      else if (entry.isFile()) found.push({ name: inner, path: join(path, entry.name) });
    }
  };
  const own = new Set(contentsOf(dataFolder).filter((name) => !name.startsWith(storeFile)));
  collect("");
  return found;
}
