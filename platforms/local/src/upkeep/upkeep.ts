/**
 * Forgets orders and metrics, where the operator has said after how many days; the engines forget the rest themselves.
 *
 * UP1. An order goes that many days after it was last changed, once it is over; one that is open never does.
 */
import { openStates } from "@serverlesspresso/contract";
import { forgetMinutes } from "@serverlesspresso/metrics";
import type { JsonObject } from "@serverlesspresso/ports";
import { createUpkeep, type Upkeep, type UpkeepStep } from "@serverlesspresso/store";
import { marshall, unmarshall } from "@serverlesspresso/tables";
import type { Engines } from "../engines.ts";
import type { Keep } from "./keep.ts";

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const ordersAtOnce = 50;
const isOpen: ReadonlySet<unknown> = new Set(openStates);

/** Returns the upkeep that deletes what `keep` says is too old, in small transactions (UP1). @param TableName of the orders */
export function createShopUpkeep(engines: Engines, TableName: string, keep: Keep, onError: (error: unknown, what: string) => void): Upkeep {
  const { store, clock, tables } = engines;

  function* steps(): Generator<UpkeepStep> {
    const nowMs = clock.nowMs();
    if (keep.orders !== undefined) yield* forgetOrders(nowMs - keep.orders * dayMs);
    if (keep.metrics !== undefined) yield* forgetMinutes(store, nowMs - keep.metrics * dayMs);
  }

  function* forgetOrders(beforeMs: number): Generator<UpkeepStep> {
    const query = {
      TableName,
      KeyConditionExpression: "PK = :orders",
      ExpressionAttributeValues: marshall({ ":orders": "orders" }),
      Limit: ordersAtOnce,
    };
    let from: JsonObject | undefined;
    do {
      const page = tables.query(store, "Query", { ...query, ...(from && { ExclusiveStartKey: from }) } as JsonObject);
      const old = (page.Items as JsonObject[]).map((item) => unmarshall(item as never)).filter((order) => isOver(order, beforeMs));
      yield (tx) => {
        for (const { PK, SK } of old)
          tables.execute(tx, "DeleteItem", { TableName, Key: marshall({ PK: PK as string, SK: SK as string }) } as JsonObject);
      };
      from = page.LastEvaluatedKey as JsonObject | undefined;
    } while (from !== undefined);
  }

  return createUpkeep({ store, clock, everyMs: hourMs, steps, what: "upkeep of orders and metrics", onError });
}

/** UP1. */
function isOver({ ORDERSTATE, TS }: Readonly<Record<string, unknown>>, beforeMs: number): boolean {
  return typeof TS === "number" && TS < beforeMs && !isOpen.has(ORDERSTATE);
}
