/** Reads every value of a store that may be damaged; ends with 4 and the reason where it says so. Run by durability.test.ts and damage.test.ts. */
import { openStore, rangeOf, StoreError } from "./index.ts";

try {
  const store = await openStore({ folder: process.argv[2] ?? "", onFailure: () => {} });
  console.log(`read ${store.scan(rangeOf("a")).length} values`);
  await store.close();
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  console.log(`${error.code}: ${error.message}`);
  process.exitCode = 4;
}
