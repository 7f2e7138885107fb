/** `ConsumedCapacity` as DynamoDB would bill it: 4 KB a read unit, half of it where consistency was not asked for, 1 KB a write unit. */
import type { JsonObject } from "@serverlesspresso/ports";
import { choice } from "./request.ts";

export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** Whether the request wants to know. Reading it is also its check. */
export function wantsCapacity(request: JsonObject): boolean {
  return request.ReturnConsumedCapacity !== undefined && choice(request, "ReturnConsumedCapacity", ["NONE", "TOTAL", "INDEXES"]) !== "NONE";
}

/** The index that was read in place of its table. */
interface ReadIndex {
  readonly name: string;
  readonly kind: "global" | "local";
}

/** The member of an answer; nothing where it was not asked for. */
export function capacity(request: JsonObject, tableName: string, units: () => number, index?: ReadIndex): JsonObject {
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
