/** Commands on a data folder, whether or not a bar runs on it. */
import { defineCommand } from "../command.ts";
import { list, required, toggle } from "../setting.ts";
import { text } from "../value-kinds.ts";
import { dataFolder, keep } from "./shared.ts";

const file = required({
  operand: "FILE",
  kind: { ...text, expected: "the file of a backup" },
  sentence: "the backup, a tar archive; it holds signing keys and credentials",
});

/** `npm run backup`. */
export const backup = defineCommand({
  name: "backup",
  call: "npm run backup --",
  sentence: "Saves the bar, keys included, into one file and reads the file back before it ends. The bar may run meanwhile.",
  settings: {
    file,
    dataFolder,
    withoutDamaged: toggle({
      flag: "--without-damaged",
      sentence: "leaves out damaged log lines, metrics, old events and histories, and counts them",
    }),
  },
});

/** `npm run restore`. */
export const restore = defineCommand({
  name: "restore",
  call: "npm run restore --",
  sentence: "Puts a backup into an empty folder on which no bar runs.",
  settings: {
    file,
    dataFolder,
    replace: toggle({
      flag: "--replace",
      sentence: "restores over a bar that is there; what it holds is kept in a folder inside",
    }),
  },
});

/** `npm run storage`. */
export const storage = defineCommand({
  name: "storage",
  call: "npm run storage --",
  sentence: "Prints what the folder holds: kinds of records, their number and size, the oldest, and what goes next. Changes nothing.",
  settings: {
    dataFolder,
    keep: list({
      ...keep,
      usual: "as the bar was last started",
      sentence: "what to reckon with; npm start -- --help names the kinds",
    }),
  },
});

/** `npm run rotate-keys`. */
export const rotateKeys = defineCommand({
  name: "rotate-keys",
  call: "npm run rotate-keys --",
  sentence: "Adds a key with which the bar signs from its next token on. Tokens of the key before it hold to their end.",
  settings: { dataFolder },
});
