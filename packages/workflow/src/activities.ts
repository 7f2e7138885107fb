/** Activities: tasks that workers ask for. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import type { Engine, Session } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";
import { arn, page, pageSize, pageToken, parse, seconds, text } from "./operations/request.ts";
import { putTags, tagList } from "./operations/tags.ts";
import { kinds } from "./record-kinds.ts";
import { checkName } from "./state-machines.ts";

interface ActivityRecord {
  readonly createdMs: number;
}

export interface Activities {
  create(tx: Transaction, request: JsonObject): JsonObject;
  delete(tx: Transaction, request: JsonObject): JsonObject;
  describe(view: ReadView, request: JsonObject): JsonObject;
  list(view: ReadView, request: JsonObject): JsonObject;
  /** GetActivityTask: waits up to a minute; answers without a token where nothing came. @throws {WorkflowError} `ActivityDoesNotExist` */
  getTask(request: JsonObject): Promise<JsonObject>;
  /** Lets those who wait look again. */
  wake(activity: string): void;
  /** Lets those who wait go with nothing. */
  stop(): void;
}

const CreateActivity = z.object({ name: text.min(1).max(80), tags: tagList.default([]) });
const ByActivity = z.object({ activityArn: arn });
const ListActivities = z.object(page);
const GetActivityTask = z.object({ activityArn: arn, workerName: text.max(80).optional() });
const longestWaitMs = 60_000;

export function createActivities(engine: Engine, sessionOf: (tx: Transaction) => Session): Activities {
  const waiting = new Map<string, Set<() => void>>();

  function expect(view: ReadView, activityArn: string): { name: string; record: ActivityRecord } {
    const name = engine.arns.activityName(activityArn);
    const record = view.get<ActivityRecord>(keys.activity(name));
    if (record === undefined) throw new WorkflowError("ActivityDoesNotExist", `Activity Does Not Exist: '${activityArn}'`);
    return { name, record };
  }

  const describe = (name: string, { createdMs }: ActivityRecord): JsonObject => ({
    activityArn: engine.arns.activity(name),
    name,
    creationDate: seconds(createdMs),
  });

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
    create(tx, request) {
      const { name, tags } = parse(CreateActivity, request);
      checkName(name);
      const before = tx.get<ActivityRecord>(keys.activity(name));
      const record = before ?? { createdMs: engine.clock.nowMs() };
      tx.put(keys.activity(name), record);
      // As AWS does it, tags of one that is there already are not looked at.
      if (!before) putTags(tx, keys.tags("activity", name), tags, engine.arns.activity(name));
      const { activityArn, creationDate } = describe(name, record);
      return { activityArn: activityArn as string, creationDate: creationDate as number };
    },
    delete(tx, request) {
      const name = engine.arns.activityName(parse(ByActivity, request).activityArn);
      tx.delete(keys.activity(name));
      tx.delete(keys.tags("activity", name));
      return {};
    },
    describe(view, request) {
      const { name, record } = expect(view, parse(ByActivity, request).activityArn);
      return describe(name, record);
    },
    list(view, request) {
      const { maxResults, nextToken } = parse(ListActivities, request);
      const after = pageToken.read(z.string(), nextToken);
      const range = kinds.activities.range();
      const limit = pageSize(maxResults);
      const start = after === undefined ? range.start : `${keys.activity(after)}\u0000`;
      const found = view.scan<ActivityRecord>({ ...range, start }, { limit: limit + 1 });
      const shown = found.slice(0, limit).map(([key, record]) => describe(keys.nameOf(key), record));
      const last = shown.at(-1)?.name;
      return { activities: shown, ...(found.length > limit && last !== undefined && { nextToken: pageToken.write(last) }) };
    },
    async getTask(request) {
      const { activityArn, workerName } = parse(GetActivityTask, request);
      const untilMs = engine.clock.nowMs() + longestWaitMs;
      const attempt = (tx: Transaction): JsonObject | undefined => take(tx, expect(tx, activityArn).name, workerName);
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
