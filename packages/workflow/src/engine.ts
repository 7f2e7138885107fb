import type { FeedSource } from "@serverlesspresso/feed";
import type { Clock, Ids, JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Diagnostic, HistoryEvent, Outcome, testState } from "@serverlesspresso/states-language";
import type { Store, Transaction } from "@serverlesspresso/store";
import type { Timers } from "@serverlesspresso/timers";
import type { Arns } from "./arns.ts";
import type { Attempt, Environments } from "./attempts.ts";
import type { Core, Evaluator } from "./core.ts";
import type { Integrations, InvokeFunction } from "./integration.ts";
import type { ExecutionId } from "./keys.ts";
import type { Live } from "./live.ts";
import type { RecentRecords } from "./recent-records.ts";
import type { OpenWait, QueuedStimulus, RunningRecord } from "./records.ts";
import type { RunningIdentities } from "./running-identities.ts";
import type { Slice } from "./slice.ts";
import type { StartClock } from "./start-clock.ts";
import type { StateMachines } from "./state-machines.ts";
import type { TaskTokens } from "./task-token.ts";

/**
 * What happened in an Express execution; Standard ones have a history instead. All of it at once where it was called
 * synchronously, else what each transaction made of it.
 */
export interface ExpressLog {
  readonly stateMachineName: string;
  readonly executionArn: string;
  readonly events: readonly HistoryEvent[];
}

/** Events that an execution's history has got, or, of an Express one, its log. */
export interface HistoryEntry {
  readonly executionArn: string;
  readonly events: readonly HistoryEvent[];
}

/** `detail` of AWS's event "Step Functions Execution Status Change"; `executionArn` is its resource too. */
export interface StatusChange {
  readonly executionArn: string;
  readonly detail: JsonObject;
}

/** What the engine is given. */
export interface WorkflowDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  /** What tasks call, by name; asked for whenever a task runs, since it may call engines that are made after this one. */
  readonly integrations: () => Integrations;
  readonly invokeFunction: InvokeFunction;
  readonly evaluator: Evaluator;
  /** Finds in a definition what the core would, outside of the loop; without it the core looks itself. */
  readonly diagnose?: (definitionText: string) => Promise<readonly Diagnostic[]>;
  /** Finds in a state that is to be tested what the core would, outside of the loop. Rejects with {TestStateError} */
  readonly checkTest?: (request: Parameters<typeof testState>[0]) => Promise<void>;
  /** Receives the events of Express executions once their effects are durable. */
  readonly log?: (entry: ExpressLog) => void;
  /** Receives, within the transaction, the detail of AWS's event about each Standard execution that begins, ends or is redriven. */
  readonly onStatusChange?: (tx: Transaction, change: StatusChange) => void;
  /** Where the events of all executions are put for watchers, those of Express ones too. */
  readonly feed?: FeedSource<HistoryEntry>;
  readonly onError: (error: unknown, what: string) => void;
  /** How long executions are kept after their end; default for ever. */
  readonly retentionDays?: number | undefined;
  /** For the distributed Map: what an `ItemReader` reads, and what a `ResultWriter` answers. Where they are missing, such a state fails. */
  readonly readItems?: (reader: JsonObject) => Promise<JsonValue>;
  readonly writeResults?: (writer: JsonObject, results: MapRunResults) => Promise<JsonValue>;
}

/** What a `ResultWriter` writes of. */
export interface MapRunResults {
  readonly mapRunArn: string;
  /** Each child: `{status, input, startMs, stopMs}` and `output`, or `failure` (`{Error, Cause}`). */
  readonly children: readonly JsonObject[];
}

/** What the parts of the engine share. */
export interface Engine extends WorkflowDeps {
  readonly core: Core;
  readonly arns: Arns;
  readonly machines: StateMachines;
  readonly tokens: TaskTokens;
  readonly timers: Timers;
  readonly environments: Environments;
  readonly recent: RecentRecords;
  readonly identities: RunningIdentities;
  readonly nextStart: StartClock;
  readonly slice: Slice;
  /** Synchronous Express executions by id, and who waits for their ends. */
  readonly inMemory: Map<ExecutionId, RunningRecord>;
  readonly syncWaiters: Map<ExecutionId, (outcome: Outcome, stopMs: number) => void>;
  /** Decisions that wait for an evaluation. */
  readonly attempts: Map<ExecutionId, Attempt>;
  /** Work set off after a commit. */
  readonly after: AfterCommit;
}

/** Called from `afterCommit`: begins what lies outside of the transaction. */
export interface AfterCommit {
  startCall(id: ExecutionId, wait: number): void;
  abortCall(id: ExecutionId, wait: number): void;
  /** Goes on with an execution whose inbox is not empty, in a transaction of its own. */
  goOn(id: ExecutionId): void;
  /** Evaluates what the execution's decision lacks, then goes on. */
  evaluate(id: ExecutionId): void;
  /** Wakes a synchronous execution at its next deadline. */
  arm(id: ExecutionId, atMs: number): void;
  wakeActivity(activity: string): void;
}

/** One transaction's view of the executions it moves (W1 to W5 in `session.ts`). */
export interface Session {
  readonly tx: Transaction;
  /** The running execution, or undefined. */
  load(id: ExecutionId): Live | undefined;
  /** True for an execution loaded or started here, though it may have ended since. */
  knows(id: ExecutionId): boolean;
  /** Writes the executions that start here as they stand, for those who read before the end of the transaction. */
  publish(): void;
  /** Adds an execution that starts in this transaction. */
  add(id: ExecutionId, record: RunningRecord, inMemory: boolean): void;
  /** Hands an execution something to decide on. */
  enqueue(live: Live, stimulus: QueuedStimulus): void;
  /** The same for the end of a wait, which is open no more from now on. */
  settle(live: Live, wait: number, stimulus: QueuedStimulus): void;
  /** Goes on with what is in its inbox, and looks at its timer again. */
  wake(live: Live): void;
  /** Changes what is known of an open wait. */
  setOpen(live: Live, wait: number, value: OpenWait | undefined): void;
}
