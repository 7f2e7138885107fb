/** `check.child.ts FOLDER=ACKNOWLEDGED ...`: opens each folder's store and prints a line of what is wrong with it, or `whole`. */
import { writeSync } from "node:fs";
import { openStore } from "@serverlesspresso/store";
import { change, findFaults } from "./load.ts";

for (const argument of process.argv.slice(2)) {
  const [folder = "", acknowledged] = argument.split("=");
  writeSync(1, `${await check(folder, Number(acknowledged))}\n`);
}

async function check(folder: string, acknowledged: number): Promise<string> {
  try {
    const store = await openStore({ folder, onFailure: () => {} });
    const faults = findFaults(store, acknowledged);
    // It can also be worked on.
    await change(store, acknowledged + 1_000);
    await store.close();
    return faults.length === 0 ? "whole" : faults.join("; ");
  } catch (error) {
    return `it does not open: ${(error as Error).message}`;
  }
}
