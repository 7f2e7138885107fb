/** Opens a store and keeps it until it is killed; says `open`, or the error's words. Run by folder-lock.test.ts. */
import { writeSync } from "node:fs";
import { openStore, type StoreError } from "./index.ts";

try {
  const store = await openStore({ folder: process.argv[2] ?? "", onFailure: () => {} });
  writeSync(1, `open ${process.pid}\n`);
  process.stdin.on("end", () => void store.close()).resume();
} catch (error) {
  const { code, message } = error as StoreError;
  writeSync(1, `${code}: ${message}\n`);
}
