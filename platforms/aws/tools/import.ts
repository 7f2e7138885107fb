/** `npm run import -- FILE`: a file's items into a bar's tables. */
import { run } from "../move/command.ts";

await run("import", process.argv.slice(2));
