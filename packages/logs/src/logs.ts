/**
 * CloudWatch Logs over the store.
 *
 * H1. No secret is kept: every line passes `redact` before it is stored. Of linked events `redactEvent` shows no more than their task tokens, to
 *     operators, who see them in the order table as well.
 * H2. What `putLogEvents` writes is durable with its transaction; what `append` takes is, about 100 ms later, or when `flush` resolves.
 * H3. Once an hour, and soon after a start, what is older than its group's retention or beyond the size cap is deleted, and what lies cold is packed. Linked
 *     events are not read past the retention, and do not count for the cap: they take no room here.
 */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { Clock, Ids } from "@serverlesspresso/ports";
import { createUpkeep, type ReadView, type Store, type Transaction, type UpkeepStep } from "@serverlesspresso/store";
import { createLineBuffer } from "./line-buffer.ts";
import { isKeptElsewhere, keptFromMs, type LinkedStore, linkedFromMs } from "./linked-events.ts";
import {
  dropBefore,
  findGroup,
  findOverflow,
  findStream,
  type LogEvent,
  listGroups,
  packGroup,
  putGroup,
  putStream,
  writeEvents,
} from "./log-store.ts";
import { createReader } from "./read-events.ts";
import { redact } from "./redact.ts";
import { cloudWatchLogs } from "./service.ts";

/** What CloudWatch Logs is given. `mostBytesPerGroup` bounds each group; the oldest events go first. */
export interface LogsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  /** For groups that have no retention of their own; default for ever. */
  readonly retentionDays?: number;
  /** What one group may hold; default no cap. */
  readonly mostBytesPerGroup?: number;
  /** The store whose events `link` names; by default none are linked. */
  readonly linked?: LinkedStore;
  readonly onError: (error: unknown, what: string) => void;
}

/** The log groups; `execute` and `query` are CloudWatch Logs' operations. */
export interface Logs extends BoundService {
  /** Writes events to a stream, both made where missing. */
  putLogEvents(tx: Transaction, group: string, stream: string, events: readonly LogEvent[]): void;
  /** Links an event of the other store to a stream, made where missing. Returns false where it needs a copy (LE3). */
  link(tx: Transaction, group: string, stream: string, event: { readonly sequence: number; readonly atMs: number }): boolean;
  /** Returns from when on linked events are read; infinite where no stream has any. */
  linkedFromMs(view: ReadView): number;
  /** Writes one line soon, stamped with the present instant. @param stream default one for each day */
  append(group: string, line: string, stream?: string): void;
  /** Resolves when all that was appended is durable. */
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const sweptAtOnce = 500;

/** Returns CloudWatch Logs over a store. */
export function createLogs(options: LogsOptions): Logs {
  const { store, clock, ids, retentionDays, mostBytesPerGroup, linked, onError } = options;
  const dailyStream = createDailyStream();
  /** When the record of a stream was last written: it says to the minute how new its events are. */
  const noted = new Map<string, number>();
  /** Groups whose events are linked, or are not: as long as nothing changes their retention. */
  const isLinked = new Map<string, boolean>();

  function putLogEvents(tx: Transaction, group: string, stream: string, events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    note(tx, group, stream, Math.max(...events.map(({ timestampMs }) => timestampMs)));
    const clean = events.map(({ timestampMs, message }) => ({ timestampMs, message: redact(message) }));
    writeEvents(tx, ids, group, stream, clean, clock.nowMs());
  }

  function note(tx: Transaction, group: string, stream: string, lastEventMs: number, sequence?: number): void {
    const id = `${group}\n${stream}${sequence === undefined ? "" : "\nlinked"}`;
    const nowMs = clock.nowMs();
    if (nowMs - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < minuteMs) return;
    if (findGroup(tx, group) === undefined) putGroup(tx, { name: group, createdMs: nowMs });
    const { createdMs = nowMs, since = sequence } = findStream(tx, group, stream) ?? {};
    putStream(tx, { group, name: stream, createdMs, lastEventMs, lastIngestionMs: nowMs, ...(since !== undefined && { since }) });
    tx.afterCommit(() => noted.set(id, nowMs));
  }

  /** At once for what follows before the deletion is durable, and then for what was noted before it. */
  function forget(tx: Transaction): void {
    for (const known of [noted, isLinked]) {
      known.clear();
      tx.afterCommit(() => known.clear());
    }
  }

  function link(tx: Transaction, group: string, stream: string, { sequence, atMs }: { sequence: number; atMs: number }): boolean {
    const isIt = isLinked.get(group) ?? (linked !== undefined && isKeptElsewhere(findGroup(tx, group), retentionDays, linked));
    isLinked.set(group, isIt);
    if (isIt) note(tx, group, stream, atMs, sequence);
    return isIt;
  }

  const buffer = createLineBuffer(clock, (lines) => {
    const streams = Map.groupBy(lines, ({ group, stream }) => `${group}\n${stream}`);
    return store
      .transact((tx) => {
        for (const [first, ...rest] of streams.values()) {
          if (first !== undefined) putLogEvents(tx, first.group, first.stream, [first, ...rest]);
        }
      })
      .catch((error: unknown) => onError(error, "writing logs"));
  });

  /** H3. */
  function* steps(): Generator<UpkeepStep> {
    for (const group of listGroups(store)) {
      const { name } = group;
      const beforeMs = Math.max(keptFromMs(group, retentionDays, clock), yield* overflowOf(name));
      for (let isMore = beforeMs > 0; isMore; ) yield (tx) => void (isMore = dropBefore(tx, name, beforeMs, sweptAtOnce));
      yield* packGroup(name, clock.nowMs());
    }
  }

  function* overflowOf(name: string): Generator<UpkeepStep, number> {
    if (mostBytesPerGroup === undefined) return 0;
    for (const foundMs of findOverflow(store, name, mostBytesPerGroup)) {
      if (foundMs !== undefined) return foundMs;
      // Others have their turn between pages.
      yield () => {};
    }
    return 0;
  }

  const upkeep = createUpkeep({ store, clock, everyMs: hourMs, steps, what: "upkeep of logs", onError });
  return {
    putLogEvents,
    append(group, line, stream) {
      const timestampMs = clock.nowMs();
      buffer.add({ group, stream: stream ?? dailyStream(timestampMs), timestampMs, message: line });
    },
    flush: buffer.flush,
    link,
    linkedFromMs: (view) => linkedFromMs(view, retentionDays, clock),
    ...cloudWatchLogs.on({ ...options, putLogEvents, readEvents: createReader(options), forget }),
    start: upkeep.start,
    async stop() {
      await upkeep.stop();
      await buffer.flush();
    },
  };
}

/** Returns what names the stream of an instant's day. It makes a name once a day, not once a line. */
function createDailyStream(): (ms: number) => string {
  let [today, name] = [-1, ""];
  return (ms) => {
    const day = Math.floor(ms / dayMs);
    if (day !== today) [today, name] = [day, `${new Date(ms).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]`];
    return name;
  };
}
