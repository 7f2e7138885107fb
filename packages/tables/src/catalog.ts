/**
 * The tables that exist.
 *
 * C1. A definition is durable with the transaction that made it; the ones read often are kept parsed in memory.
 * C2. A definition that was changed and is not durable yet is read from the transaction, never from memory.
 */
import type { Clock } from "@serverlesspresso/ports";
import { type Key, partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { TablesError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";
import type { TableDefinition } from "./table-definition.ts";

/** The definitions of the tables, by name. */
export interface Catalog {
  /** @throws {TablesError} `ResourceNotFoundException` */
  get(view: ReadView, name: string): TableDefinition;
  find(view: ReadView, name: string): TableDefinition | undefined;
  put(tx: Transaction, table: TableDefinition): void;
  remove(tx: Transaction, table: TableDefinition): void;
  /** A number for a new table, never given before. */
  nextId(tx: Transaction): number;
  nowMs(): number;
  /** The tables' names, in order, after one of them. */
  names(view: ReadView, after: string | undefined, limit: number): string[];
}

const definitionKey = (name: string): Key => kinds.definitions.key(name);
const idKey = kinds.nextId.key();

/** Returns the catalog, which keeps in memory the definitions that it has read. */
export function createCatalog(clock: Clock): Catalog {
  const known = new Map<string, TableDefinition>();
  const changing = new Map<string, number>();

  function find(view: ReadView, name: string): TableDefinition | undefined {
    const cached = known.get(name);
    if (cached !== undefined) return cached;
    const table = view.get<TableDefinition>(definitionKey(name));
    if (table !== undefined && !changing.has(name)) known.set(name, table);
    return table;
  }

  /** A transaction that fails leaves its mark, which costs a read of the definition and nothing else. */
  function change(tx: Transaction, name: string): void {
    known.delete(name);
    changing.set(name, (changing.get(name) ?? 0) + 1);
    tx.afterCommit(() => {
      const left = (changing.get(name) ?? 1) - 1;
      if (left === 0) changing.delete(name);
      else changing.set(name, left);
    });
  }

  return {
    find,
    get(view, name) {
      const table = find(view, name);
      if (table === undefined) throw new TablesError("ResourceNotFoundException", "Requested resource not found");
      return table;
    },
    put(tx, table) {
      change(tx, table.name);
      tx.put(definitionKey(table.name), table);
    },
    remove(tx, table) {
      change(tx, table.name);
      tx.delete(definitionKey(table.name));
    },
    nextId(tx) {
      const id = tx.get<number>(idKey) ?? 1;
      tx.put(idKey, id + 1);
      return id;
    },
    nowMs: () => clock.nowMs(),
    names(view, after, limit) {
      const range = kinds.definitions.range();
      const start = after === undefined ? range.start : `${definitionKey(after)}\u0000`;
      return view.scan({ start, end: range.end }, { limit }).map(([key]) => partsOf(key)[2] as string);
    },
  };
}
