/** `npm run ratchets`: lowers the figures of `test/house` to what there is. `-- FOLDER` lists what is left there instead (`.`: everywhere). */
import { join } from "node:path";
import dialect from "../../test/house/dialect.json" with { type: "json" };
import { root } from "../install.mjs";
import { dialectIn, documentFiles } from "./dialect.ts";
import { exportsOf } from "./docstrings.ts";
import { lowerFigures } from "./ratchet.ts";
import { documentedFiles, projectRatchets } from "./ratchets.ts";
import { aboveCallers } from "./reading-order.ts";
import { sourceFiles, textOf } from "./sources.ts";

const [folder] = process.argv.slice(2);
if (folder !== undefined) listFaults(folder === "." ? "" : `${folder}/`);
else for (const { path, count } of projectRatchets(dialect)) lowerFigures(path, count());

function listFaults(prefix: string): void {
  for (const file of documentedFiles().filter((one) => one.startsWith(prefix)))
    for (const { line, name } of exportsOf(file, textOf(file)).undocumented)
      console.log(`${join(root, file)}:${line} ${name}: no docstring`);
  for (const file of documentedFiles().filter((one) => one.startsWith(prefix)))
    for (const { line, name } of aboveCallers(file, textOf(file)))
      console.log(`${join(root, file)}:${line} ${name}: stands above the first function that calls it`);
  for (const file of [...sourceFiles(), ...documentFiles()].filter((one) => one.startsWith(prefix)))
    for (const { line, said, instead } of dialectIn(file, textOf(file), dialect))
      console.log(`${join(root, file)}:${line} "${said}": ${instead}`);
}
