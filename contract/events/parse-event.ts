import { z } from "zod";
import type { DetailOf, EventDefinition } from "./define-event.ts";
import { EventError, faultOf } from "./event-error.ts";

/** An event as its handler gets it, parsed; the wire's spelling stays outside. */
export interface ReceivedEvent<Definition extends EventDefinition> {
  /** Empty where a function was called by hand without one. */
  readonly id: string;
  readonly detailType: Definition["detailType"];
  readonly source: string;
  /** ISO 8601. */
  readonly time: string;
  /** ARNs of what it is about: an execution that emitted it names itself. */
  readonly resources: readonly string[];
  /** At run time it also has the members that the catalogue does not name (E1). */
  readonly detail: DetailOf<Definition>;
}

/** Distributes over a union of definitions, so that `detailType` tells the details apart. */
export type ReceivedOf<Definition extends EventDefinition> = Definition extends EventDefinition ? ReceivedEvent<Definition> : never;

/** EventBridge's envelope, as far as handlers read it. Someone who calls a function by hand may leave out all but the detail. */
const Envelope = z.object({
  id: z.string().default(""),
  "detail-type": z.string().optional(),
  source: z.string().default(""),
  time: z.string().default(""),
  resources: z.array(z.string()).default([]),
  detail: z.unknown(),
});

/**
 * Returns an envelope as the event it is. An envelope without a `detail-type` counts as the first of `events`.
 * @param events one event of the catalogue, or several of which it must be one
 * @throws {EventError} `InvalidEnvelope` when it is no envelope or that of another event; `InvalidDetail` when a member is wrong
 */
export function parseEvent<Definition extends EventDefinition>(event: Definition, envelope: unknown): ReceivedEvent<Definition>;
export function parseEvent<const Definitions extends readonly [EventDefinition, ...EventDefinition[]]>(
  events: Definitions,
  envelope: unknown,
): ReceivedOf<Definitions[number]>;
export function parseEvent(events: EventDefinition | readonly EventDefinition[], envelope: unknown): ReceivedEvent<EventDefinition> {
  const list: readonly EventDefinition[] = "detailType" in events ? [events] : events;
  const expected = list.map(({ detailType }) => detailType).join(" or ");
  const read = Envelope.safeParse(envelope);
  if (!read.success) throw new EventError("InvalidEnvelope", `event ${expected}: ${faultOf(read.error, envelope, "envelope")}`);
  const { "detail-type": detailType = list[0]?.detailType, detail, ...rest } = read.data;
  const event = list.find((one) => one.detailType === detailType);
  if (event === undefined) throw new EventError("InvalidEnvelope", `event ${expected}: detail-type is ${JSON.stringify(detailType)}`);
  return { ...rest, detailType: event.detailType, detail: parseDetail(event, detail) };
}

/**
 * Returns a detail with its defaults filled in.
 * @throws {EventError} `InvalidDetail` when a member is wrong
 */
export function parseDetail<Definition extends EventDefinition>(event: Definition, detail: unknown): DetailOf<Definition> {
  const parsed = event.detail.safeParse(detail);
  if (parsed.success) return parsed.data as DetailOf<Definition>;
  throw new EventError("InvalidDetail", `event ${event.detailType}: ${faultOf(parsed.error, detail, "detail")}`);
}
