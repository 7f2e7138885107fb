/** `npm run backup -- FILE` and `npm run restore -- FILE`: options in, one sentence out. */
import { parseArgs } from "node:util";
import { createSystemClock } from "@serverlesspresso/clock";
import { isDataFolderError } from "../data-folder.ts";
import { makeBackup } from "./backup.ts";
import { BackupError } from "./errors.ts";
import { restoreBackup } from "./restore.ts";

// Whatever writes records declares their kinds.
import "../platform.ts";

const usage = `npm run backup -- FILE [--data FOLDER] [--without-damaged]
npm run restore -- FILE [--data FOLDER] [--replace]

  FILE                     the backup, a tar archive; it holds signing keys and credentials
  --data FOLDER, DATA_DIR  the bar's folder (./data)
  --without-damaged        leave out log lines, metrics, old events and histories that are not what was written, where there are any
  --replace                restore over a bar that is there; what it holds is kept in a folder inside
`;

class UsageError extends Error {}

async function run([command, ...args]: readonly string[]): Promise<string> {
  const { file, dataFolder, replace, withoutDamaged } = readOptions(args);
  const nowMs = createSystemClock().nowMs();
  if (command === "backup") {
    const { values, files, leftOut, ...made } = await makeBackup({ file, dataFolder, nowMs, withoutDamaged });
    const missing = leftOut.map((kind) => ` Left out, because they were damaged: ${kind.values} of ${kind.holds}.`).join("");
    return `${made.file} holds ${files} files, ${values} values of the store among them; all were read back.${missing} It holds keys: keep it as you keep a password.`;
  }
  const { values, madeAt, replaced, ...restored } = await restoreBackup({ file, dataFolder, replace, nowMs });
  const kept = replaced === undefined ? "" : ` What was there is kept in ${replaced}.`;
  return `${restored.dataFolder} holds the bar as of ${madeAt}, ${values} values.${kept}`;
}

interface Options {
  readonly file: string;
  readonly dataFolder: string;
  readonly replace: boolean;
  readonly withoutDamaged: boolean;
}

function readOptions(args: readonly string[]): Options {
  const options = { data: { type: "string" }, replace: { type: "boolean" }, "without-damaged": { type: "boolean" } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new Error(`FILE is given ${positionals.length} times, expected once`);
    const dataFolder = values.data ?? (process.env.DATA_DIR || "./data");
    return { file, dataFolder, replace: values.replace === true, withoutDamaged: values["without-damaged"] === true };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
}

try {
  console.log(await run(process.argv.slice(2)));
} catch (error) {
  const isTold = [UsageError, BackupError].some((type) => error instanceof type) || isDataFolderError(error) || "code" in (error as Error);
  console.error(isTold ? (error as Error).message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
