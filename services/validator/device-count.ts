/**
 * How many drinks of a window one device has taken.
 *
 * D1. A device is known by the unguessable id that it keeps and says as `X-Device-Id`; only a hash of it is stored, for a day.
 * D2. The guests of one device count together: names are free, phones are not. One that says no id is not counted: the guests of a
 *     conference share an address, so nothing else tells two of them apart, and the window's own number of drinks is their bound.
 */
import type { TransactItem } from "@serverlesspresso/ports";
import { keptUntil, type Window } from "./window.ts";

/** Counts one drink, under the condition that fewer than `most` were taken. */
export function countDrink(tableName: string, device: string, window: Window, most: number): TransactItem {
  return {
    update: {
      tableName,
      key: { PK: `device#${window.number}#${device}` },
      updateExpression: "SET expiresAt = :expiresAt ADD drinks :one",
      conditionExpression: "attribute_not_exists(drinks) OR drinks < :most",
      values: { ":one": 1, ":most": most, ":expiresAt": keptUntil(window) },
    },
  };
}
