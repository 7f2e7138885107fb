/** `npm run smoke -- [URL]`: plays one order at a deployed shop and prints each step. Without an address it takes that of the current account's stack. */
import { runCommand, smoke, UsageError } from "@serverlesspresso/commands";
import { playOrder } from "../smoke/order.ts";
import { barOf } from "../src/settings.ts";
import { readOutputs } from "./cloud/outputs.ts";
import { explain } from "./cloud/tell.ts";

await runCommand(smoke, async ({ values: { url: given, bar, adminEmail, adminPassword } }) => {
  if (adminEmail === undefined || adminPassword === undefined) {
    throw new UsageError("ADMIN_EMAIL and ADMIN_PASSWORD are not both given, expected those of a member of staff");
  }
  const url = given ?? (await readOutputs(barOf({ bar }).names)).Url;
  if (url === undefined) throw new Error("no shop is deployed here; give its address");
  await playOrder({ url: url.replace(/\/$/, ""), adminEmail, adminPassword, log: console.log });
  console.log("All is well.");
}).catch(explain);
