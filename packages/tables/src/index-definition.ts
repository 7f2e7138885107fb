/** A secondary index: its key, and what it holds of each item. */
import { z } from "zod";
import { constraint, invalid } from "./errors.ts";
import { type KeyAttributes, type KeySchema, KeySchemaList, readKeySchema } from "./key-schema.ts";
import { oneOf, Text } from "./members.ts";

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

/** One secondary index as a request describes it. */
export const IndexDescription = z.object({
  IndexName: Text,
  KeySchema: KeySchemaList,
  Projection: z
    .object({ ProjectionType: oneOf(["ALL", "KEYS_ONLY", "INCLUDE"]), NonKeyAttributes: z.array(z.string()).nullish() })
    .nullish(),
});
type IndexDescription = z.output<typeof IndexDescription>;

/** Reads one secondary index of a `CreateTable` or `UpdateTable` request. */
export function readIndex(index: IndexDescription, id: number, kind: IndexDefinition["kind"], attributes: KeyAttributes): IndexDefinition {
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
