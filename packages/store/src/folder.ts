import { accessSync, chmodSync, constants, mkdirSync, realpathSync } from "node:fs";
import { StoreError } from "./errors.ts";

/** Makes the data folder where it is missing, readable by its owner alone, and proves that it can be written. */
export function prepareFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
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
