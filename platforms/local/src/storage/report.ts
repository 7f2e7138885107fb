/** The table that `npm run storage` prints. */
import type { KindSurvey, StoreSurvey } from "@serverlesspresso/store";
import type { Keep } from "../upkeep/keep.ts";

const dayMs = 86_400_000;
const units = ["B", "kB", "MB", "GB", "TB"];

/** How long a bar keeps what, and who says so. */
export interface KnownKeep {
  readonly keep: Keep;
  readonly from: string;
}

/** What a folder holds, the largest kind first: records, bytes, the oldest, how long they stay and what goes next. */
export function describeStorage(
  folder: string,
  { fileBytes, usedBytes, kinds }: StoreSurvey,
  { keep, from }: KnownKeep,
  nowMs: number,
): string {
  const records = kinds.reduce((sum, kind) => sum + kind.records, 0);
  const rows = kinds
    .toSorted((a, b) => b.bytes - a.bytes)
    .map((found) => [
      found.kind?.holds ?? "records this release does not know",
      found.records.toLocaleString("en"),
      sizeOf(found.bytes),
      found.oldestMs === undefined ? "" : dateOf(found.oldestMs),
      ...stayOf(found, keep, nowMs),
    ]);
  return [
    `${folder}: ${sizeOf(fileBytes)} in the store's file, ${sizeOf(usedBytes)} of them in use, ${records.toLocaleString("en")} records.`,
    "",
    ...table([["", "records", "size", "oldest", "kept", "goes next"], ...rows]),
    "",
    `Kept ${from}.`,
    "Kept otherwise with --keep KIND=DAYS or KEEP at the start of the bar; beyond 64 MB a log group loses its oldest lines earlier.",
  ].join("\n");
}

function stayOf({ kind, oldestMs }: KindSurvey, keep: Keep, nowMs: number): [kept: string, next: string] {
  if (kind === undefined) return ["", ""];
  if (typeof kind.kept === "string") return [kind.kept, ""];
  const days = keep[kind.kept.until as keyof Keep];
  if (days === undefined) return ["forever", ""];
  const kept = `${kind.kept.until}: ${days} days`;
  if (oldestMs === undefined) return [kept, ""];
  const goesMs = oldestMs + days * dayMs;
  return [kept, goesMs <= nowMs ? "within the hour" : dateOf(goesMs)];
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

function sizeOf(bytes: number): string {
  let [size, unit] = [bytes, 0];
  for (; size >= 1_000 && unit < units.length - 1; unit++) size /= 1_000;
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** Columns in line; numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 1 || column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
