/** `npm run diff`: what a deployment would change in the present account and region. */
import { readAccount } from "./cloud/account.ts";
import { runCdk } from "./cloud/cdk.ts";
import { explain } from "./cloud/tell.ts";
import { synthesize } from "./synth.ts";

async function run(): Promise<void> {
  console.log(`Comparing with ${await readAccount()}`);
  await synthesize(console.log);
  await runCdk(["diff", "--all"]);
}

await run().catch(explain);
