/** `ConsumedCapacity` as DynamoDB would bill it: 4 KB a read unit, half of it where consistency was not asked for, 1 KB a write unit. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { z } from "zod";
import type { ReturnConsumedCapacity } from "./members.ts";

/**
 * Returns the read capacity units of so many bytes: one for each 4 KiB begun, half of that for an eventually consistent read.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/**
 * Returns the write capacity units of so many bytes: one for each KiB begun.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** What a request says of it. */
export type CapacityRequest = { readonly ReturnConsumedCapacity?: z.output<typeof ReturnConsumedCapacity> };

/** Returns whether the request wants to know. */
export function wantsCapacity({ ReturnConsumedCapacity = "NONE" }: CapacityRequest): boolean {
  return ReturnConsumedCapacity !== null && ReturnConsumedCapacity !== "NONE";
}

/** The index that was read in place of its table. */
interface ReadIndex {
  readonly name: string;
  readonly kind: "global" | "local";
}

/** The member of an answer; nothing where it was not asked for. */
export function capacity(request: CapacityRequest, tableName: string, units: () => number, index?: ReadIndex): JsonObject {
  if (!wantsCapacity(request)) return {};
  const used = { CapacityUnits: units() };
  const parts = request.ReturnConsumedCapacity === "INDEXES" ? byIndex(used, index) : {};
  return { ConsumedCapacity: { TableName: tableName, ...used, ...parts } };
}

function byIndex(used: JsonObject, index: ReadIndex | undefined): JsonObject {
  if (index === undefined) return { Table: used };
  const member = index.kind === "global" ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes";
  return { Table: { CapacityUnits: 0 }, [member]: { [index.name]: used } };
}

/** `ConsumedCapacity` of a request over several tables: one entry each; transactions also say of which kind the units are. */
export function consumed(
  request: CapacityRequest,
  uses: readonly (readonly [string, number])[],
  kind?: "ReadCapacityUnits" | "WriteCapacityUnits",
): JsonObject {
  if (!wantsCapacity(request)) return {};
  const units = new Map<string, number>();
  for (const [table, count] of uses) units.set(table, (units.get(table) ?? 0) + count);
  const entry = (units: number): JsonObject => ({ CapacityUnits: units, ...(kind !== undefined && { [kind]: units }) });
  return { ConsumedCapacity: [...units].map(([TableName, units]) => ({ TableName, ...entry(units) })) };
}
