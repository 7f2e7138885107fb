/**
 * Time to live.
 *
 * E1. An item whose attribute is a number of seconds in the past is deleted, once, at or soon after that instant; the attribute is read again then.
 * E2. A value that is no number, lies more than five years back or beyond the last instant of a date, never expires its item.
 * E3. The deletion is a change like any other and its stream record names the service as its author.
 */
import { createHash } from "node:crypto";
import type { Clock } from "@serverlesspresso/ports";
import type { Key, Store, Transaction } from "@serverlesspresso/store";
import { createTimers, lastInstantMs } from "@serverlesspresso/timers";
import { type AttributeMap, attributeOf } from "./attribute-value.ts";
import type { Catalog } from "./catalog.ts";
import { itemGroup } from "./item-key.ts";
import { kinds } from "./record-kinds.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { Change, Writer } from "./writer.ts";

const fiveYearsMs = 5 * 365 * 86_400_000;
const longestKey = 1000;

/**
 * Deletes items whose time to live is over.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export interface Expiry {
  /** Sets and cancels the timer of an item that changed. */
  follow(tx: Transaction, change: Change): void;
  /** Sets or cancels the timers of all items of a table, after its attribute was changed. */
  followAll(tx: Transaction, before: TableDefinition, after: TableDefinition): void;
  start(): void;
  stop(): void;
}

/** What the expiry works with. */
export interface ExpiryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly catalog: Catalog;
  /** Asked for at each expiry: the writer needs this in turn. */
  readonly writer: () => Writer;
  readonly onError: (error: unknown, what: string) => void;
}

/** Returns the expiry of all tables: one durable timer for each item that has a time to live. */
export function createExpiry(deps: ExpiryDeps): Expiry {
  const { store, clock, catalog, onError } = deps;
  const timers = createTimers({ store, clock, name: "tables-expiry", fire, onError: (error, id) => onError(error, `expiry of ${id}`) });

  function fire(tx: Transaction, id: string): void {
    const at = id.indexOf("/");
    const table = catalog.find(tx, id.slice(0, at));
    const text = id.slice(at + 1);
    const key = text.startsWith("#") ? tx.get<Key>(longKey(text)) : text;
    const item = key === undefined ? undefined : tx.get<AttributeMap>(key);
    if (text.startsWith("#")) tx.delete(longKey(text));
    // The table may have been made anew under its old name: then the key belongs to another group.
    if (table === undefined || key === undefined || item === undefined || !key.startsWith(kinds.items.key(itemGroup(table)))) return;
    const dueMs = expiryMs(table, item);
    if (dueMs === undefined || dueMs > clock.nowMs()) return;
    const writer = deps.writer();
    writer.apply(tx, writer.plan({ table, key, before: item, after: undefined, expired: true }));
  }

  function set(tx: Transaction, table: TableDefinition, key: Key, fromMs: number | undefined, toMs: number | undefined): void {
    if (fromMs === toMs) return;
    const id = `${table.name}/${timerText(key)}`;
    if (fromMs !== undefined) timers.cancel(tx, fromMs, id);
    if (toMs === undefined) return;
    if (key.length > longestKey) tx.put(longKey(timerText(key)), key);
    timers.set(tx, toMs, id);
  }

  /** When the item ends, by this definition; undefined for never (E2). */
  function expiryMs(table: TableDefinition, item: AttributeMap | undefined): number | undefined {
    const value = item === undefined || table.timeToLiveAttribute === undefined ? undefined : attributeOf(item, table.timeToLiveAttribute);
    if (value === undefined || !("N" in value)) return undefined;
    const ms = Math.floor(Number(value.N)) * 1000;
    return ms >= 0 && ms <= lastInstantMs ? ms : undefined;
  }

  return {
    follow(tx, { table, key, before, after, expired = false }) {
      // The timer that fired is gone already.
      const fromMs = expired ? undefined : expiryMs(table, before);
      const toMs = expiryMs(table, after);
      set(tx, table, key, fromMs, isTooOld(toMs) ? undefined : toMs);
    },
    followAll(tx, before, after) {
      for (const [key, item] of tx.scan<AttributeMap>(kinds.items.range(itemGroup(after)))) {
        const toMs = expiryMs(after, item);
        set(tx, after, key, expiryMs(before, item), isTooOld(toMs) ? undefined : toMs);
      }
    },
    start: () => timers.start(),
    stop: () => timers.stop(),
  };

  function isTooOld(ms: number | undefined): boolean {
    return ms !== undefined && ms < clock.nowMs() - fiveYearsMs;
  }
}

/** Long keys are named by their hash in a timer's id, which is part of a key itself. */
function timerText(key: Key): string {
  return key.length > longestKey ? `#${createHash("sha256").update(key).digest("hex")}` : key;
}

function longKey(text: string): Key {
  return kinds.expiring.key(text);
}
