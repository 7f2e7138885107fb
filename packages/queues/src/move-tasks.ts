/**
 * Message move tasks: what lies in a dead-letter queue goes back to where it came from, or elsewhere.
 *
 * K0. What can be received moves: visible, not past retention. A task moves as many messages as there were when it started, so that one that
 *     comes back dead meanwhile does not keep it going.
 * K1. Each batch moves in one transaction; a task that runs when the process ends goes on with the next one.
 */
import type { Clock, Ids } from "@serverlesspresso/ports";
import type { Key, ReadView, Store, Transaction } from "@serverlesspresso/store";
import { invalid, QueueError } from "./errors.ts";
import { type Placed, removeWaiting } from "./message-store.ts";
import { findConfig, listConfigs } from "./queue-config.ts";
import type { QueueVerbs } from "./queue-verbs.ts";
import { kinds } from "./record-kinds.ts";
import { redrivePolicyOf } from "./redrive-policy.ts";

/** A task as stored. Queues are named by name, `perSecond` counts messages. */
export interface MoveTask {
  readonly handle: string;
  readonly source: string;
  readonly destination?: string;
  readonly status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  readonly perSecond: number;
  readonly moved: number;
  readonly toMove: number;
  readonly startedMs: number;
  readonly failure?: string;
}

/** The tasks of all queues (K0, K1). */
export interface MoveTasks {
  start(tx: Transaction, request: { readonly source: string; readonly destination?: string; readonly perSecond?: number }): MoveTask;
  cancel(tx: Transaction, handle: string): MoveTask;
  /** Newest first. */
  list(view: ReadView, source: string, limit: number): MoveTask[];
  begin(): void;
  end(): void;
}

/** What the tasks need. */
export interface MoveTasksOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly verbs: QueueVerbs;
  readonly onError: (error: unknown, what: string) => void;
}

const taskKey = (source: string, handle: string): Key => kinds.moveTasks.key(source, handle);
const largestBatch = 100;
const pauseMs = 1000;
const nonExistentQueue = "AWS.SimpleQueueService.NonExistentQueue";

/** Returns the tasks over a store. They run between `begin` and `end`. */
export function createMoveTasks({ store, clock, ids, verbs, onError }: MoveTasksOptions): MoveTasks {
  const disarms = new Map<string, () => void>();
  let isBegun = false;

  const all = (view: ReadView): MoveTask[] => view.scan<MoveTask>(kinds.moveTasks.range()).map(([, task]) => task);

  function wake({ handle, source }: MoveTask, atMs: number): void {
    if (!isBegun) return;
    disarms.set(
      handle,
      clock.at(atMs, () => void run(source, handle)),
    );
  }

  async function run(source: string, handle: string): Promise<void> {
    disarms.delete(handle);
    try {
      const task = await store.transact((tx) => step(tx, source, handle));
      if (task?.status === "RUNNING") wake(task, clock.nowMs() + (task.perSecond < largestBatch ? pauseMs : 0));
    } catch (error) {
      onError(error, `message move task from ${source}`);
    }
  }

  function step(tx: Transaction, source: string, handle: string): MoveTask | undefined {
    const task = tx.get<MoveTask>(taskKey(source, handle));
    if (task?.status !== "RUNNING") return task;
    if (findConfig(tx, source) === undefined) return save(tx, { ...task, status: "FAILED", failure: nonExistentQueue });
    const batch = take(verbs.candidates(tx, source), Math.min(task.perSecond, largestBatch, task.toMove - task.moved));
    let moved = 0;
    for (const one of batch) {
      const to = task.destination ?? one.message.from;
      const failure = to === undefined ? "CouldNotDetermineMessageSource" : findConfig(tx, to) === undefined ? nonExistentQueue : undefined;
      if (failure !== undefined) return save(tx, { ...task, moved: task.moved + moved, status: "FAILED", failure });
      redrive(tx, source, to as string, one);
      moved++;
    }
    const after: MoveTask = { ...task, moved: task.moved + moved };
    return save(tx, batch.length === 0 || after.moved >= after.toMove ? { ...after, status: "COMPLETED" } : after);
  }

  /** As a new message: with an id of its own, and as old as its coming back. */
  function redrive(tx: Transaction, source: string, to: string, one: Placed): void {
    removeWaiting(tx, source, one);
    const { firstMs: _firstMs, from: _from, ...message } = one.message;
    verbs.transfer(tx, to, { ...one, message }, { id: ids.uuid(), sentMs: clock.nowMs() });
  }

  function save(tx: Transaction, task: MoveTask): MoveTask {
    tx.put(taskKey(task.source, task.handle), task);
    return task;
  }

  return {
    start(tx, { source, destination, perSecond = 500 }) {
      checkIsThere(tx, source, "SourceArn");
      if (destination !== undefined) checkIsThere(tx, destination, "DestinationArn");
      if (destination === source) throw invalid("Source queue arn and destination queue arn cannot be the same.");
      if (!listConfigs(tx).some((config) => redrivePolicyOf(config)?.queueName === source) && destination === undefined) {
        throw invalid("Source queue must be configured as a Dead Letter Queue.");
      }
      if (all(tx).some((task) => task.source === source && task.status === "RUNNING")) {
        throw new QueueError(
          "UnsupportedOperation",
          "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        );
      }
      let toMove = 0;
      for (const _ of verbs.candidates(tx, source)) toMove++;
      const task: MoveTask = {
        handle: ids.ulid(),
        source,
        ...(destination !== undefined && { destination }),
        status: "RUNNING",
        perSecond,
        moved: 0,
        toMove,
        startedMs: clock.nowMs(),
      };
      tx.afterCommit(() => wake(task, clock.nowMs()));
      return save(tx, task);
    },
    cancel(tx, handle) {
      const task = all(tx).find((one) => one.handle === handle);
      if (task === undefined) throw new QueueError("ResourceNotFoundException", "Task does not exist.");
      if (task.status !== "RUNNING") throw new QueueError("UnsupportedOperation", "Only active tasks can be cancelled.");
      return save(tx, { ...task, status: "CANCELLED" });
    },
    list(view, source, limit) {
      checkIsThere(view, source, "SourceArn");
      const tasks = all(view).filter((task) => task.source === source);
      return tasks.reverse().slice(0, limit);
    },
    begin() {
      isBegun = true;
      for (const task of all(store)) if (task?.status === "RUNNING") wake(task, clock.nowMs());
    },
    end() {
      isBegun = false;
      for (const disarm of disarms.values()) disarm();
      disarms.clear();
    },
  };
}

function checkIsThere(view: ReadView, queue: string, parameter: string): void {
  if (findConfig(view, queue) !== undefined) return;
  throw new QueueError("ResourceNotFoundException", `The resource that you specified for the ${parameter} parameter doesn't exist.`);
}

/** Forgets the tasks of a queue that goes. */
export function forgetMoveTasks(tx: Transaction, source: string): void {
  for (const [key] of tx.scan(kinds.moveTasks.range(source))) tx.delete(key);
}

function take<T>(values: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const value of values) if (taken.push(value) >= most) break;
  return taken;
}
