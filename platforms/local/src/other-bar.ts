import { firstBar, type Names } from "@serverlesspresso/contract";
import type { Engines } from "./engines.ts";

/** The data folder holds another bar than the one that is started. */
export class OtherBarError extends Error {
  override readonly name = "OtherBarError";
}

/**
 * Refuses a folder of another bar before anything is put into it: that bar's guests and orders would disappear behind a second, empty one.
 * @throws {OtherBarError} where the folder has the config table of another bar, and not this bar's
 */
export function expectOwnBar({ store, tables }: Pick<Engines, "store" | "tables">, { bar, configTable }: Names): void {
  const suffix = configTable.slice(bar.length);
  const { TableNames } = tables.query(store, "ListTables", {});
  const found = (Array.isArray(TableNames) ? TableNames.map(String) : []).filter((name) => name.endsWith(suffix));
  const [other] = found;
  if (other === undefined || found.includes(configTable)) return;
  const name = other.slice(0, -suffix.length);
  const otherBar = name === firstBar.toLowerCase() ? firstBar : name;
  throw new OtherBarError(`the data folder holds bar "${otherBar}", not "${bar}"; expected --bar ${otherBar}, or another --data`);
}
