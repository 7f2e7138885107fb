import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { region } from "./tell.ts";

/** Who calls, and where; rejects where nobody does. */
export async function readAccount(): Promise<string> {
  const { Account, Arn } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  return `account ${Account}, region ${region}, as ${Arn}`;
}
