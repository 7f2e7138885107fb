/** `writer.child.ts FOLDER CHANGES`: makes so many changes, eight at a time, and prints the number of each once it is acknowledged. */
import { writeSync } from "node:fs";
import { keyOf, openStore } from "@serverlesspresso/store";
import { change } from "./load.ts";

const [folder = "", changes = "0"] = process.argv.slice(2);
const store = await openStore({ folder, onFailure: (error) => process.exit(error.message.length > 0 ? 3 : 1) });
let number = store.get<number>(keyOf("last")) ?? 0;
const end = number + Number(changes);
const writer = async (): Promise<void> => {
  while (number < end) {
    const mine = ++number;
    await change(store, mine);
    writeSync(1, `acked ${mine}\n`);
  }
};
await Promise.all(Array.from({ length: 8 }, writer));
// As it would be cut off: not closed.
process.exit(0);
