/**
 * `npm run regexes`: has recheck judge the regular expressions that `judged.json` does not know, and writes those that it finds linear there;
 * `-- --all` begins anew, which takes a minute. Those that it finds otherwise are printed, with an attack, and left out.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { regexes, runCommand } from "@serverlesspresso/commands";
import { excused } from "./excused.ts";
import { extractRegexes } from "./extract.ts";
import { faultOf } from "./judge.ts";

const file = join(import.meta.dirname, "judged.json");
await runCommand(regexes, async ({ values: { isAll } }) => {
  const before = isAll ? [] : (JSON.parse(readFileSync(file, "utf8")) as string[]);
  const judged: string[] = [];
  for (const [written, files] of extractRegexes().literals) {
    const fault = before.includes(written) ? undefined : await faultOf(written);
    if (fault !== undefined) {
      console.error(`${fault}; in ${files.join(", ")}`);
      process.exitCode = 1;
    } else if (!excused.has(written)) judged.push(written);
  }
  writeFileSync(file, `${JSON.stringify(judged.sort(), null, 2)}\n`);
});
process.exit();
