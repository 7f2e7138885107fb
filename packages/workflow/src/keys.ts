/** Every key the engine writes. Kinds are short: they are part of each key on disk, never to be changed. */
import { type Key, type KeyRange, type Kind, partsOf } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

/** Names one execution: machine and start, e.g. `OrderProcessorWorkflow:1767258000000`. No machine starts two in one millisecond. */
export type ExecutionId = string;

/** Returns the id of the execution that started at `startMs`, in ms since 1970. */
export function executionIdOf(machine: string, startMs: number): ExecutionId {
  return `${machine}:${startMs}`;
}

/** Returns the state machine's name and the start, in ms since 1970, from the id of an execution. */
export function partsOfId(id: ExecutionId): { readonly machine: string; readonly startMs: number } {
  const at = id.lastIndexOf(":");
  return { machine: id.slice(0, at), startMs: Number(id.slice(at + 1)) };
}

/** The state machine itself: children of a distributed Map run under `Machine/Label`. */
export function machineOf(machine: string): string {
  const at = machine.indexOf("/");
  return at < 0 ? machine : machine.slice(0, at);
}

const keyWithId = (kind: Kind, id: ExecutionId): Key => {
  const { machine, startMs } = partsOfId(id);
  return kind.key(machine, startMs);
};

/** The store's keys of each kind of record. */
export const keys = {
  machine: (name: string): Key => kinds.machines.key(name),
  machines: (): KeyRange => kinds.machines.range(),
  revision: (machine: string, number: number): Key => kinds.revisions.key(machine, number),
  version: (machine: string, number: number): Key => kinds.versions.key(machine, number),
  versionsOf: (machine: string): KeyRange => kinds.versions.range(machine),
  alias: (machine: string, name: string): Key => kinds.aliases.key(machine, name),
  aliasesOf: (machine: string): KeyRange => kinds.aliases.range(machine),
  /** Tags of a state machine or activity. */
  tags: (kind: "stateMachine" | "activity", name: string): Key => kinds.tags.key(kind, name),
  definition: (hash: string): Key => kinds.definitions.key(hash),
  running: (id: ExecutionId): Key => keyWithId(kinds.running, id),
  runningOf: (machine: string): KeyRange => kinds.running.range(machine),
  /** One part of an execution under way. */
  part: (id: ExecutionId, place: string): Key => {
    const { machine, startMs } = partsOfId(id);
    return kinds.parts.key(machine, startMs, place);
  },
  partsOf: (id: ExecutionId): KeyRange => {
    const { machine, startMs } = partsOfId(id);
    return kinds.parts.range(machine, startMs);
  },
  placeOf: (key: Key): string => partsOf(key)[3] as string,
  closed: (id: ExecutionId): Key => keyWithId(kinds.closed, id),
  closedOf: (machine: string): KeyRange => kinds.closed.range(machine),
  /** Marks a closed execution for lists: `closed-store.ts` says which ones. */
  mark: (id: ExecutionId, scope: string, status: string): Key => {
    const { machine, startMs } = partsOfId(id);
    return kinds.marks.key(machine, scope, status, startMs);
  },
  marksOf: (machine: string, scope: string, status: string): KeyRange => kinds.marks.range(machine, scope, status),
  startOfMark: (key: Key): number => partsOf(key)[4] as number,
  /** Where a closed execution stood that may be redriven. */
  stood: (id: ExecutionId): Key => keyWithId(kinds.stood, id),
  name: (machine: string, name: string): Key => kinds.names.key(machine, name),
  history: (id: ExecutionId, firstEventId: number): Key => {
    const { machine, startMs } = partsOfId(id);
    return kinds.histories.key(machine, startMs, firstEventId);
  },
  historyOf: (id: ExecutionId): KeyRange => {
    const { machine, startMs } = partsOfId(id);
    return kinds.histories.range(machine, startMs);
  },
  mapRun: (id: ExecutionId, runId: string): Key => {
    const { machine, startMs } = partsOfId(id);
    return kinds.mapRuns.key(machine, startMs, runId);
  },
  mapRunsOf: (id: ExecutionId): KeyRange => {
    const { machine, startMs } = partsOfId(id);
    return kinds.mapRuns.range(machine, startMs);
  },
  /** The execution that a map run belongs to. */
  mapRunPlace: (runId: string): Key => kinds.mapRunPlaces.key(runId),
  working: (id: ExecutionId): Key => keyWithId(kinds.working, id),
  allWorking: (): KeyRange => kinds.working.range(),
  /** The execution that a key of kind `working`, `running` or `closed` is about. */
  idOf: (key: Key): ExecutionId => {
    const [, machine, startMs] = partsOf(key) as [string, string, number];
    return executionIdOf(machine, startMs);
  },
  /** The version's number, or the alias's name. */
  qualifierOf: (key: Key): string => String(partsOf(key)[2]),
  /** The machine or activity that a key of kind `machine` or `activity` is about. */
  nameOf: (key: Key): string => partsOf(key)[1] as string,
  tokenKey: (): Key => kinds.tokenKey.key(),
  activity: (name: string): Key => kinds.activities.key(name),
  activities: (): KeyRange => kinds.activities.range(),
  activityTask: (activity: string, executionId: ExecutionId, wait: number): Key => kinds.activityTasks.key(activity, executionId, wait),
  /** The wait that a key of kind `activityTask` is about. */
  taskOf: (key: Key): { readonly executionId: ExecutionId; readonly wait: number } => {
    const [, , executionId, wait] = partsOf(key) as [string, string, string, number];
    return { executionId, wait };
  },
  activityTasks: (activity: string): KeyRange => kinds.activityTasks.range(activity),
};
