/** Tables themselves: made, described, listed, changed, deleted. */
import type { CreateTableCommandInput, DynamoDB } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Contract } from "../contract.ts";
import { checkRefusals } from "../failures.ts";
import { createTable, definition, keys, S, TableName } from "./fixture.ts";

const simple: CreateTableCommandInput = {
  TableName: "contract-made",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: keys("id"),
};
const named = (name: string): CreateTableCommandInput => ({ ...simple, TableName: name });

export function checkAdministration(contract: Contract<DynamoDB>): void {
  contract.check("a table is described as it was made", async (tables) => {
    const { Table } = await tables.describeTable({ TableName });
    expect(Table).toMatchObject({
      TableName,
      TableStatus: "ACTIVE",
      KeySchema: definition.KeySchema,
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      DeletionProtectionEnabled: false,
    });
    expect(Table?.TableArn).toMatch(new RegExp(`^arn:aws:dynamodb:[a-z0-9-]+:\\d{12}:table/${TableName}$`));
    expect(Table?.CreationDateTime).toBeInstanceOf(Date);
    const byName = (a: { IndexName?: string | undefined }, b: { IndexName?: string | undefined }): number =>
      (a.IndexName ?? "") < (b.IndexName ?? "") ? -1 : 1;
    const shown = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
    expect(shown?.toSorted(byName)).toEqual(definition.GlobalSecondaryIndexes?.toSorted(byName));
    expect(Table?.LocalSecondaryIndexes).toMatchObject(definition.LocalSecondaryIndexes ?? []);
  });
  contract.check("a table without point-in-time recovery says so", async (tables) => {
    expect((await tables.describeContinuousBackups({ TableName })).ContinuousBackupsDescription).toMatchObject({
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    });
    await expect(tables.describeContinuousBackups({ TableName: "no-such-table" })).rejects.toMatchObject({
      name: "TableNotFoundException",
    });
  });
  contract.check("tables are listed by name, page by page", async (tables) => {
    const names = ["contract-listed-a", "contract-listed-b", "contract-listed-c"];
    for (const name of names) await createTable(tables, named(name));
    const first = await tables.listTables({ ExclusiveStartTableName: "contract-listed", Limit: 2 });
    expect([first.TableNames, first.LastEvaluatedTableName]).toEqual([names.slice(0, 2), names[1]]);
    const next = await tables.listTables({ ExclusiveStartTableName: names[1], Limit: 1 });
    expect(next.TableNames).toEqual([names[2]]);
    for (const name of names) await tables.deleteTable({ TableName: name });
  });
  contract.check("a table that is deleted is gone with its items, and may be made anew", async (tables) => {
    const TableName = "contract-made-twice";
    await createTable(tables, named(TableName));
    await tables.putItem({ TableName, Item: { id: S("a") } });
    await tables.deleteTable({ TableName });
    await expect(tables.describeTable({ TableName })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await createTable(tables, named(TableName));
    expect((await tables.scan({ TableName })).Count).toBe(0);
    await tables.deleteTable({ TableName });
  });
  contract.check("a protected table is not deleted", async (tables) => {
    const TableName = "contract-protected";
    await createTable(tables, { ...named(TableName), DeletionProtectionEnabled: true });
    await expect(tables.deleteTable({ TableName })).rejects.toMatchObject({ name: "ValidationException" });
    await tables.updateTable({ TableName, DeletionProtectionEnabled: false });
    await tables.deleteTable({ TableName });
  });
  contract.check("time to live is switched on once", async (tables) => {
    const TableName = "contract-expiring";
    await createTable(tables, named(TableName));
    expect((await tables.describeTimeToLive({ TableName })).TimeToLiveDescription).toEqual({ TimeToLiveStatus: "DISABLED" });
    const TimeToLiveSpecification = { AttributeName: "until", Enabled: true };
    expect((await tables.updateTimeToLive({ TableName, TimeToLiveSpecification })).TimeToLiveSpecification).toEqual(
      TimeToLiveSpecification,
    );
    expect((await tables.describeTimeToLive({ TableName })).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: "ENABLED",
      AttributeName: "until",
    });
    await expect(tables.updateTimeToLive({ TableName, TimeToLiveSpecification })).rejects.toMatchObject({
      name: "ValidationException",
      message: "TimeToLive is already enabled",
    });
    await tables.deleteTable({ TableName });
  });
  contract.check("encryption and class are kept, described and changed", async (tables) => {
    const TableName = "contract-options";
    const SSESpecification = { Enabled: true, SSEType: "KMS", KMSMasterKeyId: "alias/bar" } as const;
    await createTable(tables, { ...named(TableName), SSESpecification, TableClass: "STANDARD_INFREQUENT_ACCESS" });
    const { Table } = await tables.describeTable({ TableName });
    expect(Table).toMatchObject({
      SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: expect.stringMatching(/^arn:aws:kms:.*:alias\/bar$/) },
      TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
    });
    const changed = await tables.updateTable({ TableName, SSESpecification: { Enabled: false }, TableClass: "STANDARD" });
    expect(changed.TableDescription).toMatchObject({ TableClassSummary: { TableClass: "STANDARD", LastUpdateDateTime: expect.any(Date) } });
    expect(changed.TableDescription?.SSEDescription).toBeUndefined();
    await tables.deleteTable({ TableName });
  });
  contract.check("tags are kept, listed and taken away", async (tables) => {
    const TableName = "contract-tagged";
    await createTable(tables, { ...named(TableName), Tags: [{ Key: "team", Value: "bar" }] });
    const ResourceArn = (await tables.describeTable({ TableName })).Table?.TableArn ?? "";
    const Tags = [
      { Key: "team", Value: "till" },
      { Key: "env", Value: "" },
    ];
    await tables.tagResource({ ResourceArn, Tags });
    const byKey = (tags: readonly { Key?: string | undefined }[] = []) => tags.toSorted((a, b) => ((a.Key ?? "") < (b.Key ?? "") ? -1 : 1));
    expect(byKey((await tables.listTagsOfResource({ ResourceArn })).Tags)).toEqual(byKey(Tags));
    await tables.untagResource({ ResourceArn, TagKeys: ["team", "none"] });
    expect((await tables.listTagsOfResource({ ResourceArn })).Tags).toEqual([{ Key: "env", Value: "" }]);
    const none = `${ResourceArn}-none`;
    await expect(tables.listTagsOfResource({ ResourceArn: none })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Requested resource not found: ResourcArn: ${none} not found`,
    });
    await tables.deleteTable({ TableName });
  });
  checkDefinitions(contract);
}

function checkDefinitions(contract: Contract<DynamoDB>): void {
  const id = { AttributeName: "id", AttributeType: "S" } as const;
  const other = { AttributeName: "other", AttributeType: "S" } as const;
  const projection = { Projection: { ProjectionType: "ALL" } } as const;
  const faulty: readonly (readonly [name: string, change: Partial<CreateTableCommandInput>])[] = [
    ["a key that is not defined", { KeySchema: keys("missing") }],
    ["an attribute that is no key", { AttributeDefinitions: [id, other] }],
    ["a first key that is no partition key", { KeySchema: [{ AttributeName: "id", KeyType: "RANGE" }] }],
    ["two partition keys", { AttributeDefinitions: [id, other], KeySchema: [...keys("id"), ...keys("other")] }],
    ["the same attribute for both keys", { KeySchema: keys("id", "id") }],
    ["a name of two letters", { TableName: "ab" }],
    ["a name with a slash", { TableName: "a/b/c" }],
    [
      "two indexes of one name",
      {
        AttributeDefinitions: [id, other],
        GlobalSecondaryIndexes: [1, 2].map(() => ({ IndexName: "same", KeySchema: keys("other"), ...projection })),
      },
    ],
    [
      "a local index with another partition key",
      {
        AttributeDefinitions: [id, other, { AttributeName: "third", AttributeType: "S" }],
        KeySchema: keys("id", "other"),
        LocalSecondaryIndexes: [{ IndexName: "local", KeySchema: keys("other", "third"), ...projection }],
      },
    ],
    [
      "attributes for a projection that takes all",
      {
        AttributeDefinitions: [id, other],
        GlobalSecondaryIndexes: [
          { IndexName: "index", KeySchema: keys("other"), Projection: { ProjectionType: "ALL", NonKeyAttributes: ["a"] } },
        ],
      },
    ],
    ["provisioned capacity without figures", { BillingMode: "PROVISIONED" }],
    ["neither a billing mode nor figures", { TableName: "contract-without-capacity", BillingMode: undefined }],
    ["no capacity at all", { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 1 } }],
    ["a class that there is not", { TableClass: "COLD" as never }],
    ["a key for no encryption", { SSESpecification: { Enabled: false, KMSMasterKeyId: "alias/bar" } }],
    ["a tag twice", { Tags: ["a", "b"].map((Value) => ({ Key: "team", Value })) }],
    ["a reserved tag", { Tags: [{ Key: "aws:team", Value: "bar" }] }],
    ["figures for capacity on demand", { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }],
  ];
  checkRefusals(
    contract,
    faulty.map(([name, change]) => ({
      name: `a table with ${name}`,
      code: "ValidationException",
      run: (tables) => tables.createTable({ ...named("contract-faulty"), ...change }),
    })),
  );
  checkRefusals(contract, [
    {
      name: "a change of nothing",
      code: "ValidationException",
      run: (tables) => tables.updateTable({ TableName }),
    },
    {
      name: "a change to provisioned capacity without figures",
      code: "ValidationException",
      run: (tables) => tables.updateTable({ TableName, BillingMode: "PROVISIONED" }),
    },
    { name: "a table that is there already", code: "ResourceInUseException", run: (tables) => tables.createTable(definition) },
    {
      name: "the description of no table",
      code: "ResourceNotFoundException",
      run: (tables) => tables.describeTable({ TableName: "no-such-table" }),
    },
    {
      name: "the deletion of no table",
      code: "ResourceNotFoundException",
      run: (tables) => tables.deleteTable({ TableName: "no-such-table" }),
    },
  ]);
}
