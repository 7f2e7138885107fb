import { accessSync, chmodSync, constants, existsSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { StoreError } from "./errors.ts";

/** Makes a folder and those it lies in, readable by their owner alone. Node's own `recursive` never ends in `/proc`. */
export function makeFolders(folder: string): void {
  const isNew = !existsSync(folder);
  if (isNew) makeFolders(dirname(resolve(folder)));
  try {
    mkdirSync(folder, { recursive: !isNew, mode: 0o700 });
  } catch (error) {
    // Another process made it meanwhile.
    if (!isNew || !existsSync(folder)) throw error;
  }
}

/** Makes the data folder where it is missing, readable by its owner alone, and proves that it can be written. */
export function prepareFolder(folder: string): string {
  try {
    makeFolders(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(folder, 0o700);
    return realpathSync(folder);
  } catch (cause) {
    throw new StoreError(
      "Unreadable",
      `data folder "${folder}": ${(cause as Error).message}; expected a folder this user can read and write`,
      {
        cause,
      },
    );
  }
}
