/**
 * The port `Events` over EventBridge, on one bus.
 *
 * E1. At most ten entries go in one call; more go in groups, in order.
 * E2. EventBridge may take some entries of a call and refuse others. The refused ones are put once more, alone; what is then still
 *     refused fails the call with EventBridge's own code. Consumers receive an event twice rather than never.
 */
import { type EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import type { EventEntry, Events } from "@serverlesspresso/ports";

/** The client of EventBridge and the name of the event bus. */
export interface EventsOptions {
  readonly eventbridge: Pick<EventBridgeClient, "send">;
  readonly busName: string;
}

/** EventBridge takes so many at once. */
const mostEntries = 10;

/** Serves `ports/events.ts` from EventBridge. */
export function createEvents({ eventbridge, busName }: EventsOptions): Events {
  /** E2. */
  async function putAll(entries: readonly EventEntry[]): Promise<string[]> {
    const results = await put(entries);
    const refused = entries.filter((_, at) => results[at]?.EventId === undefined);
    const again = refused.length === 0 ? [] : await put(refused);
    return results.map(({ EventId }) => EventId ?? accepted(again.shift()));
  }

  async function put(entries: readonly EventEntry[]): Promise<PutEventsResultEntry[]> {
    const Entries = entries.map(({ source, detailType, detail, resources }) => ({
      EventBusName: busName,
      Source: source,
      DetailType: detailType,
      Detail: JSON.stringify(detail),
      ...(resources !== undefined && { Resources: [...resources] }),
    }));
    const { Entries: results = [] } = await eventbridge.send(new PutEventsCommand({ Entries }));
    return results;
  }

  return {
    async putEvents(entries) {
      const eventIds: string[] = [];
      for (let at = 0; at < entries.length; at += mostEntries) eventIds.push(...(await putAll(entries.slice(at, at + mostEntries))));
      return { eventIds };
    },
  };
}

function accepted(result: PutEventsResultEntry | undefined): string {
  const { EventId, ErrorCode = "InternalFailure", ErrorMessage = "" } = result ?? {};
  if (EventId !== undefined) return EventId;
  throw Object.assign(new Error(`${ErrorCode}: ${ErrorMessage}`), { name: ErrorCode });
}
