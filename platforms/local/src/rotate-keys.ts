/** `npm run rotate-keys`: a new key to sign tokens with, whether or not a bar runs on the folder. */
import { join, resolve } from "node:path";
import { createSystemClock } from "@serverlesspresso/clock";
import { addSigningKey } from "@serverlesspresso/identity";
import { expectEntries, StoreError } from "@serverlesspresso/store";
import { commandAct, noteOffline } from "./audit/offline.ts";
import { besideStore, isDataFolderError, keysFolder } from "./data-folder.ts";
import { readSettings, SettingsError } from "./settings.ts";

const usage = `npm run rotate-keys -- [--data FOLDER]

  --data FOLDER, DATA_DIR  the bar's folder (./data)

The bar signs with the new key from its next token on. Tokens of the key before it are good to their end.
`;

try {
  const { help, dataFolder } = readSettings(process.argv.slice(2), process.env);
  const folder = resolve(dataFolder);
  console.log(help ? usage : await rotate(folder));
} catch (error) {
  const isTold = isDataFolderError(error) || error instanceof SettingsError;
  console.error(isTold ? error.message : error);
  process.exitCode = error instanceof SettingsError ? 2 : 1;
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
