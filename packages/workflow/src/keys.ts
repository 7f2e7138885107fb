/** Every key the engine writes. Kinds are short: they are part of each key on disk, never to be changed. */
import { type Key, type KeyRange, keyOf, partsOf, rangeOf } from "@serverlesspresso/store";

/** Names one execution: machine and start, e.g. `OrderProcessorWorkflow:1767258000000`. No machine starts two in one millisecond. */
export type ExecutionId = string;

export function executionIdOf(machine: string, startMs: number): ExecutionId {
  return `${machine}:${startMs}`;
}

export function partsOfId(id: ExecutionId): { readonly machine: string; readonly startMs: number } {
  const at = id.lastIndexOf(":");
  return { machine: id.slice(0, at), startMs: Number(id.slice(at + 1)) };
}

const keyWithId = (kind: string, id: ExecutionId): Key => {
  const { machine, startMs } = partsOfId(id);
  return keyOf(kind, machine, startMs);
};

export const keys = {
  machine: (name: string): Key => keyOf("xs", name),
  machines: (): KeyRange => rangeOf("xs"),
  revision: (machine: string, number: number): Key => keyOf("xv", machine, number),
  version: (machine: string, number: number): Key => keyOf("xp", machine, number),
  versionsOf: (machine: string): KeyRange => rangeOf("xp", machine),
  alias: (machine: string, name: string): Key => keyOf("xl", machine, name),
  aliasesOf: (machine: string): KeyRange => rangeOf("xl", machine),
  /** Tags of a state machine or activity. */
  tags: (kind: "stateMachine" | "activity", name: string): Key => keyOf("xg", kind, name),
  definition: (hash: string): Key => keyOf("xd", hash),
  running: (id: ExecutionId): Key => keyWithId("xr", id),
  runningOf: (machine: string): KeyRange => rangeOf("xr", machine),
  closed: (id: ExecutionId): Key => keyWithId("xc", id),
  closedOf: (machine: string): KeyRange => rangeOf("xc", machine),
  /** Where a closed execution stood that may be redriven. */
  stood: (id: ExecutionId): Key => keyWithId("xz", id),
  name: (machine: string, name: string): Key => keyOf("xn", machine, name),
  history: (id: ExecutionId, firstEventId: number): Key => {
    const { machine, startMs } = partsOfId(id);
    return keyOf("xh", machine, startMs, firstEventId);
  },
  historyOf: (id: ExecutionId): KeyRange => {
    const { machine, startMs } = partsOfId(id);
    return rangeOf("xh", machine, startMs);
  },
  mapRun: (id: ExecutionId, runId: string): Key => {
    const { machine, startMs } = partsOfId(id);
    return keyOf("xm", machine, startMs, runId);
  },
  mapRunsOf: (id: ExecutionId): KeyRange => {
    const { machine, startMs } = partsOfId(id);
    return rangeOf("xm", machine, startMs);
  },
  /** The execution that a map run belongs to. */
  mapRunPlace: (runId: string): Key => keyOf("xu", runId),
  working: (id: ExecutionId): Key => keyWithId("xw", id),
  allWorking: (): KeyRange => rangeOf("xw"),
  /** The execution that a key of kind `working`, `running` or `closed` is about. */
  idOf: (key: Key): ExecutionId => {
    const [, machine, startMs] = partsOf(key) as [string, string, number];
    return executionIdOf(machine, startMs);
  },
  /** The version's number, or the alias's name. */
  qualifierOf: (key: Key): string => String(partsOf(key)[2]),
  /** The machine or activity that a key of kind `machine` or `activity` is about. */
  nameOf: (key: Key): string => partsOf(key)[1] as string,
  tokenKey: (): Key => keyOf("xk"),
  activity: (name: string): Key => keyOf("xa", name),
  activities: (): KeyRange => rangeOf("xa"),
  activityTask: (activity: string, executionId: ExecutionId, wait: number): Key => keyOf("xq", activity, executionId, wait),
  /** The wait that a key of kind `activityTask` is about. */
  taskOf: (key: Key): { readonly executionId: ExecutionId; readonly wait: number } => {
    const [, , executionId, wait] = partsOf(key) as [string, string, string, number];
    return { executionId, wait };
  },
  activityTasks: (activity: string): KeyRange => rangeOf("xq", activity),
};
