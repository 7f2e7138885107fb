import { openStates } from "@serverlesspresso/contract";
import { type BarTables, barTablesOf } from "./bar-tables.ts";
import { type DataHeader, type Entry, writeDataFile } from "./data-file.ts";
import type { MoveTables } from "./tables.ts";

const isOpen: ReadonlySet<unknown> = new Set(openStates);

/** The result of an export. */
export interface Exported {
  readonly header: DataHeader;
  /** The number of orders whose workflow still runs; an export does not contain workflows. */
  readonly openOrders: number;
}

/** Writes all tables of a bar to a file. @throws {MoveError} if a table is missing */
export async function exportData(
  tables: Pick<MoveTables, "checkTable" | "scan">,
  file: string,
  madeAt: string,
  bar: BarTables = barTablesOf(),
): Promise<Exported> {
  for (const table of bar.all) await tables.checkTable(table);
  let openOrders = 0;
  async function* entries(): AsyncGenerator<Entry> {
    for (const { name } of bar.all) {
      for await (const item of tables.scan(name)) {
        const entry = { table: name, item };
        if (bar.isOrder(entry) && isOpen.has(item.ORDERSTATE?.S)) openOrders += 1;
        yield entry;
      }
    }
  }
  const header = await writeDataFile(
    file,
    bar.all.map(({ name }) => name),
    entries(),
    madeAt,
  );
  return { header, openOrders };
}
