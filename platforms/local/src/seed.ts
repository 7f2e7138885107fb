import type { SeedItem } from "@serverlesspresso/blueprint";
import type { Transaction } from "@serverlesspresso/store";
import type { TablesEngine } from "@serverlesspresso/tables";
import { kinds } from "./record-kinds.ts";

/** Gives a new shop what it starts with, once: what was deleted since stays deleted. */
export function seedTables(tx: Transaction, tables: TablesEngine, items: readonly SeedItem[]): void {
  const key = kinds.applied.key("seed");
  if (tx.get(key) !== undefined) return;
  for (const { tableName, item } of items) tables.execute(tx, "PutItem", { TableName: tableName, Item: item });
  tx.put(key, 1);
}
