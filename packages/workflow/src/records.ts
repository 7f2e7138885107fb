import type { JsonValue } from "@serverlesspresso/ports";
import type { Action, ExecutionState, HistoryEvent, Outcome, Stimulus, StoredState } from "@serverlesspresso/states-language";
import type { TaskReference } from "./integration.ts";
import type { ExecutionId } from "./keys.ts";

/**
 * The type of a state machine, as CreateStateMachine spells it.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
export type MachineType = "STANDARD" | "EXPRESS";

/** A state machine: its newest revision's number, the last version's. A deleted one stays so that revisions' numbers are never used twice. */
export interface MachineRecord {
  readonly type: MachineType;
  readonly revision: number;
  readonly versions?: number;
  readonly createdMs: number;
  readonly deleted?: true;
  /** Where one of its name was deleted before it: the first revision that is its own. */
  readonly firstRevision?: number;
}

/** What one revision of a state machine says; never changed. `definition` is the hash of its text. */
export interface RevisionRecord {
  readonly definition: string;
  readonly revisionId: string;
  readonly roleArn: string;
  readonly updatedMs: number;
  /** The one the machine was created with: its id is not told. */
  readonly initial?: true;
}

/** A published version: a revision under a number of its own. */
export interface VersionRecord {
  readonly revision: number;
  readonly createdMs: number;
  readonly description?: string;
}

/** An alias: one or two versions with their percentages. */
export interface AliasRecord {
  readonly routes: readonly (readonly [version: number, weight: number])[];
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly description?: string;
}

/** What begins an execution, beside the core's own stimuli. */
export type QueuedStimulus = Stimulus | { readonly kind: "start"; readonly input: JsonValue };

/** One thing an execution waits for that is not a point in time. */
export type OpenWait =
  /** A callback with its token. */
  | { readonly kind: "callback" }
  /** A call outside; made again after a crash. */
  | { readonly kind: "external"; readonly action: Action }
  /** A nested execution's end. */
  | { readonly kind: "child"; readonly executionId: string; readonly parsed: boolean }
  /** A worker of this activity; `taken` once one has it. */
  | { readonly kind: "activity"; readonly activity: string; readonly input: JsonValue; readonly taken?: true };

/** What an execution keeps from its start to beyond its end. */
export interface ExecutionIdentity {
  readonly name: string;
  readonly revision: number;
  /** The version it was started by, and the alias that chose it. */
  readonly version?: number;
  readonly alias?: string;
  readonly redrives?: Redrives;
  readonly child?: ChildPlace;
}

/** What a child of a distributed Map is: the rest of it lies in the execution it is a part of. */
export interface ChildPlace {
  /** The execution, its Map run, the Map, and the child's place there. */
  readonly of: ExecutionId;
  readonly runId: string;
  readonly stateName: string;
  readonly index: number;
  readonly startMs: number;
  readonly itemCount: number;
  /** Of an Express child, which has no history: what it was given, and what came of it. */
  readonly express?: { readonly input: JsonValue; readonly outcome?: Outcome };
}

/** How often an execution was redriven, when last, and by which client tokens lately. */
export interface Redrives {
  readonly count: number;
  readonly redriveMs: number;
  readonly tokens?: readonly (readonly [clientToken: string, redriveMs: number])[];
}

/** An execution that has not ended, whole. `running-store.ts` says how it is stored. */
export interface RunningRecord extends ExecutionIdentity {
  /** Set for Express: the last part of its ARN. */
  readonly express?: string;
  /** Absent until the first transition. */
  readonly state?: ExecutionState;
  readonly open: { readonly [wait: string]: OpenWait };
  /** Accepted, not yet decided on: the `ready` marker. */
  readonly inbox: readonly QueuedStimulus[];
  /** The nearest deadline, and the instant of the timer that is set: never later than it. */
  readonly dueMs?: number;
  readonly timerMs?: number;
  /** Whether the key under `working` is there. */
  readonly working: boolean;
  readonly parent?: TaskReference;
  /** In memory alone: what it was given, which the store has in its inbox and then in its history. */
  readonly input?: JsonValue;
  /** In memory alone: what it has done so far. */
  readonly untold?: readonly HistoryEvent[];
}

/** An execution that has not ended, as its record is stored: beside it stand its parts, where it has any (`running-store.ts`). */
export interface RunningHead extends Omit<RunningRecord, "state" | "input" | "untold"> {
  readonly state?: StoredState;
  readonly parts?: true;
}

/** An execution that has ended. Its input and output stand in its history. */
export interface ClosedRecord extends ExecutionIdentity {
  readonly status: Outcome["status"];
  readonly stopMs: number;
  /** A child of a distributed Map that is to be redriven, as long as its run is under way. */
  readonly pending?: true;
}
