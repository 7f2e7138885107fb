/** `npm run backup -- FILE` and `npm run restore -- FILE`: options in, one sentence out. */
import { createSystemClock } from "@serverlesspresso/clock";
import { backup, restore, runCommand, type Values } from "@serverlesspresso/commands";
import { isDataFolderError } from "../data-folder.ts";
import { makeBackup } from "./backup.ts";
import { BackupError } from "./errors.ts";
import { restoreBackup } from "./restore.ts";

// Whatever writes records declares their kinds.
import "../platform.ts";

async function makeIt({ file, dataFolder, withoutDamaged }: Values<typeof backup.settings>): Promise<string> {
  const { values, files, leftOut, ...made } = await makeBackup({ file, dataFolder, nowMs: createSystemClock().nowMs(), withoutDamaged });
  const missing = leftOut.map((kind) => ` Left out, because they were damaged: ${kind.values} of ${kind.holds}.`).join("");
  return `${made.file} holds ${files} files, ${values} values of the store among them; all were read back.${missing} It holds keys: keep it as you keep a password.`;
}

async function putItBack({ file, dataFolder, replace }: Values<typeof restore.settings>): Promise<string> {
  const { values, madeAt, replaced, ...restored } = await restoreBackup({ file, dataFolder, replace, nowMs: createSystemClock().nowMs() });
  const kept = replaced === undefined ? "" : ` What was there is kept in ${replaced}.`;
  return `${restored.dataFolder} holds the bar as of ${madeAt}, ${values} values.${kept}`;
}

const [name, ...args] = process.argv.slice(2);
try {
  if (name === backup.name) await runCommand(backup, async ({ values }) => console.log(await makeIt(values)), { args });
  else await runCommand(restore, async ({ values }) => console.log(await putItBack(values)), { args });
} catch (error) {
  const isTold = error instanceof BackupError || isDataFolderError(error) || "code" in (error as Error);
  console.error(isTold ? (error as Error).message : error);
  process.exitCode = 1;
}
