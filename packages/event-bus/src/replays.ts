/**
 * Replays: send archived events to the rules of their bus again, marked with `replay-name`. Replayed events are not archived again.
 *
 * Y1. The transaction that sends events also stores the position of the replay: after a crash it continues there.
 * Y2. With a speed, the intervals between events are the original ones divided by it; without a speed there are no pauses.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
import { type EventPattern, matchesPattern, parsePattern } from "@serverlesspresso/event-patterns";
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { Key, ReadView, Store, Transaction } from "@serverlesspresso/store";
import { readSequence } from "./archive.ts";
import { envelopeOf, type Place, type StoredEvent } from "./envelope.ts";
import { EventBusError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";

/** What to replay, to which rules and how fast. */
export interface ReplayRequest {
  readonly name: string;
  readonly busName: string;
  /** Events put at or after `fromMs` and before `toMs`, in milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Only events that match this pattern, as JSON text. */
  readonly eventPattern?: string;
  /** Only to these rules; by default to all. */
  readonly ruleNames?: readonly string[];
  /** How many times faster than the original; by default as fast as possible. */
  readonly speed?: number;
  readonly archiveName?: string;
  readonly description?: string;
}

type ReplayState = "RUNNING" | "COMPLETED" | "CANCELLED";
/** A replay as it is stored. */
export interface Replay extends ReplayRequest {
  readonly state: ReplayState;
  readonly startedMs: number;
  readonly endedMs?: number;
  /** The next sequence to read. */
  readonly position: number;
  /** When the last replayed event was originally put, in milliseconds since the epoch. */
  readonly lastReplayedMs?: number;
  /** When the first event was originally put, in milliseconds since the epoch; intervals count from it. */
  readonly baseMs?: number;
}

/** Starts, cancels and lists replays. */
export interface Replays {
  /** @throws {EventBusError} `ResourceAlreadyExistsException`, `ValidationException`; {EventPatternError} `InvalidEventPatternException` */
  start(tx: Transaction, request: ReplayRequest): void;
  cancel(tx: Transaction, name: string): Replay;
  get(view: ReadView, name: string): Replay;
  list(view: ReadView): Replay[];
  begin(): void;
  end(): void;
}

/** What replays need. `put` sends one event to the named rules, or to all. */
export interface ReplaysOptions extends Place {
  readonly store: Store;
  readonly clock: Clock;
  readonly onError: (error: unknown, what: string) => void;
  /** Returns from when on events can be replayed. */
  readonly startsAtMs: (view: ReadView) => number;
  readonly put: (
    tx: Transaction,
    stored: { readonly sequence: number; readonly event: StoredEvent },
    replayName: string,
    ruleNames: readonly string[] | undefined,
  ) => void;
}

const replayKey = (name: string): Key => kinds.replays.key(name);
const batchSize = 100;

/** Creates the replays. Running ones continue after `begin` and pause after `end`. */
export function createReplays(options: ReplaysOptions): Replays {
  const { store, clock, onError, startsAtMs, put } = options;
  const disarms = new Map<string, () => void>();
  let isBegun = false;

  function wake(name: string, atMs: number): void {
    if (!isBegun) return;
    disarms.get(name)?.();
    disarms.set(
      name,
      clock.at(atMs, () => void run(name)),
    );
  }

  function get(view: ReadView, name: string): Replay {
    const replay = view.get<Replay>(replayKey(name));
    if (replay === undefined) throw new EventBusError("ResourceNotFoundException", `Replay ${name} does not exist.`);
    return replay;
  }

  async function run(name: string): Promise<void> {
    disarms.delete(name);
    await store
      .transact((tx) => step(tx, name))
      .then(
        (nextMs) => nextMs !== undefined && wake(name, nextMs),
        (error) => onError(error, `replay ${name}`),
      );
  }

  /** Sends the events that are due. Returns when to continue, in milliseconds since the epoch; undefined if the replay is over. */
  function step(tx: Transaction, name: string): number | undefined {
    const replay = get(tx, name);
    if (replay.state !== "RUNNING") return undefined;
    const pattern = replay.eventPattern === undefined ? undefined : parsePattern(replay.eventPattern);
    const fromMs = Math.max(replay.fromMs, startsAtMs(tx));
    let now = replay;
    const found = readSequence(tx, { from: replay.position, limit: batchSize });
    for (const stored of found) {
      const { sequence, event } = stored;
      if (event.atMs >= replay.toMs) return finish(tx, now);
      if (isMeant(event, { ...replay, fromMs }, pattern)) {
        now = { ...now, baseMs: now.baseMs ?? event.atMs };
        const dueMs = dueOf(now, event.atMs);
        if (dueMs > clock.nowMs()) {
          tx.put(replayKey(name), now);
          return dueMs;
        }
        put(tx, stored, name, replay.ruleNames);
        now = { ...now, lastReplayedMs: event.atMs };
      }
      now = { ...now, position: sequence + 1 };
    }
    if (found.length < batchSize) return finish(tx, now);
    tx.put(replayKey(name), now);
    return clock.nowMs();
  }

  function isMeant(event: StoredEvent, { busName, fromMs }: Replay, pattern: EventPattern | undefined): boolean {
    if (event.bus !== busName || event.atMs < fromMs) return false;
    return pattern === undefined || matchesPattern(pattern, envelopeOf(event, options));
  }

  function dueOf({ speed, startedMs, baseMs = 0 }: Replay, atMs: number): number {
    return speed === undefined ? 0 : startedMs + Math.ceil((atMs - baseMs) / speed);
  }

  function finish(tx: Transaction, replay: Replay): undefined {
    tx.put(replayKey(replay.name), { ...replay, state: "COMPLETED", endedMs: clock.nowMs() } satisfies Replay);
  }

  const list = (view: ReadView): Replay[] => view.scan<Replay>(kinds.replays.range()).map(([, replay]) => replay);

  return {
    start(tx, request) {
      const { name, fromMs, toMs, eventPattern, speed } = request;
      if (tx.get(replayKey(name)) !== undefined)
        throw new EventBusError("ResourceAlreadyExistsException", `Replay ${name} already exists.`);
      if (!(toMs > fromMs)) throw new EventBusError("ValidationException", "EventEndTime must be greater than EventStartTime.");
      if (speed !== undefined && !(speed > 0)) throw new EventBusError("ValidationException", "Speed must be greater than 0.");
      if (eventPattern !== undefined) parsePattern(eventPattern);
      const startedMs = clock.nowMs();
      // Events put from now on do not belong to the replay, or it could feed itself.
      tx.put(replayKey(name), {
        ...request,
        toMs: Math.min(toMs, startedMs + 1),
        state: "RUNNING",
        startedMs,
        position: 1,
      } satisfies Replay);
      tx.afterCommit(() => wake(name, startedMs));
    },
    cancel(tx, name) {
      const replay = get(tx, name);
      if (replay.state !== "RUNNING") {
        throw new EventBusError("IllegalStatusException", `Replay ${name} is not in a valid state for this operation.`);
      }
      const cancelled: Replay = { ...replay, state: "CANCELLED", endedMs: clock.nowMs() };
      tx.put(replayKey(name), cancelled);
      return cancelled;
    },
    get,
    list,
    begin() {
      isBegun = true;
      for (const { name, state } of list(store)) if (state === "RUNNING") wake(name, clock.nowMs());
    },
    end() {
      isBegun = false;
      for (const disarm of disarms.values()) disarm();
      disarms.clear();
    },
  };
}

/** Returns the response of DescribeReplay. */
export function describeReplay(replay: Replay, { account, region }: Place): JsonObject {
  const arn = (kind: string, name: string): string => `arn:aws:events:${region}:${account}:${kind}/${name}`;
  const seconds = (ms: number): number => ms / 1000;
  return {
    ReplayName: replay.name,
    ReplayArn: arn("replay", replay.name),
    State: replay.state,
    ...(replay.description !== undefined && { Description: replay.description }),
    ...(replay.archiveName !== undefined && { EventSourceArn: arn("archive", replay.archiveName) }),
    Destination: {
      Arn: arn("event-bus", replay.busName),
      ...(replay.ruleNames !== undefined && { FilterArns: replay.ruleNames.map((name) => arn("rule", `${replay.busName}/${name}`)) }),
    },
    EventStartTime: seconds(replay.fromMs),
    EventEndTime: seconds(replay.toMs),
    ReplayStartTime: seconds(replay.startedMs),
    ...(replay.endedMs !== undefined && { ReplayEndTime: seconds(replay.endedMs) }),
    ...(replay.lastReplayedMs !== undefined && { EventLastReplayedTime: seconds(replay.lastReplayedMs) }),
  };
}
