import type { FeedSource } from "@serverlesspresso/feed";
import type { Delivery } from "./delivery-record.ts";
import type { Envelope, StoredEvent } from "./envelope.ts";
import type { Target } from "./rule.ts";

/** An event that was put on a bus. */
export interface BusEventEntry {
  readonly busName: string;
  readonly envelope: Envelope;
}

/** An attempt to deliver an event to one target, and what came of it. */
export interface DeliveryEntry {
  /** Undefined where the event has left the archive. */
  readonly eventId: string | undefined;
  /** The name of the replay; undefined for an event that was just put. */
  readonly replayName?: string;
  readonly busName: string;
  readonly ruleName: string;
  readonly targetId: string;
  /** Undefined where the target was removed. */
  readonly targetArn: string | undefined;
  /** 1 for the first. */
  readonly attempt: number;
  readonly outcome:
    | { readonly status: "delivered" }
    | { readonly status: "failed"; readonly error: string; readonly nextAttemptMs: number }
    | { readonly status: "givenUp"; readonly error: string; readonly deadLetterArn: string | undefined };
}

/** Where the bus puts its events and deliveries for watchers. */
export interface BusFeed {
  readonly events: FeedSource<BusEventEntry>;
  readonly deliveries: FeedSource<DeliveryEntry>;
}

/** Returns the entry of one attempt. */
export function deliveryEntry(
  { busName, ruleName, targetId, replay, failures }: Delivery,
  target: Target | undefined,
  event: StoredEvent | undefined,
  outcome: DeliveryEntry["outcome"],
): DeliveryEntry {
  const replayName = replay === "" ? {} : { replayName: replay };
  return { eventId: event?.id, ...replayName, busName, ruleName, targetId, targetArn: target?.Arn, attempt: failures + 1, outcome };
}
