/**
 * Calls a function when the instant has come that an item holds.
 *
 * E1. The item itself is the timer: it is looked at on start and after each change by any caller. So a deadline is as durable as its
 *     item, one that passed while the process was down is met on start, and one that was put off or taken back calls no function.
 * E2. A call that fails is made again, with growing pauses, for as long as the item holds its instant.
 */
import type { DeadlineBlueprint } from "@serverlesspresso/blueprint";
import type { Functions } from "@serverlesspresso/functions";
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { Store, Transaction } from "@serverlesspresso/store";
import { type TablesEngine, TablesError } from "@serverlesspresso/tables";
import { failureOf } from "./function-failure.ts";

/** Calls a function when the instant that an item holds has come. */
export interface Deadlines {
  /** Receives the name of a table that changes, within the transaction that changes it. */
  accept(tx: Transaction, tableName: string): void;
  start(): void;
  /** Resolves when the calls under way have ended. */
  stop(): Promise<void>;
}

/** What the deadlines work with. */
export interface DeadlinesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tables: Pick<TablesEngine, "query">;
  readonly functions: Pick<Functions, "invoke">;
  readonly deadlines: readonly DeadlineBlueprint[];
  readonly onError: (error: unknown, what: string) => void;
}

const longestPauseMs = 60_000;

/** Returns the deadlines of the blueprint; none is met before `start`. */
export function createDeadlines({ deadlines, ...options }: DeadlinesOptions): Deadlines {
  const watches = deadlines.map((deadline) => createWatch(deadline, options));
  return {
    accept(tx, tableName) {
      for (const watch of watches) if (watch.tableName === tableName) tx.afterCommit(() => watch.look());
    },
    start() {
      for (const watch of watches) watch.start();
    },
    async stop() {
      await Promise.all(watches.map((watch) => watch.stop()));
    },
  };
}

function createWatch(deadline: DeadlineBlueprint, { store, clock, tables, functions, onError }: Omit<DeadlinesOptions, "deadlines">) {
  const { name, tableName, key, attribute } = deadline;
  let isStarted = false;
  let failures = 0;
  let running: Promise<void> = Promise.resolve();
  let disarm = (): void => {};

  /** Returns the item's instant, in ms; NaN without one, or without the table. */
  function instant(): number {
    try {
      const { Item } = tables.query(store, "GetItem", { TableName: tableName, Key: key });
      const { S = "" } = ((Item as JsonObject | undefined)?.[attribute] ?? {}) as { readonly S?: string };
      return Date.parse(S);
    } catch (error) {
      if (error instanceof TablesError && error.code === "ResourceNotFoundException") return Number.NaN;
      throw error;
    }
  }

  /** E1. @param soonestMs no call is made before it */
  function look(soonestMs = 0): void {
    disarm();
    const atMs = isStarted ? instant() : Number.NaN;
    if (Number.isNaN(atMs)) return;
    disarm = clock.at(Math.max(atMs, soonestMs), () => {
      running = call();
    });
  }

  async function call(): Promise<void> {
    try {
      const result = await functions.invoke(deadline.function, {});
      if ("functionError" in result) throw failureOf(result.payload);
      failures = 0;
    } catch (error) {
      onError(error, `deadline ${name}`);
      // E2. The pause doubles from half a second.
      look(clock.nowMs() + Math.min(longestPauseMs, 500 * 2 ** failures++));
    }
  }

  return {
    tableName,
    look,
    start() {
      isStarted = true;
      look();
    },
    async stop() {
      isStarted = false;
      disarm();
      await running;
    },
  };
}
