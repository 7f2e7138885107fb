/** What lies in a data folder under a name is what belongs there: opened, a folder is an error without a name, and a FIFO waits for ever. */
import { lstatSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "./errors.ts";
import { wayOut } from "./file-check.ts";

/** Names in a folder, and what each is where it is there. A folder's name stands before those inside of it. */
export type Entries = Readonly<Record<string, "a file" | "a folder">>;

const kinds = {
  isFile: "a file",
  isDirectory: "a folder",
  isFIFO: "a FIFO",
  isSocket: "a socket",
  isBlockDevice: "a block device",
  isCharacterDevice: "a character device",
  isSymbolicLink: "a link to nothing",
} satisfies Partial<Record<keyof Stats, string>>;

/** Refuses a folder that holds something else under one of these names. @throws {StoreError} `Unreadable` */
export function expectEntries(folder: string, entries: Entries): void {
  for (const [name, belongs] of Object.entries(entries)) {
    const path = join(folder, name);
    const has = entryKind(path);
    if (has !== undefined && has !== belongs) {
      throw new StoreError("Unreadable", `"${path}" is ${has}, expected ${belongs}; move it away, or ${wayOut}`);
    }
  }
}

/** What lies at `path`, by way of links; undefined where there is nothing, or nothing this user can look at. */
export function entryKind(path: string): (typeof kinds)[keyof typeof kinds] | undefined {
  const found = look(statSync, path) ?? look(lstatSync, path);
  const is = (Object.keys(kinds) as (keyof typeof kinds)[]).find((kind) => found?.[kind]());
  return is && kinds[is];
}

function look(stat: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return stat(path);
  } catch {
    return undefined;
  }
}
