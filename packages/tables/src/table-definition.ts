/** A table's definition: what `CreateTable` says, checked and put in one form. */
import type { JsonValue } from "@serverlesspresso/ports";
import { z } from "zod";
import { invalid } from "./errors.ts";
import { checkIndexes, type IndexDefinition, IndexDescription, readIndex } from "./index-definition.ts";
import { AttributeDefinitions, checkAllUsed, type KeySchema, KeySchemaList, readAttributes, readKeySchema } from "./key-schema.ts";
import { Flag, oneOf, TableName, Text } from "./members.ts";
import { optionMembers, readOptions, type TableOptions } from "./table-options.ts";

/**
 * The images that a stream record carries.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html
 */
export type StreamView = "NEW_AND_OLD_IMAGES" | "NEW_IMAGE" | "OLD_IMAGE" | "KEYS_ONLY";
/** How a table lies in the store. */
export interface TableDefinition extends KeySchema, TableOptions {
  readonly name: string;
  /** Names its items in the store; never used twice. */
  readonly id: number;
  readonly tableId: string;
  readonly createdMs: number;
  readonly indexes: readonly IndexDefinition[];
  readonly nextIndexId: number;
  readonly stream?: StreamView;
  readonly streamLabel?: string;
  readonly timeToLiveAttribute?: string;
  readonly billingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly throughput: Throughput;
  readonly deletionProtection: boolean;
  /** The request that made it, to tell an unchanged repetition. */
  readonly request: JsonValue;
}
interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

const Units = z.int().min(1);

/** What `CreateTable` takes; a blueprint's table has its `TimeToLiveSpecification` beside. */
export const TableDescription = z.object({
  TableName,
  AttributeDefinitions,
  KeySchema: KeySchemaList,
  LocalSecondaryIndexes: z.array(IndexDescription).nullish(),
  GlobalSecondaryIndexes: z.array(IndexDescription).nullish(),
  BillingMode: oneOf(["PAY_PER_REQUEST", "PROVISIONED"]),
  ProvisionedThroughput: z.object({ ReadCapacityUnits: Units, WriteCapacityUnits: Units }).nullish(),
  StreamSpecification: z
    .object({ StreamEnabled: Flag, StreamViewType: oneOf(["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"]) })
    .nullish(),
  TimeToLiveSpecification: z.object({ AttributeName: Text, Enabled: Flag }).nullish(),
  DeletionProtectionEnabled: Flag,
  ...optionMembers,
});
export type TableDescription = z.output<typeof TableDescription>;

type Identity = Pick<TableDefinition, "id" | "tableId" | "createdMs" | "request">;

/**
 * The definition of a table that is described so.
 * @throws {TablesError} `ValidationException`
 */
export function readDefinition(description: TableDescription, identity: Identity): TableDefinition {
  const { LocalSecondaryIndexes, GlobalSecondaryIndexes } = description;
  const attributes = readAttributes(description.AttributeDefinitions);
  const keys = readKeySchema(description.KeySchema, attributes);
  const locals = (LocalSecondaryIndexes ?? []).map((index, at) => readIndex(index, at, "local", attributes));
  const globals = (GlobalSecondaryIndexes ?? []).map((index, at) => readIndex(index, at + locals.length, "global", attributes));
  const indexes = [...locals, ...globals];
  checkIndexes(keys, indexes);
  checkAllUsed(attributes, [keys, ...indexes]);
  const stream = readStream(description.StreamSpecification);
  return {
    name: description.TableName,
    ...identity,
    ...keys,
    indexes,
    nextIndexId: indexes.length,
    ...(stream === undefined ? {} : { stream, streamLabel: new Date(identity.createdMs).toISOString().slice(0, -1) }),
    ...readTimeToLive(description.TimeToLiveSpecification),
    ...readBilling(description),
    ...readOptions(description, {}),
    deletionProtection: description.DeletionProtectionEnabled === true,
  };
}

/** The stream's view type; undefined for a table without one. */
export function readStream(specification: TableDescription["StreamSpecification"]): StreamView | undefined {
  if (!specification || specification.StreamEnabled === false) return undefined;
  return specification.StreamViewType ?? "NEW_AND_OLD_IMAGES";
}

function readTimeToLive(specification: TableDescription["TimeToLiveSpecification"]): { timeToLiveAttribute?: string } {
  const attribute = specification?.AttributeName ?? undefined;
  return attribute === undefined || specification?.Enabled === false ? {} : { timeToLiveAttribute: attribute };
}

/**
 * Without a mode, figures mean that they are provisioned.
 * @param modeOfNone what holds without either; on AWS it is `PROVISIONED`
 * @throws {TablesError} `ValidationException` where mode and figures do not fit
 */
export function readBilling(
  { BillingMode, ProvisionedThroughput }: Pick<TableDescription, "BillingMode" | "ProvisionedThroughput">,
  modeOfNone: TableDefinition["billingMode"] = "PAY_PER_REQUEST",
): Pick<TableDefinition, "billingMode" | "throughput"> {
  const throughput = ProvisionedThroughput ?? undefined;
  const billingMode = BillingMode ?? (throughput === undefined ? modeOfNone : "PROVISIONED");
  if ((throughput !== undefined) !== (billingMode === "PROVISIONED")) {
    const rule =
      throughput === undefined
        ? "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        : "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST";
    throw invalid(`One or more parameter values were invalid: ${rule}`);
  }
  return { billingMode, throughput: throughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 } };
}
