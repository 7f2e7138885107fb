/** `npm run storage`: what a data folder holds and what goes next, whether or not a bar runs on it. Changes nothing. */
import { resolve } from "node:path";
import { createSystemClock } from "@serverlesspresso/clock";
import { StoreError, surveyStore } from "@serverlesspresso/store";
import { readSettings, SettingsError } from "../settings.ts";
import { describeStorage } from "./report.ts";
// Whatever writes records declares their kinds.
import "../platform.ts";

const usage = `npm run storage -- [--data FOLDER] [--keep KIND=DAYS ...]

  --data FOLDER, DATA_DIR  the bar's folder (./data)
  --keep KIND=DAYS, KEEP   as the bar is started with; see npm start -- --help
`;

try {
  const { help, dataFolder, keep } = readSettings(process.argv.slice(2), process.env);
  const folder = resolve(dataFolder);
  console.log(help ? usage : describeStorage(folder, await surveyStore(folder), keep, createSystemClock().nowMs()));
} catch (error) {
  const isTold = error instanceof StoreError || error instanceof SettingsError;
  console.error(isTold ? error.message : error);
  process.exitCode = error instanceof SettingsError ? 2 : 1;
}
