/** Puts a backup in a data folder. The folder holds what it held or the whole backup, at every moment (`replace-contents.ts`). */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { JsonObject } from "@serverlesspresso/ports";
import {
  contentsOf,
  finishReplacing,
  inspectStore,
  keptFolders,
  lockFiles,
  lockFolder,
  prepareFolder,
  replaceContents,
  type StoreContents,
  StoreError,
  storeFile,
  syncFolder,
} from "@serverlesspresso/store";
import { commandAct, noteOffline } from "../audit/offline.ts";
import { readArchive } from "./archive.ts";
import { BackupError, expectParentFolder } from "./errors.ts";

/** What to restore and where to. `nowMs` names the folder to which a replaced bar moves. */
export interface RestoreOptions {
  readonly file: string;
  readonly dataFolder: string;
  /** Whether a folder that holds a bar may give way. */
  readonly replace: boolean;
  readonly nowMs: number;
}

/** What is in the folder now. */
export interface RestoreReport extends StoreContents {
  readonly dataFolder: string;
  readonly madeAt: string;
  /** Where what gave way is kept. */
  readonly replaced: string | undefined;
}

/**
 * Restores a backup.
 * @throws {BackupError} where the file is not whole, the folder's own folder is not there, or the folder is used and may not give way; {StoreError} `InUse`, `Damaged`
 */
export async function restoreBackup({ file, dataFolder, replace, nowMs }: RestoreOptions): Promise<RestoreReport> {
  expectParentFolder("data folder", resolve(dataFolder));
  const folder = prepareFolder(dataFolder);
  const unlock = lockFolder(folder);
  try {
    finishReplacing(folder);
    const stamp = new Date(nowMs).toISOString().replaceAll(":", "-");
    const [incoming, replaced] = [`${keptFolders.incoming}${stamp}`, `${keptFolders.replaced}${stamp}`];
    const isUsed = contentsOf(folder).length > 0;
    if (isUsed && !replace) {
      throw new BackupError(
        `data folder "${folder}" holds a bar already; --replace puts the backup there and keeps what there is in ${replaced}`,
      );
    }
    for (const name of readdirSync(folder)) {
      if (name.startsWith(keptFolders.incoming)) rmSync(join(folder, name), { recursive: true });
    }
    const { madeAt, contents } = await unpack(file, join(folder, incoming));
    await noteRestore(join(folder, incoming), { fileName: basename(file), madeAt });
    replaceContents(folder, incoming, replaced);
    return { dataFolder: folder, madeAt, replaced: isUsed ? join(folder, replaced) : undefined, ...contents };
  } finally {
    unlock();
  }
}

async function unpack(file: string, to: string): Promise<{ madeAt: string; contents: StoreContents }> {
  const folders = new Set<string>();
  try {
    const { madeAt } = await readArchive(file, async (name, body) => {
      const path = join(to, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      for (let folder = dirname(path); folder.length >= to.length; folder = dirname(folder)) folders.add(folder);
      await writeFile(path, body);
    });
    const store = join(to, storeFile);
    if (!existsSync(store)) throw new BackupError(`backup "${file}": it holds no ${storeFile}`);
    const contents = await inspectStore(store);
    rmSync(`${store}-lock`, { force: true });
    for (const folder of folders) syncFolder(folder);
    return { madeAt, contents };
  } catch (error) {
    rmSync(to, { recursive: true, force: true });
    throw error;
  }
}

/** In the folder that comes, so that the restored bar has it at once. One of a newer release is left as it is. */
async function noteRestore(incoming: string, about: JsonObject): Promise<void> {
  try {
    await noteOffline(incoming, commandAct("npm run restore", about));
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "NewerVersion") throw error;
  }
  for (const name of [...lockFiles, `${storeFile}-lock`]) rmSync(join(incoming, name), { force: true });
}

async function writeFile(path: string, body: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of body) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}
