/** What `npm run export` and `npm run import` share: options, a client, counts printed, failures told in a sentence. */
import { createIds, createSystemClock } from "@serverlesspresso/clock";
import { createClient } from "./client.ts";
import { DataFileError } from "./data-file.ts";
import { exportData } from "./export.ts";
import { importData, keyNames } from "./import.ts";
import { type MoveOptions, OptionError, readMoveOptions } from "./options.ts";
import { createMoveTables, MoveError, type MoveTables } from "./tables.ts";

const clock = createSystemClock();
const ids = createIds(clock);

/** Runs a command and sets the exit code: 2 for a wrong call, 1 where it could not be done. */
export async function run(command: "export" | "import", args: readonly string[]): Promise<void> {
  try {
    const options = readMoveOptions(command, args, process.env);
    await (command === "export" ? runExport : runImport)(createTables(options), options);
  } catch (error) {
    process.exitCode = error instanceof OptionError ? 2 : 1;
    console.error(
      error instanceof OptionError || error instanceof MoveError || error instanceof DataFileError ? error.message : String(error),
    );
  }
}

function createTables(options: MoveOptions): MoveTables {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => clock.at(clock.nowMs() + ms, resolve));
  return createMoveTables(createClient(options), keyNames, { pause, random: ids.random });
}

async function runExport(tables: MoveTables, { file }: MoveOptions): Promise<void> {
  const { header, openOrders } = await exportData(tables, file, new Date(clock.nowMs()).toISOString());
  for (const [name, count] of Object.entries(header.tables)) console.log(`${name}: ${count}`);
  console.log(`${file} holds ${total(Object.values(header.tables))} items.`);
  if (openOrders > 0)
    console.warn(`Open orders: ${openOrders}. Their workflows stay behind: close the bar, let them end, and export again.`);
}

async function runImport(tables: MoveTables, { file, overwrite }: MoveOptions): Promise<void> {
  const report = await importData(tables, file, { overwrite });
  for (const [name, { written, there, kept }] of report)
    console.log(`${name}: ${written} written, ${there} there already${kept === 0 ? "" : `, ${kept} kept: order numbers never go back`}`);
  console.log(`${total([...report.values()].map(({ written }) => written))} items written.`);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
