/** Step Functions' operations on activities. */
import type { JsonObject } from "@serverlesspresso/ports";
import { z } from "zod";
import { type ActivityRecord, expectActivity } from "../activities.ts";
import type { Engine } from "../engine.ts";
import { keys } from "../keys.ts";
import { kinds } from "../record-kinds.ts";
import { checkName } from "../state-machines.ts";
import { putTags, tagList } from "../tag-store.ts";
import { arn, page, seconds, text } from "./request.ts";
import { list, read, wait, write } from "./verbs.ts";

const CreateActivity = z.object({ name: text.min(1).max(80), tags: tagList.default([]) });
const ByActivity = z.object({ activityArn: arn });
const GetActivityTask = z.object({ activityArn: arn, workerName: text.max(80).optional() });

/** Those that make, describe, list and delete activities, and give their tasks to workers. */
export const activityOperations = {
  CreateActivity: write(CreateActivity, ({ engine }, tx, { name, tags }) => {
    checkName(name);
    const before = tx.get<ActivityRecord>(keys.activity(name));
    const record = before ?? { createdMs: engine.clock.nowMs() };
    tx.put(keys.activity(name), record);
    const activityArn = engine.arns.activity(name);
    // As AWS does it, tags of one that is there already are not looked at.
    if (!before) putTags(tx, keys.tags("activity", name), tags, activityArn);
    return { activityArn, creationDate: seconds(record.createdMs) };
  }),
  DeleteActivity: write(ByActivity, ({ engine }, tx, { activityArn }) => {
    const name = engine.arns.activityName(activityArn);
    tx.delete(keys.activity(name));
    tx.delete(keys.tags("activity", name));
    return {};
  }),
  DescribeActivity: read(ByActivity, ({ engine }, view, { activityArn }) => {
    const { name, record } = expectActivity(engine, view, activityArn);
    return describe(engine, name, record);
  }),
  ListActivities: list(z.object(page), ({ engine }, view, _request, { limit, after, next }) => {
    const last = after(z.string());
    const range = kinds.activities.range();
    const start = last === undefined ? range.start : `${keys.activity(last)}\u0000`;
    const found = view.scan<ActivityRecord>({ ...range, start }, { limit: limit + 1 });
    const shown = found.slice(0, limit).map(([key, record]) => describe(engine, keys.nameOf(key), record));
    return { activities: shown, ...next(found.length > limit ? shown.at(-1)?.name : undefined) };
  }),
  GetActivityTask: wait(GetActivityTask, ({ activities }, request) => activities.getTask(request), { isStreaming: true }),
};

function describe({ arns }: Engine, name: string, { createdMs }: ActivityRecord): JsonObject {
  return { activityArn: arns.activity(name), name, creationDate: seconds(createdMs) };
}
