/** `npm run export -- FILE`: a bar's tables into one file. */
import { run } from "../move/command.ts";

await run("export", process.argv.slice(2));
