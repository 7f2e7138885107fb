/** `npm run import -- FILE`: a file's items into a bar's tables. */
import { importData } from "@serverlesspresso/commands";
import { run } from "../move/command.ts";

await run(importData);
