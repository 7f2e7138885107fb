import type { JsonValue } from "@serverlesspresso/ports";
import type { ExecutionState, HistoryEvent, Outcome } from "@serverlesspresso/states-language";
import type { TaskReference } from "./integration.ts";
import { type ExecutionId, partsOfId } from "./keys.ts";
import type { ExecutionIdentity, OpenWait, QueuedStimulus, RunningRecord } from "./records.ts";
import type { StoredRunning } from "./running-store.ts";

/** A running execution while a transaction works on it. What it changes is written when the transaction ends. */
export interface Live {
  readonly id: ExecutionId;
  readonly machine: string;
  readonly startMs: number;
  readonly identity: ExecutionIdentity;
  readonly name: string;
  readonly revision: number;
  readonly express: string | undefined;
  readonly parent: TaskReference | undefined;
  /** What it was given, if that is at hand: else its history has it, after a start of the process or a redrive. */
  readonly input: JsonValue | undefined;
  /** Kept in memory alone: a synchronous Express execution. */
  readonly inMemory: boolean;
  state: ExecutionState | undefined;
  /** What the store holds of it, once it holds anything. */
  stored: StoredRunning | undefined;
  open: Record<string, OpenWait>;
  inbox: QueuedStimulus[];
  dueMs: number | undefined;
  timerMs: number | undefined;
  working: boolean;
  outcome: Outcome | undefined;
  /** Not written yet. */
  events: HistoryEvent[];
  /** In memory alone: those of the transactions before, told together at its end. */
  untold: readonly HistoryEvent[];
  /** External calls to be started once this is durable. */
  starts: number[];
  queued: boolean;
  /** Its start was undone, or it is closed and written. */
  gone: boolean;
}

/**
 * Returns the execution as it runs in memory, from its record.
 * @param inMemory whether it lives in memory alone, as a synchronous Express execution does
 */
export function liveOf(id: ExecutionId, record: RunningRecord, inMemory: boolean): Live {
  return {
    id,
    ...partsOfId(id),
    identity: identityOf(record),
    name: record.name,
    revision: record.revision,
    express: record.express,
    parent: record.parent,
    input: givenTo(record),
    inMemory,
    state: record.state,
    stored: undefined,
    open: { ...record.open },
    inbox: [...record.inbox],
    dueMs: record.dueMs,
    timerMs: record.timerMs,
    working: record.working,
    outcome: undefined,
    events: [],
    untold: record.untold ?? [],
    starts: [],
    queued: false,
    gone: false,
  };
}

function givenTo({ inbox: [first], input }: RunningRecord): JsonValue | undefined {
  return first?.kind === "start" ? first.input : input;
}

/** Returns the identity's own fields alone, for a record. */
export function identityOf({ name, revision, version, alias, redrives, child }: ExecutionIdentity): ExecutionIdentity {
  return {
    name,
    revision,
    ...(version !== undefined && { version }),
    ...(alias !== undefined && { alias }),
    ...(redrives && { redrives }),
    ...(child && { child }),
  };
}

/** Returns the record from which `liveOf` makes the execution again. */
export function recordOf(live: Live): RunningRecord {
  const { identity, express, state, open, inbox, dueMs, timerMs, working, parent, input } = live;
  return {
    ...identity,
    ...(express !== undefined && { express }),
    ...(state !== undefined && { state }),
    open,
    inbox,
    ...(dueMs !== undefined && { dueMs }),
    ...(timerMs !== undefined && { timerMs }),
    working,
    ...(parent !== undefined && { parent }),
    ...(input !== undefined && { input }),
    ...(live.inMemory && { untold: [...live.untold, ...live.events] }),
  };
}

/** Takes back what a step that failed half way has changed. */
export function restorePoint(live: Live): () => void {
  const { state, dueMs, outcome, inbox, events, starts } = live;
  const [open, stimuli, eventCount, startCount] = [{ ...live.open }, [...inbox], events.length, starts.length];
  return () => {
    events.length = eventCount;
    starts.length = startCount;
    Object.assign(live, { state, dueMs, outcome, open, inbox: stimuli, events, starts });
  };
}

/** Work that must be found again after a crash without reading every execution: calls outside, stimuli not decided on. */
export function hasWork(live: Live): boolean {
  if (live.inbox.length > 0) return true;
  for (const wait in live.open) if (live.open[wait]?.kind === "external") return true;
  return false;
}
