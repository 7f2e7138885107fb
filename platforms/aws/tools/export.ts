/** `npm run export -- FILE`: a bar's tables into one file. */
import { exportData } from "@serverlesspresso/commands";
import { run } from "../move/command.ts";

await run(exportData);
