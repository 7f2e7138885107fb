/** An AWS account in memory, which answers the tools' calls through the SDK's own clients. */
import { type Clients, createClients } from "../tools/cloud/holdings.ts";

/** The resources of the account, which a test sets and reads. */
export interface FakeAccount {
  readonly clients: Clients;
  readonly stacks: Map<string, { isProtected: boolean }>;
  readonly tables: Map<string, { isProtected: boolean }>;
  readonly userPools: Map<string, { name: string; isProtected: boolean }>;
  readonly logGroups: Set<string>;
  readonly tagged: Set<string>;
  /** The operations that changed something, in order. */
  readonly calls: string[];
}

type Input = Readonly<Record<string, string | boolean>>;

/** Creates an empty account. */
export function createFakeAccount(): FakeAccount {
  const account: FakeAccount = {
    clients: createClients("us-east-1"),
    stacks: new Map(),
    tables: new Map(),
    userPools: new Map(),
    logGroups: new Set(),
    tagged: new Set(),
    calls: [],
  };
  for (const client of Object.values(account.clients)) {
    const stack = client.middlewareStack as { add(middleware: unknown, options: unknown): void };
    const answering =
      (_: unknown, { commandName }: { readonly commandName: string }) =>
      async ({ input }: { readonly input: Input }) => ({
        output: answer(account, commandName.replace("Command", ""), input),
        response: {},
      });
    stack.add(answering, { step: "initialize", priority: "high", name: "fake" });
  }
  return account;
}

function answer(account: FakeAccount, operation: string, input: Input): object {
  if (!/^(Describe|List|Get)/.test(operation)) account.calls.push(operation);
  return operations[operation]?.(account, input) ?? {};
}

const failure = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const gone = (): Error => failure("ResourceNotFoundException", "not found");

/** Deletes what is there and not protected. */
function remove(things: Map<string, { isProtected: boolean }>, name: string): object {
  const thing = things.get(name);
  if (thing === undefined) throw gone();
  if (thing.isProtected) throw failure("ValidationException", `${name} is protected`);
  things.delete(name);
  return {};
}

function unprotect(things: Map<string, { isProtected: boolean }>, name: string): object {
  const thing = things.get(name);
  if (thing === undefined) throw gone();
  thing.isProtected = false;
  return {};
}

const operations: Readonly<Record<string, (account: FakeAccount, input: Input) => object>> = {
  DescribeStacks({ stacks }, { StackName }) {
    if (!stacks.has(String(StackName))) throw failure("ValidationError", `Stack with id ${StackName} does not exist`);
    return { Stacks: [{ StackStatus: "CREATE_COMPLETE" }] };
  },
  UpdateTerminationProtection: ({ stacks }, { StackName }) => unprotect(stacks, String(StackName)),
  DeleteStack: ({ stacks }, { StackName }) => remove(stacks, String(StackName)),
  ListTables: ({ tables }) => ({ TableNames: [...tables.keys()] }),
  UpdateTable: ({ tables }, { TableName }) => unprotect(tables, String(TableName)),
  DeleteTable: ({ tables }, { TableName }) => remove(tables, String(TableName)),
  DescribeTable({ tables }, { TableName }) {
    if (!tables.has(String(TableName))) throw gone();
    return { Table: { TableStatus: "ACTIVE" } };
  },
  ListUserPools: ({ userPools }) => ({ UserPools: [...userPools].map(([Id, { name }]) => ({ Id, Name: name })) }),
  UpdateUserPool: ({ userPools }, { UserPoolId }) => unprotect(userPools, String(UserPoolId)),
  DeleteUserPool: ({ userPools }, { UserPoolId }) => remove(userPools, String(UserPoolId)),
  DescribeLogGroups: ({ logGroups }) => ({ logGroups: [...logGroups].map((logGroupName) => ({ logGroupName })) }),
  DeleteLogGroup({ logGroups }, { logGroupName }) {
    if (!logGroups.delete(String(logGroupName))) throw gone();
    return {};
  },
  GetResources: ({ tagged }) => ({ ResourceTagMappingList: [...tagged].map((ResourceARN) => ({ ResourceARN })) }),
};
