/** `npm run storage`: what a data folder holds and what goes next, whether or not a bar runs on it. Changes nothing. */
import { resolve } from "node:path";
import { createSystemClock } from "@serverlesspresso/clock";
import { type Call, runCommand, storage } from "@serverlesspresso/commands";
import { readStored, StoreError, surveyStore } from "@serverlesspresso/store";
import { readKeep } from "../settings.ts";
import { keepKey, keepOf, type StoredKeep, usualKeep } from "../upkeep/keep.ts";
import { describeStorage, type KnownKeep } from "./report.ts";
// Whatever writes records declares their kinds.
import "../platform.ts";

type StorageCall = Call<typeof storage.settings>;

async function tell(call: StorageCall): Promise<void> {
  const folder = resolve(call.values.dataFolder);
  const survey = await surveyStore(folder);
  console.log(describeStorage(folder, survey, await knownKeep(folder, call), createSystemClock().nowMs()));
}

async function knownKeep(folder: string, { values, nameOf }: StorageCall): Promise<KnownKeep> {
  const name = nameOf("keep");
  if (name !== undefined) return { keep: readKeep(name, values.keep), from: "as --keep and KEEP say here" };
  const stored = await readStored<StoredKeep>(folder, keepKey);
  if (stored === undefined)
    return { keep: usualKeep, from: "as a bar does that is started without --keep: none has written down otherwise here" };
  return { keep: keepOf(stored), from: "as the bar of this folder was last started" };
}

try {
  await runCommand(storage, tell);
} catch (error) {
  console.error(error instanceof StoreError ? error.message : error);
  process.exitCode = 1;
}
