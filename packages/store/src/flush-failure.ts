import { statfsSync } from "node:fs";
import { constants } from "node:os";
import { getSystemErrorMap } from "node:util";
import { StoreError } from "./errors.ts";

/** What a flush may need beside what it writes. With less free than this, a short write means a full disk; LMDB reports it as EIO. */
const roomForAFlush = 256 * 1024;

/** A flush that was not tried because the disk has no room for it. */
export function noRoom(): Error {
  return Object.assign(new Error("no room for a flush"), { code: constants.errno.ENOSPC });
}

/** A flush's failure with the system's own name of its cause: `ENOSPC`, `EIO`. */
export async function flushFailure(cause: unknown, folder: string): Promise<StoreError> {
  const what = isDiskFull(folder) ? "ENOSPC, no space left on device" : describe(await reasonOf(cause));
  return new StoreError(
    "Failed",
    `a flush to disk failed: ${what}; nothing is accepted from here on; restart to recover from what is on disk`,
    { cause },
  );
}

/** lmdb keeps what the system said in a promise of its own. */
async function reasonOf(cause: unknown): Promise<unknown> {
  try {
    await (cause as { commitError?: Promise<unknown> }).commitError;
    return cause;
  } catch (reason) {
    return reason;
  }
}

function describe(reason: unknown): string {
  const { code, message } = reason as { code?: unknown; message: string };
  const [name, words] = (typeof code === "number" ? getSystemErrorMap().get(-code) : undefined) ?? [];
  return name === undefined ? message : `${name}, ${words}`;
}

/** Whether a flush that writes `bytes` may find no room; false if the system does not say. */
export function isDiskFull(folder: string, bytes = 0): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < roomForAFlush + bytes;
  } catch {
    return false;
  }
}
