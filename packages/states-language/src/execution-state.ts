/**
 * An execution as data.
 *
 * S1. A scope is the execution itself, a branch of a Parallel or an iteration of a Map; children live in their parent (`children.live`).
 * S2. An input is stored once: a scope with the input of its parent (the root: of the execution) has no `input` of its own.
 * S3. A decision never changes the state it was given: opening a scope copies it and those around it.
 * S4. The kind of a scope says what it does, and the scope has only the members of that kind. Only `stored-state/` knows the compact stored form.
 */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";

/** Identifies one wait of an execution: unique within the execution and never reused. */
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
    /** Present after a redrive. */
    readonly RedriveTime?: string;
  };
  readonly StateMachine: { readonly Id: string; readonly Name: string };
}

/** The context object of an execution without its input (S2). */
export type ContextWithoutInput = Pick<ExecutionContext, "StateMachine"> & {
  readonly Execution: Omit<ExecutionContext["Execution"], "Input">;
};

/** An execution as data (D2 in decision.ts). Opaque outside this package. */
export type ExecutionState = RunningExecution | EndedExecution;

interface Execution {
  readonly context: ContextWithoutInput;
  /** The input of the execution, as long as an expression may read it (S2). */
  readonly input: JsonValue | undefined;
  readonly newestEventId: number;
  readonly newestWait: WaitId;
}
/** An execution that runs. */
export interface RunningExecution extends Execution {
  readonly kind: "running";
  /** The deadline of the machine's own TimeoutSeconds, in milliseconds since the epoch. */
  readonly deadlineMs: number | undefined;
  readonly scope: Scope;
}
/** An execution that has ended. */
export interface EndedExecution extends Execution {
  readonly kind: "ended";
  /** Where it stood when it ended without success; a redrive continues there. */
  readonly stood: Stood | undefined;
}

/** The members of every scope. */
interface ScopeMembers {
  /** The state it is in. */
  readonly state: string;
  /** The raw input of the state, unless it is the parent's (S2). */
  readonly input: JsonValue | undefined;
  /** Variables assigned in this scope. */
  readonly variables: JsonObject | undefined;
  newestEventId: number;
  /** The execution, if the scope is a child of a distributed Map. */
  execution: ChildExecution | undefined;
}

/** A scope that enters its state next. */
export interface Entering extends ScopeMembers {
  readonly kind: "entering";
}

/** The members of a scope between the entry and the exit of a state. */
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

/** A scope that has entered its state and waits for nothing: the work of the state is done next, or again. */
export interface Entered extends InState {
  readonly kind: "entered";
}
/** A scope whose task is performed. */
export interface RunningTask extends InState {
  readonly kind: "runningTask";
  readonly wait: WaitId;
  /** The deadline of the task's TimeoutSeconds, in milliseconds since the epoch. */
  readonly deadlineMs: number | undefined;
  readonly heartbeat: Heartbeat | undefined;
  /** The TimeoutSeconds of an activity task, which begin when a worker takes the task. */
  readonly activityTimeoutSeconds: number | undefined;
}
/** The HeartbeatSeconds, and the deadline of the next heartbeat; an activity task that no worker has taken has no deadline. */
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
/** A scope that was ended while its children ran; a redrive continues them. */
export interface StandingStill extends ScopeMembers {
  readonly kind: "standingStill";
  readonly entered: Entry;
  children: Children;
}

/** A scope of any kind (S4). */
export type Scope = Entering | Entered | RunningTask | Waiting | Retrying | RunningChildren | ReadingItems | WritingResults | StandingStill;

/** What remains of a scope when everything in it has ended. */
export type Stood = Entering | Entered | StandingStill;

/** A child of a distributed Map as the execution that it is. */
export interface ChildExecution {
  readonly name: string;
  readonly startMs: number;
  /** As long as an expression may read it. */
  readonly input: JsonValue | undefined;
  readonly redrives: { readonly count: number; readonly redriveMs: number } | undefined;
  /** StopExecution ended it. */
  readonly wasStopped: boolean;
  /** Its events have ids of their own. */
  readonly newestEventId: number;
}

/** The children of a scope. A decision changes only its own copy (S3). */
export type Children = Branches | Iterations;

interface ChildScopes {
  readonly count: number;
  /** The index of the next child to start. */
  next: number;
  /** By index. */
  readonly live: { [index: string]: Scope };
  /** By index. */
  readonly outputs: JsonValue[];
  /** Where failed children stood; after the end, where all children stood that had started and not ended. Absent without any. */
  stood: { [index: string]: Stood } | undefined;
  /** In a redrive: where those children stood that still have to continue. */
  toGoOn: { [index: string]: Stood } | undefined;
}
/** Of a Parallel. */
export interface Branches extends ChildScopes {
  readonly of: "Parallel";
}
/** Of a Map. */
export interface Iterations extends ChildScopes {
  readonly of: "Map";
  /** The items, if they do not follow from the input. */
  readonly items: readonly JsonValue[] | undefined;
  concurrency: number;
  toleratedCount: number | undefined;
  toleratedPercentage: number | undefined;
  /** What a ResultWriter writes about each child, by index. */
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
  /** A ResultWriter has written its results to their destination. */
  readonly resultsLieOutside: boolean;
}
/** Start, end and input of a child. Records of an earlier release have no name. */
export interface ChildNote {
  readonly startMs: number;
  readonly stopMs: number;
  readonly input: JsonValue;
  readonly name: string | undefined;
}

/** Returns the children of a scope; undefined if it has no children. */
export function childrenOf(scope: Scope): Children | undefined {
  return "children" in scope ? scope.children : undefined;
}

/** What a scope waits for the answer to. */
export function waitOf(scope: Scope): WaitId | undefined {
  return "wait" in scope ? scope.wait : undefined;
}

/** Returns the entry of the state of a scope; undefined before it. */
export function entryOf(scope: Scope): Entry | undefined {
  return scope.kind === "entering" ? undefined : scope.entered;
}

/** Returns the attempts made by each retrier of the state of a scope. */
export function attemptsOf(scope: Scope): readonly number[] {
  return "attempts" in scope ? scope.attempts : [];
}

/** Returns the Map run of the children of a distributed Map; undefined for other children. */
export function mapRunOf(children: Children | undefined): MapRun | undefined {
  return children?.of === "Map" ? children.run : undefined;
}

/** Returns true if no child is left to start or to end. */
export function isDone(children: Children): boolean {
  return children.next >= children.count && Object.keys(children.live).length === 0;
}

/** Stores the output of the child at `index`. */
export function fill(children: Children, index: number, output: JsonValue): void {
  while (children.outputs.length < index) children.outputs.push(null);
  children.outputs[index] = output;
}
