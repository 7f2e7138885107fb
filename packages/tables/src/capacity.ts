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

/** The member of an answer; nothing where it was not asked for. */
export function capacity(request: JsonObject, tableName: string, units: () => number): JsonObject {
  return wantsCapacity(request) ? { ConsumedCapacity: { TableName: tableName, CapacityUnits: units() } } : {};
}
