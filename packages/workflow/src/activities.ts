/** Activities: tasks that workers ask for. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Engine, Session } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";

/** An activity as it lies in the store. */
export interface ActivityRecord {
  readonly createdMs: number;
}

/** The tasks of activities, and who waits for them. */
export interface Activities {
  /** Waits up to a minute; resolves without a token where nothing came. Rejects with {WorkflowError} `ActivityDoesNotExist` */
  getTask(request: { readonly activityArn: string; readonly workerName?: string | undefined }): Promise<JsonObject>;
  /** Lets those who wait look again. */
  wake(activity: string): void;
  /** Lets those who wait go with nothing. */
  stop(): void;
}

const longestWaitMs = 60_000;

/** The activity of this ARN. @throws {WorkflowError} `ActivityDoesNotExist`, `InvalidArn` */
export function expectActivity(
  { arns }: Engine,
  view: ReadView,
  activityArn: string,
): { readonly name: string; readonly record: ActivityRecord } {
  const name = arns.activityName(activityArn);
  const record = view.get<ActivityRecord>(keys.activity(name));
  if (record === undefined) throw new WorkflowError("ActivityDoesNotExist", `Activity Does Not Exist: '${activityArn}'`);
  return { name, record };
}

/** Returns the activities of the engine; workers that poll wait in this process's memory. */
export function createActivities(engine: Engine, sessionOf: (tx: Transaction) => Session): Activities {
  const waiting = new Map<string, Set<() => void>>();

  function take(tx: Transaction, activity: string, workerName: string | undefined): JsonObject | undefined {
    const session = sessionOf(tx);
    for (const [key] of tx.scan(keys.activityTasks(activity))) {
      const { executionId, wait } = keys.taskOf(key);
      tx.delete(key);
      const live = session.load(executionId);
      const open = live?.open[wait];
      if (live === undefined || open?.kind !== "activity" || open.taken) continue;
      session.setOpen(live, wait, { ...open, taken: true });
      session.enqueue(live, { kind: "taskSubmitted", wait, ...(workerName !== undefined && { workerName }) });
      return { taskToken: engine.tokens.tokenOf(tx, { executionId, wait }), input: JSON.stringify(open.input) };
    }
    return undefined;
  }

  /** True when something may have come, false when the time is over. */
  function nextCall(activity: string, untilMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const others = waiting.get(activity) ?? new Set();
    waiting.set(activity, others);
    const disarm = engine.clock.at(untilMs, () => resolve(false));
    const called = (): void => resolve(true);
    others.add(called);
    return promise.finally(() => {
      disarm();
      others.delete(called);
      if (others.size === 0 && waiting.get(activity) === others) waiting.delete(activity);
    });
  }

  let stopped = false;
  return {
    async getTask({ activityArn, workerName }) {
      const untilMs = engine.clock.nowMs() + longestWaitMs;
      const attempt = (tx: Transaction): JsonObject | undefined => take(tx, expectActivity(engine, tx, activityArn).name, workerName);
      for (;;) {
        const called = nextCall(engine.arns.activityName(activityArn), untilMs);
        const task = await engine.store.transact(attempt);
        if (task !== undefined) return task;
        if (stopped || !(await called)) return {};
      }
    },
    wake(activity) {
      for (const call of waiting.get(activity) ?? []) call();
    },
    stop() {
      stopped = true;
      for (const calls of waiting.values()) for (const call of calls) call();
    },
  };
}
