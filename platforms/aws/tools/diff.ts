/** `npm run diff`: shows what a deployment would change in the current account and region. */
import { diff, runCommand } from "@serverlesspresso/commands";
import { barOf, deploymentOf } from "../src/settings.ts";
import { readAccount } from "./cloud/account.ts";
import { runCdk } from "./cloud/cdk.ts";
import { explain } from "./cloud/tell.ts";
import { synthesize } from "./synth.ts";

await runCommand(diff, async ({ values }) => {
  const bar = barOf(values);
  console.log(`Comparing with ${await readAccount()}`);
  await synthesize(bar, deploymentOf(values), console.log);
  await runCdk(["diff", "--all"]);
}).catch(explain);
