/** What `npm run export` and `npm run import` share: options, a client, printed counts, and a sentence for each failure. */
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import { exportData, importData, runCommand, type Values } from "@serverlesspresso/commands";
import { barOf } from "../src/settings.ts";
import { type BarTables, barTablesOf } from "./bar-tables.ts";
import { createClient, type MoveOptions } from "./client.ts";
import { DataFileError } from "./data-file.ts";
import { exportData as writeFile } from "./export.ts";
import { importData as readFile } from "./import.ts";
import { createMoveTables, MoveError, type MoveTables } from "./tables.ts";

const clock = createSystemClock();
const ids = createIds(clock);

/** Runs `npm run export` or `npm run import` and sets the exit code: 2 for wrong arguments, 1 for a failure. */
export async function run(command: typeof exportData | typeof importData): Promise<void> {
  try {
    await (command === exportData
      ? runCommand(exportData, ({ values }) => runExport(values))
      : runCommand(importData, ({ values }) => runImport(values)));
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof MoveError || error instanceof DataFileError ? error.message : String(error));
  }
}

async function runExport(options: Values<typeof exportData.settings>): Promise<void> {
  const { file } = options;
  const bar = barTablesOf(barOf(options));
  const { header, openOrders } = await writeFile(createTables(options, bar), file, new Date(clock.nowMs()).toISOString(), bar);
  for (const [name, count] of Object.entries(header.tables)) console.log(`${name}: ${count}`);
  console.log(`${file} holds ${total(Object.values(header.tables))} items.`);
  if (openOrders > 0)
    console.warn(`Open orders: ${openOrders}. Their workflows stay behind: close the bar, let them end, and export again.`);
}

function createTables(options: MoveOptions, { keyNames }: BarTables): MoveTables {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => clock.at(clock.nowMs() + ms, resolve));
  return createMoveTables(createClient(options), keyNames, { pause, random: ids.random });
}

async function runImport(options: Values<typeof importData.settings>): Promise<void> {
  const bar = barTablesOf(barOf(options));
  const report = await readFile(createTables(options, bar), options.file, { overwrite: options.isOverwrite, bar });
  for (const [name, { written, there, kept }] of report)
    console.log(`${name}: ${written} written, ${there} there already${kept === 0 ? "" : `, ${kept} kept: order numbers never go back`}`);
  console.log(`${total([...report.values()].map(({ written }) => written))} items written.`);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
