/** A table's definition: what `CreateTable` says, checked and put in one form. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import { invalid } from "./errors.ts";
import { choice, constraint, list, optionalInteger, optionalText, structure, tableNameOf } from "./request.ts";
import { readOptions, type TableOptions } from "./table-options.ts";

export type KeyType = "S" | "N" | "B";
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly sort?: KeyAttribute;
}
export type StreamView = "NEW_AND_OLD_IMAGES" | "NEW_IMAGE" | "OLD_IMAGE" | "KEYS_ONLY";
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

type Attributes = ReadonlyMap<string, KeyType>;

/**
 * Reads a `CreateTable` request.
 * @throws {TablesError} `ValidationException`
 */
export function readDefinition(request: JsonObject, identity: Pick<TableDefinition, "id" | "tableId" | "createdMs">): TableDefinition {
  const attributes = readAttributes(request);
  const keys = readKeySchema(list(request, "KeySchema"), attributes);
  const indexes = [
    ...list(request, "LocalSecondaryIndexes").map((index, at) => readIndex(index, at, "local", attributes)),
    ...list(request, "GlobalSecondaryIndexes").map((index, at) =>
      readIndex(index, at + list(request, "LocalSecondaryIndexes").length, "global", attributes),
    ),
  ];
  checkIndexes(keys, indexes);
  checkAllUsed(attributes, [keys, ...indexes]);
  const stream = readStream(request.StreamSpecification);
  return {
    name: tableNameOf(request),
    ...identity,
    ...keys,
    indexes,
    nextIndexId: indexes.length,
    ...(stream === undefined ? {} : { stream, streamLabel: new Date(identity.createdMs).toISOString().slice(0, -1) }),
    ...readTimeToLive(request.TimeToLiveSpecification),
    ...readBilling(request),
    ...readOptions(request, {}),
    deletionProtection: request.DeletionProtectionEnabled === true,
    request,
  };
}

function readAttributes(request: JsonObject): Map<string, KeyType> {
  const attributes = new Map<string, KeyType>();
  for (const entry of list(request, "AttributeDefinitions")) {
    const definition = structure(entry, "attributeDefinitions");
    const name = optionalText(definition, "AttributeName");
    const type = optionalText(definition, "AttributeType");
    if (name === undefined || name === "") throw constraint(null, "attributeDefinitions.1.member.attributeName", "Member must not be null");
    if (type !== "S" && type !== "N" && type !== "B") {
      throw constraint(type ?? null, "attributeDefinitions.1.member.attributeType", "Member must satisfy enum value set: [B, N, S]");
    }
    if (attributes.has(name)) throw invalid("Cannot have two attributes with the same name");
    attributes.set(name, type);
  }
  return attributes;
}

function readKeySchema(schema: readonly JsonValue[], attributes: Attributes): KeySchema {
  const elements = schema.map((entry) => structure(entry, "keySchema"));
  if (elements.length === 0) throw constraint(null, "keySchema", "Member must not be null");
  if (elements.length > 2) throw constraint(elements.length, "keySchema", "Member must have length less than or equal to 2");
  const [hash, sort] = elements.map((element) => optionalText(element, "AttributeName") ?? "");
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
export function readIndex(entry: JsonValue, id: number, kind: IndexDefinition["kind"], attributes: Attributes): IndexDefinition {
  const index = structure(entry, "index");
  const name = optionalText(index, "IndexName");
  if (name === undefined || !/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw constraint(name ?? null, "indexName", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
  const projection = structure(index.Projection ?? { ProjectionType: "ALL" }, "projection");
  const type = choice(projection, "ProjectionType", ["ALL", "KEYS_ONLY", "INCLUDE"]);
  const included = list(projection, "NonKeyAttributes").map(String);
  if (type !== "INCLUDE" && included.length > 0) {
    throw invalid(`One or more parameter values were invalid: ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  return { name, id, kind, ...readKeySchema(list(index, "KeySchema"), attributes), projection: type, included };
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

/** The stream's view type, or undefined where there is none. */
export function readStream(value: JsonValue | undefined): StreamView | undefined {
  if (value === undefined || value === null) return undefined;
  const specification = structure(value, "streamSpecification");
  if (specification.StreamEnabled === false) return undefined;
  return choice<StreamView>(specification, "StreamViewType", ["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"]);
}

function readTimeToLive(value: JsonValue | undefined): { timeToLiveAttribute?: string } {
  if (value === undefined || value === null) return {};
  const specification = structure(value, "timeToLiveSpecification");
  const attribute = optionalText(specification, "AttributeName");
  return attribute === undefined || specification.Enabled === false ? {} : { timeToLiveAttribute: attribute };
}

/**
 * Without a mode, figures mean that they are provisioned.
 * @param modeOfNone what holds without either; on AWS it is `PROVISIONED`
 * @throws {TablesError} `ValidationException` where mode and figures do not fit
 */
export function readBilling(
  request: JsonObject,
  modeOfNone: TableDefinition["billingMode"] = "PAY_PER_REQUEST",
): Pick<TableDefinition, "billingMode" | "throughput"> {
  const isProvisioned = isGiven(request.ProvisionedThroughput);
  const none = isProvisioned ? "PROVISIONED" : modeOfNone;
  const billingMode = isGiven(request.BillingMode) ? choice(request, "BillingMode", ["PAY_PER_REQUEST", "PROVISIONED"] as const) : none;
  if (isProvisioned !== (billingMode === "PROVISIONED")) {
    const rule = isProvisioned
      ? "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
      : "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED";
    throw invalid(`One or more parameter values were invalid: ${rule}`);
  }
  return { billingMode, throughput: readThroughput(request.ProvisionedThroughput) };
}

function isGiven(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function readThroughput(value: JsonValue | undefined): Throughput {
  if (value === undefined || value === null) return { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  const throughput = structure(value, "provisionedThroughput");
  const units = (name: keyof Throughput): number => {
    const given = optionalInteger(throughput, name);
    const member = `provisionedThroughput.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (given === undefined) throw constraint(null, member, "Member must not be null");
    if (given < 1) throw constraint(given, member, "Member must have value greater than or equal to 1");
    return given;
  };
  return { ReadCapacityUnits: units("ReadCapacityUnits"), WriteCapacityUnits: units("WriteCapacityUnits") };
}
