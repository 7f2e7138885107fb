import type { BusEventEntry, DeliveryEntry } from "@serverlesspresso/event-bus";
import { createFeed, type Feed } from "@serverlesspresso/feed";
import type { ItemEntry } from "@serverlesspresso/tables";
import type { HistoryEntry } from "@serverlesspresso/workflow";

/** What goes on in the bar: what executions did, events, their deliveries, and changes of items. */
export type ShopFeed = Feed<{
  readonly history: HistoryEntry;
  readonly event: BusEventEntry;
  readonly delivery: DeliveryEntry;
  readonly item: ItemEntry;
}>;

/** Returns the feed of a bar. */
export function createShopFeed(): ShopFeed {
  return createFeed(["history", "event", "delivery", "item"]);
}
