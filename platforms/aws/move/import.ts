/**
 * Puts a file's items into the tables of a bar.
 *
 * I1. The import writes nothing before it has verified the file, found all tables, and compared every item with the one in its table.
 * I2. An item in a table stays: if it differs from the file's, the whole import is refused, unless it is an item that a new bar starts with, or
 *     `overwrite` is given.
 * I3. An item that is the same in the table is not written; so a repeated import after an interrupted one writes what is missing.
 * I4. The counter of order numbers never decreases, so no number is given twice.
 */
import { type BarTables, barTablesOf } from "./bar-tables.ts";
import { type Entry, readDataFile, verifyDataFile } from "./data-file.ts";
import { type Condition, MoveError, type MoveTables } from "./tables.ts";
import { sameItem, type WireItem } from "./wire-item.ts";

/** The bar that takes the file, and whether items that differ give way. */
export interface ImportOptions {
  readonly overwrite: boolean;
  /** By default the first bar's. */
  readonly bar?: BarTables;
}

/** How many items of a table were written, were the same already (I3), or were kept (I4). */
export interface Imported {
  written: number;
  there: number;
  kept: number;
}
/** The counts by table. */
export type ImportReport = ReadonlyMap<string, Imported>;

const readAtOnce = 100;
const writtenAtOnce = 25;
const mostConflictsTold = 5;

interface Planned {
  readonly entry: Entry;
  readonly standing: WireItem | undefined;
}

/**
 * Imports a file and resolves to the counts by table.
 * @throws {DataFileError} if the file is damaged or incomplete
 * @throws {MoveError} if a table is missing or an item differs (I2)
 */
export async function importData(
  tables: MoveTables,
  file: string,
  { overwrite, bar = barTablesOf() }: ImportOptions,
): Promise<ImportReport> {
  const { tables: counts } = await verifyDataFile(file);
  for (const name of Object.keys(counts)) await tables.checkTable(bar.tableOf(name));
  if (!overwrite) await refuseConflicts(tables, file, bar);
  const report = new Map(Object.keys(counts).map((name) => [name, { written: 0, there: 0, kept: 0 }]));
  for await (const batch of planned(tables, file)) await write(tables, batch, { overwrite, bar }, report);
  return report;
}

/** Compares all items before the first write (I1, I2). */
async function refuseConflicts(tables: MoveTables, file: string, bar: BarTables): Promise<void> {
  const conflicts: Entry[] = [];
  for await (const batch of planned(tables, file)) {
    for (const { entry, standing } of batch) if (standing !== undefined && isConflict(bar, entry, standing)) conflicts.push(entry);
  }
  if (conflicts.length > 0) throw conflictError(bar, conflicts, "nothing was written");
}

function isConflict(bar: BarTables, entry: Entry, standing: WireItem): boolean {
  return !sameItem(entry.item, standing) && !bar.isSeed(entry.table, standing) && !bar.isCounter(entry);
}

function conflictError(bar: BarTables, conflicts: readonly Entry[], so: string): MoveError {
  const told = conflicts.slice(0, mostConflictsTold).map(({ table, item }) => `  ${table} ${keyText(bar.keyNames(table), item)}`);
  const more = conflicts.length > told.length ? `\n  and ${conflicts.length - told.length} more` : "";
  return new MoveError(
    `There already and different: ${conflicts.length} of the file's items; ${so}. --overwrite puts the file's in their place.\n${told.join("\n")}${more}`,
  );
}

/** Yields the items of the file in batches, each with the item that its table has under the same key. */
async function* planned(tables: MoveTables, file: string): AsyncGenerator<Planned[]> {
  for await (const entries of batches(readDataFile(file), readAtOnce)) {
    const standing = await tables.read(entries);
    yield entries.map((entry, at) => ({ entry, standing: standing[at] }));
  }
}

async function* batches<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function write(
  tables: MoveTables,
  batch: readonly Planned[],
  { overwrite, bar }: Required<ImportOptions>,
  report: ReadonlyMap<string, Imported>,
): Promise<void> {
  const note = ({ table }: Entry, what: keyof Imported): void => {
    const line = report.get(table);
    if (line !== undefined) line[what] += 1;
  };
  const missing: Entry[] = [];
  for (const { entry, standing } of batch) {
    // The same item (I3).
    if (standing !== undefined && sameItem(entry.item, standing)) note(entry, "there");
    else if (bar.isCounter(entry)) note(entry, (await raiseCounter(tables, entry)) ? "written" : "kept");
    else missing.push(entry);
  }
  for (let at = 0; at < missing.length; at += writtenAtOnce) {
    const some = missing.slice(at, at + writtenAtOnce);
    if (overwrite) await tables.putAll(some);
    else await putMissing(tables, some, bar);
    for (const entry of some) note(entry, "written");
  }
}

/** Writes items under a condition, so that I2 holds even if another client writes at the same time. */
async function putMissing(tables: MoveTables, entries: readonly Entry[], bar: BarTables): Promise<void> {
  const standing = await Promise.all(entries.map((entry) => tables.putIf(entry, absentOrSeed(bar, entry))));
  const conflicts = entries.filter((entry, at) => {
    const found = standing[at];
    return found !== undefined && !sameItem(entry.item, found);
  });
  if (conflicts.length > 0) throw conflictError(bar, conflicts, "somebody writes to these tables: close the bar, then import again");
}

/** Raises the counter if the file's is higher; resolves to true if it did (I4). */
async function raiseCounter(tables: MoveTables, entry: Entry): Promise<boolean> {
  const condition = {
    expression: "attribute_not_exists(PK) OR IDvalue < :value",
    names: {},
    values: { ":value": entry.item.IDvalue ?? { N: "0" } },
  };
  return (await tables.putIf(entry, condition)) === undefined;
}

function absentOrSeed(bar: BarTables, { table, item }: Entry): Condition {
  const absent = "attribute_not_exists(PK)";
  const seed = Object.entries(bar.seedOf(table, item) ?? {});
  if (seed.length === 0) return { expression: absent, names: {}, values: {} };
  return {
    expression: `${absent} OR (${seed.map((_, at) => `#a${at} = :a${at}`).join(" AND ")})`,
    names: Object.fromEntries(seed.map(([name], at) => [`#a${at}`, name])),
    values: Object.fromEntries(seed.map(([, value], at) => [`:a${at}`, value])),
  };
}

function keyText(keyNames: readonly string[], item: WireItem): string {
  return keyNames.map((name) => Object.values(item[name] ?? {}).join()).join(" / ");
}
