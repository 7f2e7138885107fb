/** What an event adds to which count. Pure. */
import type { EventEnvelope, JsonObject, JsonValue, QueueRecord } from "@serverlesspresso/ports";

const outcomes: Readonly<Record<string, string>> = {
  "OrderManager.OrderCompleted": "Completed",
  "OrderManager.OrderCancelled": "Cancelled",
  "OrderProcessor.OrderTimeOut": "TimedOut",
};

/** An event out of a queue, with the message it came in. */
export interface Received {
  readonly messageId: string;
  readonly envelope: EventEnvelope;
}

/** Reads messages; those that are no event are named, to be handed back. */
export function receive(records: readonly QueueRecord[]): { readonly received: Received[]; readonly unreadable: string[] } {
  const received: Received[] = [];
  const unreadable: string[] = [];
  for (const { messageId, body } of records) {
    const envelope = parse(body);
    if (envelope === undefined) unreadable.push(messageId);
    else received.push({ messageId, envelope });
  }
  return { received, unreadable };
}

function parse(body: string): EventEnvelope | undefined {
  try {
    const value = JSON.parse(body) as JsonValue;
    const { id, time } = value as { readonly id?: unknown; readonly time?: unknown };
    const isEvent = typeof id === "string" && typeof time === "string" && !Number.isNaN(Date.parse(time));
    return isEvent ? (value as unknown as EventEnvelope) : undefined;
  } catch {
    return undefined;
  }
}

/** The names under which an event counts: a drink and the total of sales, or how an order ended. */
export function countsOf(envelope: EventEnvelope): readonly string[] {
  const outcome = outcomes[envelope["detail-type"]];
  return outcome === undefined ? ["TotalSales", drinkOf(envelope.detail)] : [outcome];
}

/** The drink's name; an order by hand may hold it as JSON text, or not at all. */
export function drinkOf(detail: JsonObject): string {
  const order = typeof detail.drinkOrder === "string" ? parseObject(detail.drinkOrder) : detail.drinkOrder;
  const drink = order !== null && typeof order === "object" && !Array.isArray(order) ? (order as JsonObject).drink : undefined;
  return typeof drink === "string" && drink !== "" ? drink.slice(0, 100) : "Unknown";
}

function parseObject(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
