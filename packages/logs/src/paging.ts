/** Reading many events in pages. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView } from "@serverlesspresso/store";
import { invalidToken } from "./errors.ts";
import type { StoredLogEvent } from "./log-store.ts";
import type { ReadEvents, Window } from "./read-events.ts";

/** How many events one call answers with, where it does not ask for fewer. */
export const mostAtOnce = 10_000;
/** How many events one call looks at before it answers with a token to go on. */
const mostScanned = 10_000;

/** A page of events. */
export interface EventPage {
  readonly events: StoredLogEvent[];
  /** The id of the last event looked at, where there may be more. */
  readonly lastId?: string;
}

/** A group, as one sees it, and a part of its time. */
export interface GroupWindow {
  readonly view: ReadView;
  readonly group: string;
  readonly window: Window;
}

/** Up to `most` events that are meant, in the direction of reading, going on after the event with id `after`. */
export function collect(
  read: ReadEvents,
  { view, group, window }: GroupWindow,
  { most, isReverse = false, after }: { readonly most: number; readonly isReverse?: boolean; readonly after?: string | undefined },
  isMeant: (event: StoredLogEvent) => boolean,
): EventPage {
  const events: StoredLogEvent[] = [];
  let seen = 0;
  for (const { eventId, event } of read(view, group, window, { isReverse, after })) {
    if (event !== undefined && isMeant(event)) events.push(event);
    if (events.length >= most || ++seen >= mostScanned) return { events, lastId: eventId };
  }
  return { events };
}

/** Returns events by their instants; those of one instant keep their order. */
export function inOrder(events: readonly StoredLogEvent[]): StoredLogEvent[] {
  return events.toSorted((a, b) => a.timestampMs - b.timestampMs);
}

/** Returns an event in `GetLogEvents`' shape. */
export function describeEvent({ timestampMs, message, ingestedMs }: StoredLogEvent) {
  return { timestamp: timestampMs, message, ingestionTime: ingestedMs };
}

/** GetLogEvents' page. Its tokens are `f/ID`, on after that event, and `b/ID`, back from it; where nothing comes, a token repeats itself. */
export function pageOfStream(
  read: ReadEvents,
  { stream, ...within }: GroupWindow & { readonly stream: string },
  { most, startFromHead, token }: { readonly most: number; readonly startFromHead: boolean; readonly token: string | undefined },
): JsonObject {
  const [direction, id] = token === undefined ? [startFromHead ? "f" : "b"] : token.split("/");
  if (direction !== "f" && direction !== "b") throw invalidToken();
  const isReverse = direction === "b";
  const after = id === "" ? undefined : id;
  const { events } = collect(read, within, { most, isReverse, after }, (event) => event.stream === stream);
  if (isReverse) events.reverse();
  return {
    events: events.map(describeEvent),
    nextForwardToken: `f/${events.at(-1)?.eventId ?? after ?? ""}`,
    nextBackwardToken: `b/${events[0]?.eventId ?? after ?? ""}`,
  };
}
