import { statSync } from "node:fs";
import { dirname } from "node:path";

/** Why a backup or its restoring cannot be. The message names the file, what it has and what was expected. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

/**
 * Refuses a name in a folder that is not there: it may be on a disk that is not mounted, and made, it would lie on another.
 * @param path absolute
 * @throws {BackupError}
 */
export function expectParentFolder(what: string, path: string): void {
  const parent = dirname(path);
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new BackupError(`${what} "${path}": there is no folder "${parent}"; expected one that is there, on a disk that is mounted`);
}
