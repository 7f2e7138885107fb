/**
 * Counts events in the metrics table.
 *
 * E1. An event and its counts are one transaction: an item under the event's id is made under the condition that there is none.
 *     So each event counts once, however often its message comes.
 * E2. The date is the event's own, in the shop's time zone.
 * E3. A batch is one transaction; events counted before drop out of it, and the rest is tried again. A message that is no event
 *     goes back alone.
 */
import type { EventEnvelope, FunctionHandler, JsonValue, QueueRecord, TransactItem } from "@serverlesspresso/ports";
import type { Deps } from "../shared/deps.ts";
import { cancellationCodes } from "../shared/errors.ts";
import { readShop } from "../shared/shop.ts";
import { shopDay } from "../shared/shop-day.ts";
import { countsOf, receive } from "./counted.ts";

/** Queue messages live 4 days by default; an event may come again for that long, and after a redrive for longer. */
const rememberedMs = 30 * 86_400_000;
const mostAttempts = 20;

/** The queue's function. */
export function metricsDynamoDB(deps: Deps): FunctionHandler {
  return async (event) => {
    const { Records } = event as unknown as { readonly Records: readonly QueueRecord[] };
    const { received, unreadable } = receive(Records);
    const { timeZone } = await readShop(deps.tables, deps.names.configTable, deps.clock.nowMs());
    await count(deps, unique(received.map(({ envelope }) => envelope)), timeZone);
    return { batchItemFailures: unreadable.map((itemIdentifier) => ({ itemIdentifier })) } satisfies JsonValue;
  };
}

function unique(events: readonly EventEnvelope[]): EventEnvelope[] {
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

/** E1, E3. */
async function count(deps: Deps, events: readonly EventEnvelope[], timeZone: string, attempt = 1): Promise<void> {
  if (events.length === 0) return;
  try {
    await deps.tables.transactWriteItems([...remember(deps, events), ...add(deps, events, timeZone)]);
  } catch (error) {
    const codes = cancellationCodes(error);
    if (codes === undefined || attempt >= mostAttempts) throw error;
    const uncounted = events.filter((_, at) => codes[at] !== "ConditionalCheckFailed");
    await count(deps, uncounted, timeZone, attempt + 1);
  }
}

function remember({ names, clock }: Deps, events: readonly EventEnvelope[]): TransactItem[] {
  const expiresAt = Math.ceil((clock.nowMs() + rememberedMs) / 1000);
  return events.map(({ id }) => ({
    put: {
      tableName: names.metricsTable,
      item: { PK: "Event", SK: id, expiresAt },
      conditionExpression: "attribute_not_exists(PK)",
    },
  }));
}

function add({ names }: Deps, events: readonly EventEnvelope[], timeZone: string): TransactItem[] {
  const sums = new Map<string, number>();
  for (const event of events) {
    const day = shopDay(Date.parse(event.time), timeZone);
    for (const name of countsOf(event)) sums.set(`${day}#${name}`, (sums.get(`${day}#${name}`) ?? 0) + 1);
  }
  return [...sums].map(([SK, sum]) => ({
    update: {
      tableName: names.metricsTable,
      key: { PK: "Aggregate", SK },
      updateExpression: "ADD val :sum",
      values: { ":sum": sum },
    },
  }));
}
