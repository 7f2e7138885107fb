/** Writes transactions of three keys as fast as it can and prints the number of each once it is acknowledged. Run by durability.test.ts. */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { keyOf, openStore } from "./index.ts";

const [folder = "", valueBytes = "100"] = process.argv.slice(2);
const store = await openStore({
  folder,
  onFailure: (error) => {
    writeSync(2, `${error.code}: ${error.message}\n`);
    // One turn later: an uncaught rejection of LMDB ends the process before.
    setImmediate(() => process.exit(3));
  },
});
// What no compression makes smaller.
const filler = randomBytes(Number(valueBytes)).toString("base64").slice(0, Number(valueBytes));
let number = store.get<number>(keyOf("last")) ?? 0;
writeSync(1, `ready ${number}\n`);
const writer = async (): Promise<void> => {
  for (;;) {
    const mine = ++number;
    await store.transact((tx) => {
      tx.put(keyOf("a", mine), filler);
      tx.put(keyOf("b", mine), mine);
      tx.put(keyOf("last"), mine);
    });
    writeSync(1, `acked ${mine}\n`);
  }
};
await Promise.allSettled(Array.from({ length: 8 }, writer));
