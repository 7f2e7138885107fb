import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import type { Names } from "@serverlesspresso/contract";
import { stackNamesOf } from "../../src/stack-names.ts";
import { region } from "./tell.ts";

/** Resolves to the outputs of a bar's stacks, for example `Url`, `ApiUrl` and `UserPoolId`; `{}` if none of them is deployed. */
export async function readOutputs(names: Names): Promise<Readonly<Record<string, string | undefined>>> {
  const client = new CloudFormationClient({ region });
  const outputs = await Promise.all(Object.values(stackNamesOf(names)).map((name) => outputsOf(client, name)));
  return Object.fromEntries(outputs.flat());
}

async function outputsOf(client: CloudFormationClient, StackName: string): Promise<(readonly [string, string])[]> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const outputs = Stacks.flatMap(({ Outputs = [] }) => Outputs).filter(({ ExportName }) => ExportName === undefined);
    return outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue] as const);
  } catch (error) {
    if ((error as Error).message.includes("does not exist")) return [];
    throw error;
  }
}
