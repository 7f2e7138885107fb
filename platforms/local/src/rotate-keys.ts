/** `npm run rotate-keys`: a new key to sign tokens with, whether or not a bar runs on the folder. */
import { join, resolve } from "node:path";
import { createSystemClock } from "@serverlesspresso/clock";
import { rotateKeys, runCommand } from "@serverlesspresso/commands";
import { addSigningKey } from "@serverlesspresso/identity";
import { expectEntries, StoreError } from "@serverlesspresso/store";
import { commandAct, noteOffline } from "./audit/offline.ts";
import { besideStore, isDataFolderError, keysFolder } from "./data-folder.ts";

try {
  await runCommand(rotateKeys, async ({ values }) => console.log(await rotate(resolve(values.dataFolder))));
} catch (error) {
  console.error(isDataFolderError(error) ? error.message : error);
  process.exitCode = 1;
}

async function rotate(folder: string): Promise<string> {
  expectEntries(folder, besideStore);
  const keys = join(folder, keysFolder);
  const kid = await addSigningKey(keys, createSystemClock().nowMs());
  const made = `${keys} has a new signing key, ${kid}.`;
  try {
    await noteOffline(folder, commandAct("npm run rotate-keys", { keyId: kid }));
    return made;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // A bar that runs on the folder sees the key and writes the act itself.
    return error.code === "InUse" ? made : `${made} The audit log does not say so: ${error.message}`;
  }
}
