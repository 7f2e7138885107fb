/**
 * The running execution as data.
 *
 * S1. A scope is the execution itself, a branch of a Parallel or an iteration of a Map; children live in their parent (`children.live`).
 * S2. Input is stored once: a scope whose input is its parent's (the root's: the execution's) has no `input` of its own.
 * S3. A decision never changes what it was given: a scope is copied, with those around it, when it is opened.
 * S4. A scope is of the kind of what it does, and has the members of that kind alone. The compact form that is stored is known in `stored-state/` alone.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** Names one thing an execution waits for: unique within the execution, never used again. */
export type WaitId = number;

/** The members of the context object (`$$`) that do not change while an execution runs. */
export interface ExecutionContext {
  readonly Execution: {
    readonly Id: string;
    readonly Name: string;
    readonly Input?: JsonValue;
    readonly RoleArn: string;
    readonly StartTime: string;
    readonly RedriveCount: number;
    /** Set once redriven. */
    readonly RedriveTime?: string;
  };
  readonly StateMachine: { readonly Id: string; readonly Name: string };
}

/** The context object of an execution, whose input stands beside it (S2). */
export type ContextWithoutInput = Pick<ExecutionContext, "StateMachine"> & {
  readonly Execution: Omit<ExecutionContext["Execution"], "Input">;
};

/** An execution as data (D2 in decision.ts). Opaque outside this package. */
export type ExecutionState = RunningExecution | EndedExecution;

interface Execution {
  readonly context: ContextWithoutInput;
  /** Of the execution, while it may be asked for (S2). */
  readonly input: JsonValue | undefined;
  readonly newestEventId: number;
  readonly newestWait: WaitId;
}
/** An execution that goes on. */
export interface RunningExecution extends Execution {
  readonly kind: "running";
  /** When the machine's own time is over. */
  readonly deadlineMs: number | undefined;
  readonly scope: Scope;
}
/** An execution that has ended. */
export interface EndedExecution extends Execution {
  readonly kind: "ended";
  /** Where it stood when it ended without success: a redrive goes on from there. */
  readonly stood: Stood | undefined;
}

/** What every scope has, whatever it does. */
interface ScopeMembers {
  /** The state it is in. */
  readonly state: string;
  /** Raw input of the state, where it has one of its own (S2). */
  readonly input: JsonValue | undefined;
  /** Variables assigned in this scope. */
  readonly variables: JsonObject | undefined;
  newestEventId: number;
  /** Of a child of a distributed Map: the execution that it is. */
  execution: ChildExecution | undefined;
}

/** A scope about to enter its state. */
export interface Entering extends ScopeMembers {
  readonly kind: "entering";
}

/** What a scope has from the entry of a state until its exit. */
interface InState extends ScopeMembers {
  readonly entered: Entry;
  /** Attempts made by each retrier; empty before the first. */
  readonly attempts: readonly number[];
}
/** The state's `...StateEntered` event. */
export interface Entry {
  readonly eventId: number;
  readonly atMs: number;
}

/** A scope that has entered its state and waits for nothing: what the state does is done next, or once more. */
export interface Entered extends InState {
  readonly kind: "entered";
}
/** A scope whose task was given out. */
export interface RunningTask extends InState {
  readonly kind: "runningTask";
  readonly wait: WaitId;
  /** When the task's time is over. */
  readonly deadlineMs: number | undefined;
  readonly heartbeat: Heartbeat | undefined;
  /** The time an activity has, which begins when a worker takes it. */
  readonly activityTimeoutSeconds: number | undefined;
}
/** How often a worker has to say that it lives, and by when next; nothing is due of an activity that no worker has taken. */
export interface Heartbeat {
  readonly seconds: number;
  readonly dueMs: number | undefined;
}
/** A scope in a Wait state. */
export interface Waiting extends InState {
  readonly kind: "waiting";
  readonly untilMs: number;
}
/** A scope that waits for a retrier's next attempt. */
export interface Retrying extends InState {
  readonly kind: "retrying";
  readonly dueMs: number;
}
/** A scope whose branches or iterations run. */
export interface RunningChildren extends InState {
  readonly kind: "runningChildren";
  children: Children;
}
/** A Map whose items an ItemReader reads. */
export interface ReadingItems extends InState {
  readonly kind: "readingItems";
  readonly wait: WaitId;
}
/** A Map whose results a ResultWriter writes. */
export interface WritingResults extends InState {
  readonly kind: "writingResults";
  readonly wait: WaitId;
  children: Children;
}
/** A scope that was ended while its children ran: a redrive goes on with them. */
export interface StandingStill extends ScopeMembers {
  readonly kind: "standingStill";
  readonly entered: Entry;
  children: Children;
}

/** A scope, by what it does. */
export type Scope = Entering | Entered | RunningTask | Waiting | Retrying | RunningChildren | ReadingItems | WritingResults | StandingStill;

/** What is left of a scope once everything that goes on in it is over. */
export type Stood = Entering | Entered | StandingStill;

/** A child of a distributed Map as the execution that it is. */
export interface ChildExecution {
  readonly name: string;
  readonly startMs: number;
  /** While it may be asked for. */
  readonly input: JsonValue | undefined;
  readonly redrives: { readonly count: number; readonly redriveMs: number } | undefined;
  /** StopExecution ended it. */
  readonly wasStopped: boolean;
  /** Its events have ids of their own. */
  readonly newestEventId: number;
}

/** The children of a scope: changed only in a copy that the decision has made (S3). */
export type Children = Branches | Iterations;

interface ChildScopes {
  readonly count: number;
  /** Index of the next to start. */
  next: number;
  /** By index. */
  readonly live: { [index: string]: Scope };
  /** By index. */
  readonly outputs: JsonValue[];
  /** Where those stood that failed; once the whole is over, all that had begun and not ended. Absent before the first. */
  stood: { [index: string]: Stood } | undefined;
  /** Redriven: where those stood that are still to go on. */
  toGoOn: { [index: string]: Stood } | undefined;
}
/** Of a Parallel. */
export interface Branches extends ChildScopes {
  readonly of: "Parallel";
}
/** Of a Map. */
export interface Iterations extends ChildScopes {
  readonly of: "Map";
  /** The items, where they cannot be found again from the input. */
  readonly items: readonly JsonValue[] | undefined;
  concurrency: number;
  toleratedCount: number | undefined;
  toleratedPercentage: number | undefined;
  /** What a ResultWriter tells, by index. */
  readonly notes: ChildNote[] | undefined;
  /** Of a distributed Map. */
  run: MapRun | undefined;
}
/** The run of a distributed Map. */
export interface MapRun {
  readonly arn: string;
  /** Failures so far. */
  readonly failures: number;
  readonly redriveCount: number;
  /** A ResultWriter has written its results, outside. */
  readonly resultsLieOutside: boolean;
}
/** Begin, end and input of a child; an earlier release kept no name. */
export interface ChildNote {
  readonly startMs: number;
  readonly stopMs: number;
  readonly input: JsonValue;
  readonly name: string | undefined;
}

/** The children of a scope that has any. */
export function childrenOf(scope: Scope): Children | undefined {
  return "children" in scope ? scope.children : undefined;
}

/** What a scope waits for the answer to. */
export function waitOf(scope: Scope): WaitId | undefined {
  return "wait" in scope ? scope.wait : undefined;
}

/** The entry of the state a scope is in; undefined before it. */
export function entryOf(scope: Scope): Entry | undefined {
  return scope.kind === "entering" ? undefined : scope.entered;
}

/** The attempts made by each retrier of the state a scope is in. */
export function attemptsOf(scope: Scope): readonly number[] {
  return "attempts" in scope ? scope.attempts : [];
}

/** The run of a distributed Map whose children these are. */
export function mapRunOf(children: Children | undefined): MapRun | undefined {
  return children?.of === "Map" ? children.run : undefined;
}

/** True once none is left to begin or to end. */
export function isDone(children: Children): boolean {
  return children.next >= children.count && Object.keys(children.live).length === 0;
}

/** Keeps the output of the child at `index`. */
export function fill(children: Children, index: number, output: JsonValue): void {
  while (children.outputs.length < index) children.outputs.push(null);
  children.outputs[index] = output;
}
