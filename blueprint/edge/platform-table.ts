import type { Names } from "@serverlesspresso/contract";
import type { TableBlueprint } from "@serverlesspresso/services/resources.ts";

/**
 * Returns the table of what the platform itself keeps for a while: answers under an Idempotency-Key, pairings, limits; on AWS events counted, too.
 * It holds nothing worth a move to another account, so it is not among the blueprint's tables.
 */
export function platformTableOf({ platformTable }: Names): TableBlueprint {
  return { name: platformTable, partitionKey: { name: "PK", type: "S" }, indexes: [], timeToLiveAttribute: "expiresAt" };
}
