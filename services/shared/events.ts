import type { EventEntry, EventEnvelope, Events, FunctionContext, JsonObject, JsonValue } from "@serverlesspresso/ports";

/** EventBridge takes so many at once. */
const mostEntries = 10;

/** Puts events on the bus in order, ten at a time. */
export async function putAll(events: Events, entries: readonly EventEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += mostEntries) await events.putEvents(entries.slice(at, at + mostEntries));
}

/** What events about an order say of it; an id may have been written as a number by hand. Undefined where it names no order. */
export interface AboutOrder {
  readonly orderId: string;
  readonly userId: string;
  readonly detail: JsonObject;
  readonly envelope: EventEnvelope;
}

/** Reads an envelope about an order. */
export function aboutOrder(event: JsonValue): AboutOrder | undefined {
  const envelope = event as unknown as EventEnvelope;
  const detail = envelope?.detail;
  if (detail === null || typeof detail !== "object") return undefined;
  const orderId = text(detail.orderId);
  return orderId === "" ? undefined : { orderId, userId: text(detail.userId), detail, envelope };
}

/** Text, or a number written as text; else empty. */
export function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** Leaves an event alone, and says in the function's log why. */
export function leave(context: FunctionContext, why: string): undefined {
  context.log(`${why}: nothing to do`);
  return undefined;
}
