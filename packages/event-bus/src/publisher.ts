/**
 * Puts events on the buses.
 *
 * B1. The transaction that puts an event stores it once, together with its deliveries: all of that or nothing.
 * B2. Events have a sequence; the archive is read in that order.
 * B3. The rules at the time of the put decide which targets receive the event.
 */
import type { Clock, Ids, JsonObject, JsonValue } from "@serverlesspresso/ports";
import { partsOf, type Store, type Transaction } from "@serverlesspresso/store";
import { listArchives } from "./archives.ts";
import type { BusFeed } from "./bus-feed.ts";
import { type Envelope, envelopeOf, isoSeconds, type Place, type StoredEvent } from "./envelope.ts";
import { EventBusError } from "./errors.ts";
import { createEventEncoder } from "./event-shapes.ts";
import { entriesOf, parseEntry } from "./put-events-request.ts";
import { kinds } from "./record-kinds.ts";
import type { Rule } from "./rule.ts";
import type { RuleBook } from "./rule-book.ts";
import { eventKey, eventRecords } from "./stored-events.ts";

/** An event that an AWS service sends. */
export interface ServiceEvent {
  readonly source: `aws.${string}`;
  readonly detailType: string;
  readonly detail: JsonObject;
  readonly resources: readonly string[];
}

/** The store, the rules, and what delivers an event to the rules that it matched. */
export interface PublisherOptions extends Place {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "uuid">;
  readonly book: RuleBook;
  readonly fewTexts?: readonly string[];
  /** Returns the marks of targets that read the event in the archive. */
  readonly dispatch: (tx: Transaction, sequence: number, event: StoredEvent, rules: readonly Rule[]) => readonly string[];
  readonly feed?: Pick<BusFeed, "events">;
}

/** Puts events (B1 to B3). */
export interface Publisher {
  /** Puts the events of a PutEvents request. @throws {EventBusError} `ValidationException` if the request exceeds a limit */
  putEvents(tx: Transaction, request: JsonObject): JsonObject;
  /** Puts an event of an AWS service on the default bus. As on AWS, it is dropped unless a rule or an archive matches it. */
  putServiceEvent(tx: Transaction, event: ServiceEvent): void;
  /** Puts the event of a scheduled rule, for that rule alone. */
  putScheduled(tx: Transaction, rule: Rule, event: Pick<StoredEvent, "time" | "resources" | "atMs">): void;
  /** Puts an event of one bus on another, under its own id. @throws {EventBusError} `ResourceNotFoundException` if there is no such bus */
  forward(tx: Transaction, busName: string, envelope: Envelope): void;
}

/** Returns what puts events; it goes on behind the last sequence number of the store. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { store, clock, ids, book, dispatch, feed: { events } = {} } = options;
  let nextSequence = firstFreeSequence(store);
  const encode = createEventEncoder(store, options.fewTexts ?? []);

  function putEntry(tx: Transaction, raw: JsonObject, nowMs: number): JsonObject {
    const entry = parseEntry(raw, nowMs);
    if ("ErrorCode" in entry) return { ...entry };
    if (!book.hasBus(tx, entry.bus)) {
      return { ErrorCode: "ResourceNotFoundException", ErrorMessage: `Event bus ${entry.bus} does not exist.` };
    }
    const { bus, source, type, detail, resources, time } = entry;
    const id = ids.uuid();
    publish(tx, { bus, id, source, type, time, detail, ...(resources.length > 0 && { resources }), atMs: clock.nowMs() });
    return { EventId: id };
  }

  /** Puts an event for these rules, or for those it matches. */
  function publish(tx: Transaction, event: StoredEvent, only?: readonly Rule[]): void {
    const sequence = nextSequence++;
    const envelope = envelopeOf(event, options);
    events?.tell(tx, () => ({ busName: event.bus, envelope }));
    const marks = dispatch(tx, sequence, event, only ?? book.index(tx).match(event.bus, envelope));
    tx.put(eventKey(sequence), encode(tx, marks.length === 0 ? event : { ...event, marks }));
  }

  return {
    putEvents(tx, request) {
      const nowMs = clock.nowMs();
      const results = entriesOf(request).map((raw) => putEntry(tx, raw, nowMs));
      return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
    },
    putServiceEvent(tx, { source, detailType: type, detail, resources }) {
      const atMs = clock.nowMs();
      const event: StoredEvent = { bus: "default", id: ids.uuid(), source, type, time: isoSeconds(atMs), detail, resources, atMs };
      const rules = book.index(tx).match(event.bus, envelopeOf(event, options));
      if (rules.length > 0 || listArchives(tx).some(({ busName }) => busName === event.bus)) publish(tx, event, rules);
    },
    putScheduled(tx, rule, { time, ...event }) {
      const id = ids.uuid();
      publish(tx, { bus: rule.busName, id, source: "aws.events", type: "Scheduled Event", time, detail: {}, ...event }, [rule]);
    },
    forward(tx, bus, { id, source, "detail-type": type, time, detail, resources }) {
      if (!book.hasBus(tx, bus)) throw new EventBusError("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
      publish(tx, { bus, id, source, type, time, detail: detail as JsonValue, resources, atMs: clock.nowMs() });
    },
  };
}

function firstFreeSequence(store: Store): number {
  const [last] = eventRecords.scan(store, kinds.events.range(), { reverse: true, limit: 1 });
  return last === undefined ? 1 : (partsOf(last[0])[1] as number) + 1;
}
