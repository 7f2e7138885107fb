/** `npm run storage`: what a data folder holds and what goes next, whether or not a bar runs on it. Changes nothing. */
import { resolve } from "node:path";
import { createSystemClock } from "@serverlesspresso/clock";
import { readStored, StoreError, surveyStore } from "@serverlesspresso/store";
import { readSettings, SettingsError } from "../settings.ts";
import { type Keep, keepKey, keepOf, type StoredKeep, usualKeep } from "../upkeep/keep.ts";
import { describeStorage, type KnownKeep } from "./report.ts";
// Whatever writes records declares their kinds.
import "../platform.ts";

const usage = `npm run storage -- [--data FOLDER] [--keep KIND=DAYS ...]

  --data FOLDER, DATA_DIR  the bar's folder (./data)
  --keep KIND=DAYS, KEEP   what to reckon with instead of what the bar was last started with; see npm start -- --help
`;

async function knownKeep(folder: string, given: Keep): Promise<KnownKeep> {
  const isGiven = (process.env.KEEP ?? "") !== "" || process.argv.slice(2).some((word) => /^--keep(?:=|$)/.test(word));
  if (isGiven) return { keep: given, from: "as --keep and KEEP say here" };
  const stored = await readStored<StoredKeep>(folder, keepKey);
  if (stored === undefined)
    return { keep: usualKeep, from: "as a bar does that is started without --keep: none has written down otherwise here" };
  return { keep: keepOf(stored), from: "as the bar of this folder was last started" };
}

try {
  const { help, dataFolder, keep } = readSettings(process.argv.slice(2), process.env);
  const folder = resolve(dataFolder);
  if (help) console.log(usage);
  else {
    const survey = await surveyStore(folder);
    console.log(describeStorage(folder, survey, await knownKeep(folder, keep), createSystemClock().nowMs()));
  }
} catch (error) {
  const isTold = error instanceof StoreError || error instanceof SettingsError;
  console.error(isTold ? error.message : error);
  process.exitCode = error instanceof SettingsError ? 2 : 1;
}
