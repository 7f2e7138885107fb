/** Finds what a shop has in an account: in its stacks, and what has outlived them. */

import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import { CognitoIdentityProviderClient, paginateListUserPools } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, paginateListTables } from "@aws-sdk/client-dynamodb";
import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { type Blueprint, blueprint } from "@serverlesspresso/blueprint";
import type { Names } from "@serverlesspresso/contract";
import { runtimeFunctionsOf } from "../../src/runtime/functions.ts";
import { stackNamesOf } from "../../src/stack-names.ts";

/** The resources by name; user pools by id and name, because several may have one name. */
export interface Holdings {
  readonly stacks: readonly string[];
  readonly tables: readonly string[];
  readonly userPools: readonly { readonly id: string; readonly name: string }[];
  readonly logGroups: readonly string[];
  /** The ARNs of other resources with the shop's tag, for example a bucket or a function. */
  readonly others: readonly string[];
}

/** The clients of the services that hold the resources. */
export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly cognito: CognitoIdentityProviderClient;
  readonly logs: CloudWatchLogsClient;
  readonly tags: ResourceGroupsTaggingAPIClient;
}

/** Returns clients for one region. */
export function createClients(region: string): Clients {
  return {
    cloudFormation: new CloudFormationClient({ region }),
    dynamodb: new DynamoDBClient({ region }),
    cognito: new CognitoIdentityProviderClient({ region }),
    logs: new CloudWatchLogsClient({ region }),
    tags: new ResourceGroupsTaggingAPIClient({ region }),
  };
}

/** The tag that CDK puts on every resource that can have tags. */
const tagOf = ({ bar }: Names) => ({ Key: "application", Values: [bar.toLowerCase()] });
/** Matches the ARNs of resources that are listed by name. */
const ofKnownKind = /^arn:[\w-]+:(cloudformation:.*:stack\/|dynamodb:.*:table\/|cognito-idp:.*:userpool\/|logs:.*:log-group:)/;

/** Resolves to all resources of a bar, by default the first. Rejects if a list cannot be read. */
export async function readHoldings(clients: Clients, bar: Blueprint = blueprint): Promise<Holdings> {
  const { names } = bar;
  const tableNames = new Set([...bar.tables.map(({ name }) => name), names.platformTable]);
  const [stacks, tables, userPools, logGroups, tagged] = await Promise.all([
    existingStacks(clients.cloudFormation, names),
    collect(paginateListTables({ client: clients.dynamodb }, {}), ({ TableNames = [] }) => TableNames),
    collect(paginateListUserPools({ client: clients.cognito }, { MaxResults: 60 }), ({ UserPools = [] }) =>
      UserPools.map(({ Id = "", Name = "" }) => ({ id: Id, name: Name })),
    ),
    collect(paginateDescribeLogGroups({ client: clients.logs }, {}), (page) =>
      (page.logGroups ?? []).map(({ logGroupName = "" }) => logGroupName),
    ),
    collect(paginateGetResources({ client: clients.tags }, { TagFilters: [tagOf(names)] }), ({ ResourceTagMappingList = [] }) =>
      ResourceTagMappingList.map(({ ResourceARN = "" }) => ResourceARN),
    ),
  ]);
  return {
    stacks,
    tables: tables.filter((name) => tableNames.has(name)),
    userPools: userPools.filter(({ name }) => name === names.userPool),
    logGroups: logGroups.filter(isGroupOf(bar)),
    others: tagged.filter((arn) => !ofKnownKind.test(arn)),
  };
}

/** Returns whether a log group is a bar's. Those of CDK's helpers, which Lambda creates, are named after their stacks. */
function isGroupOf(blueprint: Blueprint): (name: string) => boolean {
  const { names, workflows, logGroups } = blueprint;
  const created = new Set([
    ...runtimeFunctionsOf(blueprint).map(({ name }) => `/aws/lambda/${name}`),
    ...workflows.map(({ name }) => `/aws/vendedlogs/states/${name}`),
    ...logGroups.map(({ name }) => name),
    names.apiLogGroup,
  ]);
  const prefixes = Object.values(stackNamesOf(names)).map((stack) => `/aws/lambda/${stack}-`);
  return (name) => created.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

async function existingStacks(client: CloudFormationClient, names: Names): Promise<string[]> {
  const found = await Promise.all(
    Object.values(stackNamesOf(names)).map((StackName) =>
      client.send(new DescribeStacksCommand({ StackName })).then(
        () => [StackName],
        (error: Error) => {
          if (error.message.includes("does not exist")) return [];
          throw error;
        },
      ),
    ),
  );
  return found.flat();
}

async function collect<Page, T>(pages: AsyncIterable<Page>, read: (page: Page) => readonly T[]): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...read(page));
  return all;
}

/** Returns true if the account has nothing of the shop. */
export function isNothing({ stacks, tables, userPools, logGroups, others }: Holdings): boolean {
  return [stacks, tables, userPools, logGroups, others].every(({ length }) => length === 0);
}

/** Returns one line for each kind of resource, each preceded by `indent`. */
export function printHoldings({ stacks, tables, userPools, logGroups, others }: Holdings, indent = "  "): string {
  const line = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${indent}${what.padEnd(11)} ${names.join(", ")}`];
  return [
    ...line("stacks", stacks),
    ...line("tables", tables),
    ...line(
      "user pools",
      userPools.map(({ id, name }) => `${name} (${id})`),
    ),
    ...line("log groups", logGroups),
    ...line("others", others),
  ].join("\n");
}
