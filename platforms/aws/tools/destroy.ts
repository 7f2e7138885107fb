/** `npm run destroy`: deletes the shop, asks whether to keep its data, and lists what is left. */
import { createInterface } from "node:readline/promises";
import { destroy, runCommand } from "@serverlesspresso/commands";
import { barOf } from "../src/settings.ts";
import { readAccount } from "./cloud/account.ts";
import { createClients, type Holdings, isNothing, printHoldings, readHoldings } from "./cloud/holdings.ts";
import { type Extent, tearDown } from "./cloud/tear-down.ts";
import { explain, region } from "./cloud/tell.ts";

await runCommand(destroy, async ({ values }) => {
  const bar = barOf(values);
  console.log(`Looking at ${await readAccount()}`);
  const clients = createClients(region);
  const holdings = await readHoldings(clients, bar);
  if (isNothing(holdings)) return console.log(`There is no bar "${bar.names.bar}" here, and nothing is left of one.`);
  const extent = values.isEverything ? "everything" : values.isKeepData ? "keep" : await ask(holdings);
  if (extent === undefined) return console.log("Nothing was touched.");
  await tearDown(clients, holdings, extent, console.log, bar);
  const left = await readHoldings(clients, bar);
  console.log(isNothing(left) ? "Nothing is left." : `This is left:\n${printHoldings(left)}`);
}).catch(explain);

/** Returns undefined for any other answer. */
async function ask(holdings: Holdings): Promise<Extent | undefined> {
  console.log(`This is here:\n${printHoldings(holdings)}\n`);
  console.log(`Tables and user pools hold orders and people, log groups what was logged. They stay unless you say "everything";`);
  console.log(`then they are deleted for good, and no recovery brings them back.\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = (await terminal.question(`Type "keep" to take away what runs, "everything" to take away all of it: `)).trim();
  terminal.close();
  return answer === "keep" || answer === "everything" ? answer : undefined;
}
