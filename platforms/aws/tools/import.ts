/** `npm run import -- FILE`: writes a file's items to a bar's tables. */
import { importData } from "@serverlesspresso/commands";
import { run } from "../move/command.ts";

await run(importData);
