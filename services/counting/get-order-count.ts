import type { FunctionHandler } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";

/** The last order number given, 0 before the first. Numbers are drawn by the order processor's workflow itself, in one write each. */
export function getOrderCount({ tables, names }: Deps): FunctionHandler {
  return async () => {
    const item = await tables.getItem({ tableName: names.countingTable, key: { PK: "orderID" } });
    return { orderNumber: typeof item?.IDvalue === "number" ? item.IDvalue : 0 };
  };
}
