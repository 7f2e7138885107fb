/** Why a backup or its restoring cannot be. The message names the file, what it has and what was expected. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}
