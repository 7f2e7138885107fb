/**
 * All that a data folder holds gives way to something else, at once.
 *
 * C1. The folder holds the old or the new, wholly: a process that ends in between leaves a note of what is under way, and the next
 *     process that opens the folder finishes it first.
 * C2. What gave way is kept, in a folder inside.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expectEntries } from "./entries.ts";
import { StoreError } from "./errors.ts";
import { wayOut } from "./file-check.ts";
import { syncFolder, writeDurably } from "./files.ts";
import { lockFiles } from "./folder-lock.ts";

const noteFile = "replacing.json";
/** Folders inside a data folder that are not the bar's own state, and stay where they are. */
export const keptFolders = { backups: "backups", replaced: "replaced-", incoming: "incoming-" } as const;

interface Note {
  /** Names inside the folder. */
  readonly incoming: string;
  readonly replaced: string;
  /** Whether the old is out, so that everything in the way from here on is new. */
  readonly isOut: boolean;
}

/** The names of what makes up a bar's state in `folder`. */
export function contentsOf(folder: string): string[] {
  const { backups, replaced, incoming } = keptFolders;
  return readdirSync(folder).filter(
    (name) =>
      ![...lockFiles, backups].includes(name) && !name.startsWith(noteFile) && !name.startsWith(replaced) && !name.startsWith(incoming),
  );
}

/** Puts what lies in the folder's `incoming` in place of all it holds; that goes to its `replaced`. The caller holds the folder's lock. */
export function replaceContents(folder: string, incoming: string, replaced: string): void {
  note(folder, { incoming, replaced, isOut: false });
  finishReplacing(folder);
}

/** Finishes what an earlier process began (C1). @throws {StoreError} `Unreadable`, `Damaged` where its note is not what was written */
export function finishReplacing(folder: string): void {
  expectEntries(folder, { [noteFile]: "a file" });
  if (!existsSync(join(folder, noteFile))) return;
  const begun = readNote(join(folder, noteFile));
  const { incoming, replaced } = begun;
  if (!begun.isOut) {
    move(folder, join(folder, replaced), contentsOf(folder));
    note(folder, { ...begun, isOut: true });
  }
  if (existsSync(join(folder, incoming))) {
    move(join(folder, incoming), folder, readdirSync(join(folder, incoming)));
    rmdirSync(join(folder, incoming));
  }
  rmSync(join(folder, noteFile));
  syncFolder(folder);
}

function readNote(path: string): Note {
  const text = readFileSync(path, "utf8");
  try {
    const { incoming, replaced, isOut } = JSON.parse(text) as Note;
    if (typeof incoming === "string" && typeof replaced === "string") return { incoming, replaced, isOut };
  } catch {
    // Refused below.
  }
  throw new StoreError("Damaged", `"${path}" is not the note of a restore that was cut short; move it away, or ${wayOut}`);
}

function note(folder: string, value: Note): void {
  writeDurably(join(folder, noteFile), JSON.stringify(value));
}

function move(from: string, to: string, names: readonly string[]): void {
  if (names.length === 0) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of names) renameSync(join(from, name), join(to, name));
  syncFolder(to);
  syncFolder(from);
}
