/**
 * Deletes a shop.
 *
 * TD1. What runs is deleted first, so that nothing writes while the data is deleted.
 * TD2. Data is deleted only if the operator asked for exactly that.
 * TD3. A step that finds its work done succeeds, so that a second run finishes what the first could not.
 */
import { DeleteStackCommand, UpdateTerminationProtectionCommand, waitUntilStackDeleteComplete } from "@aws-sdk/client-cloudformation";
import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteUserPoolCommand, UpdateUserPoolCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DeleteTableCommand, UpdateTableCommand, waitUntilTableExists, waitUntilTableNotExists } from "@aws-sdk/client-dynamodb";
import { type Blueprint, blueprint } from "@serverlesspresso/blueprint";
import { stackNamesOf } from "../../src/stack-names.ts";
import type { Clients, Holdings } from "./holdings.ts";

/** Deleting a CloudFront distribution is slow. */
const mostSeconds = 3600;

/** What is deleted: only what can be deployed again, or the data too. */
export type Extent = "keep" | "everything";

/** Deletes in reverse order of creation and reports each step. */
export async function tearDown(
  clients: Clients,
  holdings: Holdings,
  extent: Extent,
  log: (line: string) => void,
  { names }: Pick<Blueprint, "names"> = blueprint,
): Promise<void> {
  const stackNames = stackNamesOf(names);
  const running = [stackNames.website, stackNames.services];
  for (const name of extent === "keep" ? running : [...running, stackNames.data]) {
    if (holdings.stacks.includes(name)) await deleteStack(clients, name, log);
  }
  if (extent === "keep") return;
  for (const name of holdings.tables) await deleteTable(clients, name, log);
  for (const { id } of holdings.userPools) await deleteUserPool(clients, id, log);
  for (const logGroupName of holdings.logGroups) {
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName })).catch(unlessGone);
  }
  log(`log groups: ${holdings.logGroups.length} gone`);
}

async function deleteStack({ cloudFormation: client }: Clients, StackName: string, log: (line: string) => void): Promise<void> {
  log(`stack ${StackName} ...`);
  await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client, maxWaitTime: mostSeconds }, { StackName });
  log(`stack ${StackName} is gone`);
}

async function deleteTable({ dynamodb: client }: Clients, TableName: string, log: (line: string) => void): Promise<void> {
  try {
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await waitUntilTableExists({ client, maxWaitTime: 300 }, { TableName });
    await client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client, maxWaitTime: 300 }, { TableName });
  } catch (error) {
    unlessGone(error);
  }
  log(`table ${TableName} is gone`);
}

async function deleteUserPool({ cognito }: Clients, UserPoolId: string, log: (line: string) => void): Promise<void> {
  try {
    await cognito.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: "INACTIVE" }));
    await cognito.send(new DeleteUserPoolCommand({ UserPoolId }));
  } catch (error) {
    unlessGone(error);
  }
  log(`user pool ${UserPoolId} is gone`);
}

/** Rethrows an error unless it means that the resource is already gone (TD3). */
function unlessGone(error: unknown): void {
  if ((error as Error).name !== "ResourceNotFoundException") throw error;
}
