import { ConfigChanged } from "@serverlesspresso/contract/events";
import type { JsonObject } from "@serverlesspresso/ports";
import { type Change, streamFunction } from "../edges/stream-function.ts";

/** On the config table's stream: each change goes on the bus, with the item as it now is in plain values. */
export const configChanged = streamFunction(({ events }) => async (changes) => {
  await events.put(ConfigChanged, ...changes.flatMap(detailOf));
});

function detailOf({ before = {}, after }: Change) {
  return after === undefined ? [] : [{ Message: messageOf(before, after), NewImage: after }];
}

function messageOf(before: JsonObject, after: JsonObject): string {
  if (after.PK === "menu") return "The menu changed.";
  if (after.PK !== "config") return "The configuration changed.";
  if (before.storeOpen === after.storeOpen && before.reopensAt === after.reopensAt) return "The shop's limits changed.";
  if (after.storeOpen === true) return "The shop is open.";
  return typeof after.reopensAt === "string" ? `The shop pauses until ${after.reopensAt}.` : "The shop is closed.";
}
