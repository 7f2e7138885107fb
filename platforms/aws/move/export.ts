import { blueprint } from "@serverlesspresso/blueprint";
import { names, openStates } from "@serverlesspresso/contract";
import { type DataHeader, type Entry, writeDataFile } from "./data-file.ts";
import type { MoveTables } from "./tables.ts";

const isOpen: ReadonlySet<unknown> = new Set(openStates);

/** The result of an export. */
export interface Exported {
  readonly header: DataHeader;
  /** The number of orders whose workflow still runs; an export does not contain workflows. */
  readonly openOrders: number;
}

/** Writes all tables of the blueprint to a file. @throws {MoveError} if a table is missing */
export async function exportData(tables: Pick<MoveTables, "checkTable" | "scan">, file: string, madeAt: string): Promise<Exported> {
  for (const table of blueprint.tables) await tables.checkTable(table);
  let openOrders = 0;
  async function* entries(): AsyncGenerator<Entry> {
    for (const { name } of blueprint.tables) {
      for await (const item of tables.scan(name)) {
        if (name === names.orderTable && isOpen.has(item.ORDERSTATE?.S)) openOrders += 1;
        yield { table: name, item };
      }
    }
  }
  const header = await writeDataFile(
    file,
    blueprint.tables.map(({ name }) => name),
    entries(),
    madeAt,
  );
  return { header, openOrders };
}
