/**
 * Counts events in the metrics table.
 *
 * E1. An event and its counts are one transaction: an item under what it is (`identityOf`) is put under the condition that it does not exist.
 *     So each event counts once, however often its message comes, and each order once as sold.
 * E2. The date is the event's own, in the shop's time zone.
 * E3. A batch is one transaction; events counted before drop out of it, and the rest is tried again. A message that is no event
 *     goes back alone.
 */
import type { TransactItem } from "@serverlesspresso/ports";
import { queueFunction } from "../edges/queue-function.ts";
import type { Deps } from "../shared/deps.ts";
import { cancellationCodes } from "../shared/errors.ts";
import { readShop } from "../shared/shop.ts";
import { shopDay } from "../shared/shop-day.ts";
import { type Counted, counted, countsOf, identityOf } from "./counted.ts";

/** Queue messages live 4 days by default; an event may come again for that long, and after a redrive for longer. */
const rememberedMs = 30 * 86_400_000;
const mostAttempts = 20;

/** The queue's function. */
export const metricsDynamoDB = queueFunction(counted, (deps) => async (messages) => {
  const { timeZone } = await readShop(deps.tables, deps.names.configTable, deps.clock.nowMs());
  await count(deps, unique(messages.map(({ event }) => event)), timeZone);
  return [];
});

function unique(events: readonly Counted[]): Counted[] {
  return [...new Map(events.map((event) => [identityOf(event), event])).values()];
}

/** E1, E3. */
async function count(deps: Deps, events: readonly Counted[], timeZone: string, attempt = 1): Promise<void> {
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

function remember({ names, clock }: Deps, events: readonly Counted[]): TransactItem[] {
  const expiresAt = Math.ceil((clock.nowMs() + rememberedMs) / 1000);
  return events.map((event) => ({
    put: {
      tableName: names.metricsTable,
      item: { PK: "Event", SK: identityOf(event), expiresAt },
      conditionExpression: "attribute_not_exists(PK)",
    },
  }));
}

function add({ names }: Deps, events: readonly Counted[], timeZone: string): TransactItem[] {
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
