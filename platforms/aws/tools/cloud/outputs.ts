import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { stackNames } from "../../src/stack-names.ts";
import { region } from "./tell.ts";

/** Resolves to the outputs of the stacks, for example `Url`, `ApiUrl` and `UserPoolId`; `{}` if no stack is deployed. */
export async function readOutputs(): Promise<Readonly<Record<string, string | undefined>>> {
  const client = new CloudFormationClient({ region });
  const outputs = await Promise.all(Object.values(stackNames).map((name) => outputsOf(client, name)));
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
