/**
 * Hands the changes of tables to functions, as Lambda's event source mapping does with DynamoDB Streams.
 *
 * D1. A record waits in the store from the transaction that changed the item on, until its function has succeeded with it: at least once.
 * D2. A function gets the records of one table in the order of the changes; while a batch fails, what came later waits.
 * D3. A failed batch is tried again with growing pauses; a record older than a day is given up and reported.
 */
import type { StreamConsumer, TableBlueprint } from "@serverlesspresso/blueprint";
import { type EventPattern, matchesPattern, parsePattern } from "@serverlesspresso/event-patterns";
import type { Functions } from "@serverlesspresso/functions";
import type { Clock, JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Key, partsOf, type Store, type Transaction } from "@serverlesspresso/store";
import type { TableStreamRecord } from "@serverlesspresso/tables";
import { failureOf } from "./function-failure.ts";
import { kinds } from "./record-kinds.ts";

/** Delivers the changes of tables to the functions that consume their streams. */
export interface StreamDelivery {
  /** Takes over the changes of a table, within the transaction that makes them. */
  accept(tx: Transaction, tableName: string, records: readonly TableStreamRecord[]): void;
  start(): void;
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** What the delivery works with. */
export interface StreamDeliveryOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tables: readonly TableBlueprint[];
  readonly functions: Pick<Functions, "invoke">;
  readonly onError: (error: unknown, what: string) => void;
}

const givenUpAfterMs = 86_400_000;
const longestPauseMs = 60_000;

/** One table's stream to one function. */
interface Lane {
  readonly tableName: string;
  readonly consumer: StreamConsumer;
  readonly pattern: EventPattern | undefined;
  /** Set while batches are handled. */
  running: Promise<void> | undefined;
  failures: number;
  disarm: () => void;
}

interface Waiting {
  readonly atMs: number;
  readonly record: JsonObject;
}

/** Returns the delivery for all consumers of the tables' streams; it delivers nothing before `start`. */
export function createStreamDelivery({ store, clock, tables, functions, onError }: StreamDeliveryOptions): StreamDelivery {
  const lanes = tables.flatMap(({ name, stream = [] }) => stream.map((consumer) => laneOf(name, consumer)));
  let isStarted = false;
  let nextSequence = 1 + Math.max(0, ...lanes.map((lane) => lastSequence(store, lane)));

  /** D1. From here on the record is the stream's: once the change is durable, `drain` takes it from the store. */
  function accept(tx: Transaction, tableName: string, records: readonly TableStreamRecord[]): void {
    for (const lane of lanes.filter((lane) => lane.tableName === tableName)) {
      const wanted = records.filter(
        (record) => lane.pattern === undefined || matchesPattern(lane.pattern, record as unknown as JsonObject),
      );
      if (wanted.length === 0) continue;
      for (const record of wanted)
        tx.put(kinds.stream.key(tableName, lane.consumer.function, nextSequence++), { atMs: clock.nowMs(), record });
      tx.afterCommit(() => wake(lane));
    }
  }

  function wake(lane: Lane): void {
    if (!isStarted || lane.running !== undefined) return;
    lane.disarm();
    lane.running = drain(lane)
      .catch((error: unknown) => pause(lane, error))
      .then(() => {
        lane.running = undefined;
        // Something may have come after the last look.
        if (isStarted && lane.failures === 0 && store.scan(rangeOfLane(lane), { limit: 1 }).length > 0) wake(lane);
      });
  }

  async function drain(lane: Lane): Promise<void> {
    while (isStarted) {
      const batch = store.scan<Waiting>(rangeOfLane(lane), { limit: lane.consumer.batchSize });
      if (batch.length === 0) return;
      const failure = await handle(lane, batch);
      if (failure === undefined) await remove(batch);
      else if (!(await giveUpOld(lane, batch, failure))) throw failure;
      lane.failures = 0;
    }
  }

  async function handle({ consumer }: Lane, batch: readonly [Key, Waiting][]): Promise<Error | undefined> {
    const Records = batch.map(([, { record }]) => record) as unknown as JsonValue;
    try {
      const result = await functions.invoke(consumer.function, { Records });
      return "functionError" in result ? failureOf(result.payload) : undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** D3. Resolves with whether it gave up any change. */
  async function giveUpOld(lane: Lane, batch: readonly [Key, Waiting][], failure: Error): Promise<boolean> {
    const old = batch.filter(([, { atMs }]) => clock.nowMs() - atMs > givenUpAfterMs);
    if (old.length === 0) return false;
    onError(failure, `${old.length} records of ${lane.tableName} were given up by ${lane.consumer.function} after a day`);
    await remove(old);
    return true;
  }

  function pause(lane: Lane, failure: unknown): void {
    lane.failures += 1;
    onError(failure, `stream of ${lane.tableName} to ${lane.consumer.function}`);
    const pauseMs = Math.min(longestPauseMs, 500 * 2 ** (lane.failures - 1));
    lane.disarm = clock.at(clock.nowMs() + pauseMs, () => wake(lane));
  }

  function remove(batch: readonly [Key, Waiting][]): Promise<void> {
    return store.transact((tx) => {
      for (const [key] of batch) tx.delete(key);
    });
  }

  return {
    accept,
    start() {
      isStarted = true;
      for (const lane of lanes) wake(lane);
    },
    async stop() {
      isStarted = false;
      for (const lane of lanes) lane.disarm();
      await Promise.all(lanes.map(({ running }) => running));
    },
  };
}

function laneOf(tableName: string, consumer: StreamConsumer): Lane {
  const pattern = consumer.filter === undefined ? undefined : parsePattern(JSON.stringify(consumer.filter));
  return { tableName, consumer, pattern, running: undefined, failures: 0, disarm: () => {} };
}

function rangeOfLane({ tableName, consumer }: Lane) {
  return kinds.stream.range(tableName, consumer.function);
}

function lastSequence(store: Store, lane: Lane): number {
  const [last] = store.scan(rangeOfLane(lane), { reverse: true, limit: 1 });
  return last === undefined ? 0 : (partsOf(last[0])[3] as number);
}
