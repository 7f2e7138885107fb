/** `npm run smoke -- [URL]`: one order through a deployed shop, each step printed. Without an address, that of the stack of the present account. */
import { parseArgs } from "node:util";
import { playOrder } from "../smoke/order.ts";
import { readOutputs } from "./cloud/outputs.ts";
import { explain } from "./cloud/tell.ts";

const usage = `npm run smoke -- [URL]

  URL                           the shop's address; without it, that of the deployed stack
  ADMIN_EMAIL, ADMIN_PASSWORD   a member of staff, who plays the barista`;

async function run(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean", short: "h" } } });
  const { ADMIN_EMAIL: adminEmail, ADMIN_PASSWORD: adminPassword } = process.env;
  if (values.help === true || adminEmail === undefined || adminPassword === undefined) {
    console.log(usage);
    process.exitCode = values.help === true ? 0 : 1;
    return;
  }
  const url = positionals[0] ?? (await readOutputs()).Url;
  if (url === undefined) throw new Error("no shop is deployed here; give its address");
  await playOrder({ url: url.replace(/\/$/, ""), adminEmail, adminPassword, log: console.log });
  console.log("All is well.");
}

await run().catch(explain);
