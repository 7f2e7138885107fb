/** A table's options beside its keys and indexes: encryption, class and tags. They are stored and described, without any other effect here. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { constraint, invalid } from "./errors.ts";
import { Flag, oneOf, Text } from "./members.ts";

const classes = ["STANDARD", "STANDARD_INFREQUENT_ACCESS"] as const;

/** The options of a table; absent where it has DynamoDB's default. */
export interface TableOptions {
  /** The key of AWS KMS by which it is said to be encrypted: an id, an alias or an ARN. */
  readonly kmsKey?: string;
  readonly tableClass?: { readonly name: (typeof classes)[number]; readonly updatedMs?: number };
  readonly tags?: Readonly<Record<string, string>>;
}

/** What requests have of tags. */
export const TagList = z.array(z.object({ Key: Text, Value: Text }));
type TagList = z.output<typeof TagList>;

/** The members of `CreateTable` and `UpdateTable` that say the options. */
export const optionMembers = {
  SSESpecification: z.object({ Enabled: Flag, SSEType: oneOf(["KMS"]), KMSMasterKeyId: Text }).nullish(),
  TableClass: oneOf(classes),
  Tags: TagList.nullish(),
};
const OptionsRequest = z.object(optionMembers);
type OptionsRequest = z.output<typeof OptionsRequest>;

const defaultKey = "alias/aws/dynamodb";

/** Reads what `request` says of them; what it does not say stays as it was. @throws {TablesError} `ValidationException` */
export function readOptions(request: OptionsRequest, before: TableOptions, updatedMs?: number): TableOptions {
  const { SSESpecification, TableClass, Tags } = request;
  const kmsKey = SSESpecification ? readKey(SSESpecification) : before.kmsKey;
  const tableClass = TableClass ? { name: TableClass, ...(updatedMs !== undefined && { updatedMs }) } : before.tableClass;
  const tags = Tags ? withTags({}, Tags) : before.tags;
  return {
    ...(kmsKey !== undefined && { kmsKey }),
    ...(tableClass !== undefined && { tableClass }),
    ...(tags !== undefined && { tags }),
  };
}

function readKey({ Enabled, SSEType, KMSMasterKeyId }: NonNullable<OptionsRequest["SSESpecification"]>): string | undefined {
  if (Enabled) return KMSMasterKeyId ?? defaultKey;
  if ((KMSMasterKeyId ?? SSEType ?? undefined) === undefined) return undefined;
  throw invalid("One or more parameter values were invalid: SSEType and KMSMasterKeyId cannot be specified when SSE is not enabled");
}

/** Those members of a table's description. @param arn the table's */
export function describeOptions({ kmsKey, tableClass }: TableOptions, arn: string): JsonObject {
  const [, , , region = "", account = ""] = arn.split(":");
  const named = kmsKey === undefined || kmsKey.startsWith("alias/") ? kmsKey : `key/${kmsKey}`;
  return {
    ...(kmsKey !== undefined && {
      SSEDescription: {
        Status: "ENABLED",
        SSEType: "KMS",
        KMSMasterKeyArn: kmsKey.startsWith("arn:") ? kmsKey : `arn:aws:kms:${region}:${account}:${named}`,
      },
    }),
    ...(tableClass !== undefined && {
      TableClassSummary: {
        TableClass: tableClass.name,
        ...(tableClass.updatedMs !== undefined && { LastUpdateDateTime: tableClass.updatedMs / 1000 }),
      },
    }),
  };
}

const mostTags = 50;
type Tags = Readonly<Record<string, string>>;

/** The tags with some more. @throws {TablesError} `ValidationException` */
export function withTags(before: Tags, more: TagList): Tags {
  const added = more.map(readTag);
  const keys = added.map(([key]) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw invalid(`One or more parameter values were invalid: Duplicate tag key: ${twice}`);
  const tags = Object.fromEntries([...Object.entries(before), ...added]);
  if (Object.keys(tags).length <= mostTags) return tags;
  throw invalid(`One or more parameter values were invalid: Too many tags: ${Object.keys(tags).length}, at most ${mostTags}`);
}

function readTag({ Key: key, Value: value }: TagList[number]): [key: string, value: string] {
  const hasKey = key !== undefined && key !== null;
  if (!hasKey || value === undefined || value === null) {
    throw constraint(null, `tags.1.member.${!hasKey ? "key" : "value"}`, "Member must not be null");
  }
  if (key === "") throw constraint(key, "tags.1.member.key", "Member must have length greater than or equal to 1");
  if (key.length > 128) throw constraint(key, "tags.1.member.key", "Member must have length less than or equal to 128");
  if (value.length > 256) throw constraint(value, "tags.1.member.value", "Member must have length less than or equal to 256");
  if (/^aws:/i.test(key)) throw invalid(`One or more parameter values were invalid: Tag key ${key} begins with aws:, which is reserved`);
  return [key, value];
}
