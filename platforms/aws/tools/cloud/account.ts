import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { region } from "./tell.ts";

/** Resolves to a line with the account, the region and the caller. Rejects without valid credentials. */
export async function readAccount(): Promise<string> {
  const { Account, Arn } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  return `account ${Account}, region ${region}, as ${Arn}`;
}
