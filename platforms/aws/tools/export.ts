/** `npm run export -- FILE`: writes a bar's tables to one file. */
import { exportData } from "@serverlesspresso/commands";
import { run } from "../move/command.ts";

await run(exportData);
