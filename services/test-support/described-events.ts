/** Whether the event catalogue is true of what the system puts on its buses (contract: E1, E2). */
import { isDeepStrictEqual } from "node:util";
import { findEvent, parseDetail } from "@serverlesspresso/contract/events";
import type { Envelope, EventBus } from "@serverlesspresso/event-bus";
import type { ReadView } from "@serverlesspresso/store";

/** Returns every event that was put on any bus, oldest first. */
export function everyEvent(bus: EventBus, view: ReadView): Envelope[] {
  const envelopes: Envelope[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const { events, nextSequence } = bus.listEvents(view, { fromSequence: from, limit: 1000 });
    envelopes.push(...events.map(({ envelope }) => envelope));
    from = nextSequence;
  }
  return envelopes;
}

/**
 * Returns a sentence for each event of the system that the catalogue does not describe.
 * @param byHand ids of events that a test put on the bus itself, as an operator may
 */
export function undescribed(envelopes: readonly Envelope[], byHand: ReadonlySet<string>): string[] {
  return envelopes.filter(({ id }) => !byHand.has(id)).flatMap((envelope) => faultOf(envelope) ?? []);
}

function faultOf({ "detail-type": detailType, detail }: Envelope): string | undefined {
  const event = findEvent(detailType);
  if (event === undefined) return `event ${detailType} is not in the catalogue`;
  try {
    const parsed = parseDetail(event, detail);
    // AWS adds members to its own events; the bar's have no other than those of the catalogue.
    const more = event.source === "bar" ? Object.keys(parsed).filter((member) => !(member in event.detail.shape)) : [];
    if (more.length > 0) return `event ${detailType}: the catalogue does not know ${more.join(", ")}`;
    return isDeepStrictEqual(parsed, detail)
      ? undefined
      : `event ${detailType}: ${JSON.stringify(detail)} is read as ${JSON.stringify(parsed)}`;
  } catch (error) {
    return (error as Error).message;
  }
}
