/** Small files that are there whole or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Replaces a file; on disk when it returns. */
export function writeDurably(path: string, text: string): void {
  const draft = `${path}.unfinished`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** What was created, renamed or removed in a folder is on disk when it returns. */
export function syncFolder(path: string): void {
  // Windows neither can nor needs to.
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
