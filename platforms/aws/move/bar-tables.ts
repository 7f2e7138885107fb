/** What the blueprint says of a bar's tables: their keys, what a new bar begins with, and which item counts orders. */
import { type Blueprint, blueprint, type TableBlueprint } from "@serverlesspresso/blueprint";
import type { Entry } from "./data-file.ts";
import { MoveError } from "./tables.ts";
import { readItem, sameItem, type WireItem } from "./wire-item.ts";

/** The tables of one bar. */
export interface BarTables {
  readonly all: readonly TableBlueprint[];
  /** @throws {MoveError} where the bar has no table of that name */
  tableOf(name: string): TableBlueprint;
  /** Returns the names of a table's key attributes. */
  keyNames(table: string): string[];
  /** Returns the item that a new bar has under this key, or undefined. */
  seedOf(table: string, item: WireItem): WireItem | undefined;
  isSeed(table: string, standing: WireItem): boolean;
  isOrder(entry: Entry): boolean;
  /** Returns whether an item is the counter of order numbers. */
  isCounter(entry: Entry): boolean;
}

/** Returns the tables of a bar, by default of the first. */
export function barTablesOf({ names, tables, seed }: Pick<Blueprint, "names" | "tables" | "seed"> = blueprint): BarTables {
  function seedOf(table: string, item: WireItem): WireItem | undefined {
    const keys = keyNames(table);
    const seeds = seed.filter(({ tableName }) => tableName === table).map((one) => readItem(one.item));
    return seeds.find((one) => keys.every((key) => JSON.stringify(one[key]) === JSON.stringify(item[key])));
  }

  function keyNames(table: string): string[] {
    const { partitionKey, sortKey } = tableOf(table);
    return [partitionKey, sortKey].flatMap((key) => (key === undefined ? [] : [key.name]));
  }

  function tableOf(name: string): TableBlueprint {
    const found = tables.find((table) => table.name === name);
    if (found === undefined) throw new MoveError(`the file has a table ${name}, which the bar has not`);
    return found;
  }

  return {
    all: tables,
    tableOf,
    keyNames,
    seedOf,
    isSeed(table, standing) {
      const found = seedOf(table, standing);
      return found !== undefined && sameItem(found, standing);
    },
    isOrder: ({ table }) => table === names.orderTable,
    isCounter: ({ table }) => table === names.countingTable,
  };
}
