/**
 * Whole orders through the public API, N guests in flight: each spends a code, places a drink, a barista makes and completes it at once, and
 * the order is done when its workflow has ended. A new bar for each level, as `npm start` runs it, its limits lifted. Beside it, in the same
 * run: the same calls answered by a bare server after one durable write each, of what an order leaves in all.
 * `--at 1,64,512` names the levels, `--profile FOLDER` keeps a profile of each; `--quick` is a short look.
 */
import { cpus, loadavg } from "node:os";
import { type BenchOptions, count, milliseconds, onNewFolder, percentile, printTable } from "./measure.ts";
import { calls } from "./orders/guest.ts";
import { type Figures, measureLevel } from "./orders/level.ts";

const usualLevels = [1, 16, 64, 128, 256, 512];

/** Runs the benchmark and prints its table. */
export async function run({ levels = usualLevels, profileFolder, isQuick }: BenchOptions): Promise<void> {
  const busy = loadavg()[0] as number;
  const seconds = isQuick ? 2 : 8;
  const rows: string[][] = [];
  for (const level of levels) {
    const figures = await onNewFolder((folder) => measureLevel(folder, level, seconds, profileFolder));
    rows.push(rowOf(level, figures));
    console.error(rows.at(-1)?.join("  "));
  }
  const times = calls.map((call) => `${call} p50 / p99`);
  const costs = ["processor, an order", "disk, an order", "RSS", "refused"];
  const head = ["in flight", "of floor", "orders/s", "floor/s", ...times, ...costs];
  printTable("Whole orders over the API, and the same calls and bytes without workflow and bus", head, rows);
  console.log("An order's processor time is that of the whole process; its disk, what the folder has grown by.");
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
}

function rowOf(level: number, { orders, latencies, refused, processorMs, diskBytes, megabytes, floor }: Figures): string[] {
  const both = (sorted: readonly number[]): string => [0.5, 0.99].map((p) => milliseconds(percentile(sorted, p))).join(" / ");
  return [
    `${level}`,
    `${(orders.perSecond / floor.perSecond).toFixed(2)}×`,
    ...[orders, floor].map(({ perSecond }) => (perSecond < 10 ? perSecond.toFixed(1) : count(perSecond))),
    ...calls.map((call) => both(latencies[call])),
    milliseconds(processorMs),
    `${(diskBytes / 1_000).toFixed(1)} kB`,
    `${Math.round(megabytes)} MB`,
    refused,
  ];
}
