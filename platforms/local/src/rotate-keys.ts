/** `npm run rotate-keys`: a new key to sign tokens with, whether or not a bar runs on the folder. */
import { join, resolve } from "node:path";
import { createSystemClock } from "@serverlesspresso/clock";
import { addSigningKey, KeyFileError } from "@serverlesspresso/identity";
import { readSettings, SettingsError } from "./settings.ts";

const usage = `npm run rotate-keys -- [--data FOLDER]

  --data FOLDER, DATA_DIR  the bar's folder (./data)

The bar signs with the new key from its next token on. Tokens of the key before it are good to their end.
`;

try {
  const { help, dataFolder } = readSettings(process.argv.slice(2), process.env);
  const folder = resolve(dataFolder);
  console.log(
    help
      ? usage
      : `${join(folder, "keys")} has a new signing key, ${await addSigningKey(join(folder, "keys"), createSystemClock().nowMs())}.`,
  );
} catch (error) {
  const isTold = error instanceof KeyFileError || error instanceof SettingsError;
  console.error(isTold ? error.message : error);
  process.exitCode = error instanceof SettingsError ? 2 : 1;
}
