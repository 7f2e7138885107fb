import type { JsonValue } from "@serverlesspresso/ports";
import type { Action, ExecutionState, Outcome, Stimulus } from "@serverlesspresso/states-language";
import type { TaskReference } from "./integration.ts";

export type MachineType = "STANDARD" | "EXPRESS";

/** A state machine: its newest revision's number. A deleted one stays so that numbers are never used twice. */
export interface MachineRecord {
  readonly type: MachineType;
  readonly revision: number;
  readonly createdMs: number;
  readonly deleted?: true;
}

/** What one revision of a state machine says; never changed. `definition` is the hash of its text. */
export interface RevisionRecord {
  readonly definition: string;
  readonly revisionId: string;
  readonly roleArn: string;
  readonly updatedMs: number;
  readonly comment?: string;
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

/** An execution that has not ended. One put per transaction that moves it. */
export interface RunningRecord {
  readonly name: string;
  readonly revision: number;
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
}

/** An execution that has ended. Its input and output stand in its history. */
export interface ClosedRecord {
  readonly name: string;
  readonly revision: number;
  readonly status: Outcome["status"];
  readonly stopMs: number;
}
