/** A table's definition: what `CreateTable` says, checked and put in one form. */
import type { JsonValue } from "@serverlesspresso/ports";
import { z } from "zod";
import { constraint, invalid } from "./errors.ts";
import { Flag, oneOf, TableName, Text } from "./members.ts";
import { optionMembers, readOptions, type TableOptions } from "./table-options.ts";

/** The type of a key attribute: string, number or binary. */
export type KeyType = "S" | "N" | "B";
/** A key attribute, by name and type. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}
/** The partition key of a table or an index, and its sort key if it has one. */
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly sort?: KeyAttribute;
}
/**
 * The images that a stream record carries.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StreamSpecification.html
 */
export type StreamView = "NEW_AND_OLD_IMAGES" | "NEW_IMAGE" | "OLD_IMAGE" | "KEYS_ONLY";
/** A secondary index of a table. */
export interface IndexDefinition extends KeySchema {
  readonly name: string;
  /** Names its entries in the store; never used twice within a table. */
  readonly id: number;
  readonly kind: "global" | "local";
  readonly projection: "ALL" | "KEYS_ONLY" | "INCLUDE";
  /** Attributes of an INCLUDE projection. */
  readonly included: readonly string[];
}
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

const KeySchemaList = z.array(z.object({ AttributeName: Text, KeyType: Text })).nullish();
const AttributeDefinitions = z.array(z.object({ AttributeName: Text, AttributeType: Text })).nullish();
const Units = z.int().min(1);

/** One secondary index as a request describes it. */
export const IndexDescription = z.object({
  IndexName: Text,
  KeySchema: KeySchemaList,
  Projection: z
    .object({ ProjectionType: oneOf(["ALL", "KEYS_ONLY", "INCLUDE"]), NonKeyAttributes: z.array(z.string()).nullish() })
    .nullish(),
});
type IndexDescription = z.output<typeof IndexDescription>;

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

type Attributes = ReadonlyMap<string, KeyType>;
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

/** The types of key attributes by name. @throws {TablesError} `ValidationException` */
export function readAttributes(definitions: TableDescription["AttributeDefinitions"]): Map<string, KeyType> {
  const attributes = new Map<string, KeyType>();
  for (const { AttributeName: name, AttributeType: type } of definitions ?? []) {
    if (!name) throw constraint(null, "attributeDefinitions.1.member.attributeName", "Member must not be null");
    if (type !== "S" && type !== "N" && type !== "B") {
      throw constraint(type ?? null, "attributeDefinitions.1.member.attributeType", "Member must satisfy enum value set: [B, N, S]");
    }
    if (attributes.has(name)) throw invalid("Cannot have two attributes with the same name");
    attributes.set(name, type);
  }
  return attributes;
}

function readKeySchema(schema: z.output<typeof KeySchemaList>, attributes: Attributes): KeySchema {
  const elements = schema ?? [];
  if (elements.length === 0) throw constraint(null, "keySchema", "Member must not be null");
  if (elements.length > 2) throw constraint(elements.length, "keySchema", "Member must have length less than or equal to 2");
  const [hash, sort] = elements.map(({ AttributeName }) => AttributeName ?? "");
  if (elements[0]?.KeyType !== "HASH") throw invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (sort !== undefined && elements[1]?.KeyType !== "RANGE") {
    throw invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (hash === sort) throw invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  const attribute = (name: string): KeyAttribute => {
    const type = attributes.get(name);
    if (type !== undefined) return { name, type };
    throw invalid(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${[...attributes.keys()].join(", ")}]`,
    );
  };
  return sort === undefined ? { hash: attribute(hash as string) } : { hash: attribute(hash as string), sort: attribute(sort) };
}

/** Reads one secondary index of a `CreateTable` or `UpdateTable` request. */
export function readIndex(index: IndexDescription, id: number, kind: IndexDefinition["kind"], attributes: Attributes): IndexDefinition {
  const { IndexName, KeySchema, Projection } = index;
  const name = IndexName ?? undefined;
  if (name === undefined || !/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw constraint(name ?? null, "indexName", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
  const type = Projection?.ProjectionType ?? "ALL";
  const included = Projection?.NonKeyAttributes ?? [];
  if (type !== "INCLUDE" && included.length > 0) {
    throw invalid(`One or more parameter values were invalid: ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  return { name, id, kind, ...readKeySchema(KeySchema, attributes), projection: type, included };
}

/** @throws {TablesError} `ValidationException` where indexes clash or do not fit the table's key */
export function checkIndexes(keys: KeySchema, indexes: readonly IndexDefinition[]): void {
  const names = indexes.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalid(`One or more parameter values were invalid: Duplicate index name: ${twice}`);
  for (const index of indexes.filter(({ kind }) => kind === "local")) {
    const where = `Index KeySchema does not ${index.sort === undefined ? "have a range key" : "have the same leading hash key as table KeySchema"} for index: ${index.name}`;
    if (index.sort === undefined || index.hash.name !== keys.hash.name)
      throw invalid(`One or more parameter values were invalid: ${where}`);
  }
}

function checkAllUsed(attributes: Attributes, schemas: readonly KeySchema[]): void {
  const used = new Set(schemas.flatMap(({ hash, sort }) => [hash.name, sort?.name]));
  if (used.size - (used.has(undefined) ? 1 : 0) === attributes.size) return;
  throw invalid(
    `One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [${[...attributes.keys()].join(", ")}], keys used: [${[...used].filter(Boolean).join(", ")}]`,
  );
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
