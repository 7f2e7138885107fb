import { signalFunction } from "../edges/signal-function.ts";

/** The last order number given, 0 before the first. Numbers are drawn by the order processor's workflow itself, in one write each. */
export const getOrderCount = signalFunction(({ tables, names }) => async () => {
  const item = await tables.getItem({ tableName: names.countingTable, key: { PK: "orderID" } });
  return { orderNumber: typeof item?.IDvalue === "number" ? item.IDvalue : 0 };
});
