/** A folder of a bar as long use leaves it, made through the engines themselves: orders that are over, and some that wait for the bar. */
import { blueprint } from "@serverlesspresso/blueprint";
import { platformTableOf } from "@serverlesspresso/blueprint/edge/platform-table.ts";
import { names } from "@serverlesspresso/contract";
import { putTables } from "../../platforms/local/src/tables.ts";
import { drinkOrder, openSystem, type System, verdict } from "../lifecycle/system.ts";

const inFlight = 512;
/** The engine's bench makes these for itself. */
const made: readonly string[] = [names.configTable, names.countingTable];

/** Fills the folder. */
export async function fillFolder(folder: string, closed: number, open: number): Promise<void> {
  const system = await openSystem(folder);
  const { store, tables } = system;
  const tablesLeft = blueprint.tables.filter(({ name }) => !made.includes(name));
  await store.transact((tx) => putTables(tx, tables, [...tablesLeft, platformTableOf(blueprint.names)]));
  let begun = 0;
  const loop = async (): Promise<void> => {
    while (begun < closed + open) await order(system, begun++ < closed);
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  await system.close();
}

async function order(system: System, isClosed: boolean): Promise<void> {
  const { store, tables, ids, clock } = system;
  const id = ids.ulid();
  const first = await system.begin(id);
  const second = (await system.answer(id, first, drinkOrder)) ?? "";
  if (isClosed) await system.answer(id, second, verdict);
  const Item = {
    PK: { S: "orders" },
    SK: { S: id },
    USERID: { S: ids.uuid() },
    ORDERSTATE: { S: isClosed ? "COMPLETED" : "SUBMITTED" },
    createdMs: { N: `${clock.nowMs()}` },
    TS: { N: `${clock.nowMs()}` },
    TaskToken: { S: second },
    drinkOrder: { M: { drink: { S: "Latte" }, modifiers: { L: [{ S: "Oat" }] } } },
    ...Object.fromEntries(["name", "note", "reason", "baristaUserId"].map((name) => [name, { S: "" }])),
  };
  await store.transact((tx) => tables.execute(tx, "PutItem", { TableName: names.orderTable, Item }));
}
