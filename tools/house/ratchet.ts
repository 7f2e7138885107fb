/**
 * A ratchet: how many faults of a kind each folder still has, in a file of the repository. A figure may only shrink.
 *
 * RA1. A folder without a figure has no faults.
 * RA2. A figure above what there is has to be lowered, so that no fault comes back unseen.
 */
import { readFileSync, writeFileSync } from "node:fs";

/** Faults by folder. */
export type Figures = Readonly<Record<string, number>>;

/** Returns the figures of a file. */
export function readFigures(path: string): Figures {
  return JSON.parse(readFileSync(path, "utf8")) as Figures;
}

/** The folder that a file's faults count for: `packages/store`, `platforms/local`, `services`. Moves within it change no figure. */
function folderOf(file: string): string {
  const [area = "", name = "", ...rest] = file.split("/");
  if (name === "") return ".";
  return ["packages", "platforms", "apps", "test"].includes(area) && rest.length > 0 ? `${area}/${name}` : area;
}

/** Returns the faults of each folder that has any. */
export function countByFolder(files: readonly string[], faultsOf: (file: string) => number): Figures {
  const counts = new Map<string, number>();
  for (const file of files) {
    const folder = folderOf(file);
    counts.set(folder, (counts.get(folder) ?? 0) + faultsOf(file));
  }
  return Object.fromEntries([...counts].filter(([, count]) => count > 0));
}

/** Returns what is wrong with the figures, in sentences that say what to do. */
export function ratchetFaults(allowed: Figures, real: Figures): string[] {
  const folders = [...new Set([...Object.keys(allowed), ...Object.keys(real)])].sort();
  return folders.flatMap((folder) => {
    const [most, count] = [allowed[folder] ?? 0, real[folder] ?? 0];
    if (count > most) return [`${folder} has ${count}, expected at most ${most}: npm run ratchets -- ${folder} lists them`];
    return count < most ? [`${folder} has ${count}, its figure is ${most}: lower the figure (npm run ratchets)`] : [];
  });
}

/** Lowers the figures of a file to what there is. Figures that are too low stay as they are. */
export function lowerFigures(path: string, real: Figures): void {
  const lowered = Object.entries(readFigures(path)).map(([folder, most]) => [folder, Math.min(most, real[folder] ?? 0)] as const);
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(lowered.filter(([, count]) => count > 0)), undefined, 2)}\n`);
}
