import type { JsonObject } from "../json.ts";
import type { Names } from "../names.ts";
import type { DetailOf, EventDefinition } from "./define-event.ts";

/** One entry of `putEvents`. */
export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: JsonObject;
}

/** Returns the entry that puts an event on the bar's bus. */
export function entryOf<Definition extends EventDefinition>(
  { source, detailType }: Definition,
  detail: DetailOf<Definition>,
  { eventSource }: Pick<Names, "eventSource">,
): EventEntry {
  return { source: source === "bar" ? eventSource : source, detailType, detail: detail as JsonObject };
}
