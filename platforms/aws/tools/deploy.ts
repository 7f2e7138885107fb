/** `npm run deploy`: deploys the shop to the current account and region and creates its first admin. */
import { randomInt } from "node:crypto";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { deploy, runCommand } from "@serverlesspresso/commands";
import { barOf, deploymentOf } from "../src/settings.ts";
import { readAccount } from "./cloud/account.ts";
import { runCdk } from "./cloud/cdk.ts";
import { ensureFirstAdmin, hasOperator } from "./cloud/first-admin.ts";
import { readOutputs } from "./cloud/outputs.ts";
import { explain, region } from "./cloud/tell.ts";
import { synthesize } from "./synth.ts";

await runCommand(deploy, async ({ values }) => {
  const bar = barOf(values);
  console.log(`Deploying to ${await readAccount()}`);
  await synthesize(bar, deploymentOf(values), console.log);
  const approval = values.isYes ? "never" : "broadening";
  await runCdk(["deploy", "--all", "--require-approval", approval]);
  const { Url, UserPoolId } = await readOutputs(bar.names);
  const pool = new CognitoIdentityProviderClient({ region });
  const admin = await ensureFirstAdmin(pool, String(UserPoolId), {
    email: values.adminEmail,
    password: values.adminPassword ?? generatePassword(),
  });
  console.log(`\n${bar.names.bar} is open.\n`);
  for (const app of ["order", "barista", "display", "console"])
    console.log(`  ${`${app[0]?.toUpperCase()}${app.slice(1)}`.padEnd(10)} ${Url}/${app}/`);
  if (admin !== undefined) console.log(`\n  First admin    ${admin.email}\n  Password       ${admin.password}   (shown only now; keep it)`);
  if (!(await hasOperator(pool, String(UserPoolId)))) {
    const command = `aws cognito-idp admin-add-user-to-group --region ${region} --user-pool-id ${UserPoolId} --group-name operator --username EMAIL`;
    console.log(`\n  Nobody is an operator, so no device can be paired. Name one:\n  ${command}`);
  }
  console.log(
    `\nnpm run smoke plays one order through it; npm run destroy takes it away.${values.bar === undefined ? "" : ` Both take --bar ${values.bar}.`}`,
  );
}).catch(explain);

/** Returns a password of four groups of five characters, without letters that look alike: 98 bits. */
function generatePassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const group = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");
  return Array.from({ length: 4 }, group).join("-");
}
