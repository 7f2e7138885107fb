/** How the benchmarks measure: real time, after a warm-up, with every latency kept. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a call of `npm run bench` says to the benchmark it names. */
export interface BenchOptions {
  readonly parts: readonly string[];
  readonly isQuick: boolean;
  readonly isWithoutRestate: boolean;
  readonly isWithoutPeer: boolean;
  /** How many are in flight, level by level. */
  readonly levels: readonly number[] | undefined;
  /** Receives a processor profile of what is measured. */
  readonly profileFolder: string | undefined;
}

/** What a measurement gives. */
export interface Measured {
  readonly perSecond: number;
  /** Milliseconds, sorted. */
  readonly latencies: readonly number[];
}

/** Keeps `inFlight` runs of `once` going for `seconds`, after a warm-up. `once` reports latencies in milliseconds, and receives its place among those in flight. */
export async function measure(
  inFlight: number,
  seconds: number,
  once: (report: (milliseconds: number) => void, place: number) => Promise<void>,
): Promise<Measured> {
  const latencies: number[] = [];
  const begun = performance.now();
  const from = begun + Math.min(1_500, seconds * 500);
  const until = from + seconds * 1_000;
  let done = 0;
  const report = (milliseconds: number): void => {
    if (performance.now() >= from) latencies.push(milliseconds);
  };
  const loop = async (place: number): Promise<void> => {
    while (performance.now() < until) {
      await once(report, place);
      const now = performance.now();
      if (now >= from && now < until) done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, place) => loop(place)));
  return { perSecond: done / seconds, latencies: latencies.sort((a, b) => a - b) };
}

/** The value that the share `p` (0 to 1) of all stays at or below. */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** Prints rows under a title, columns aligned. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  console.log(`\n${title}\n${line(head)}\n${widths.map((width) => "-".repeat(width)).join("  ")}`);
  for (const row of rows) console.log(line(row));
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function milliseconds(value: number): string {
  return Number.isNaN(value) ? "–" : `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

/** Gives `work` a folder of its own, which is gone afterwards. */
export async function onNewFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
