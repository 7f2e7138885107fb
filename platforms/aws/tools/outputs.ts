/** `npm run outputs`: prints the addresses of the deployed shop. */
import { outputs as command, runCommand } from "@serverlesspresso/commands";
import { barOf } from "../src/settings.ts";
import { readOutputs } from "./cloud/outputs.ts";
import { explain, region } from "./cloud/tell.ts";

await runCommand(command, async ({ values }) => {
  const { names } = barOf(values);
  const outputs = Object.entries(await readOutputs(names));
  if (outputs.length === 0) throw new Error(`no bar "${names.bar}" is deployed in ${region}`);
  for (const [name, value] of outputs) console.log(`${name.padEnd(40)} ${value}`);
}).catch(explain);
