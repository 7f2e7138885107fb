/** TagResource and its kin, for state machines and activities. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import * as z from "zod";
import type { Engine } from "../engine.ts";
import { WorkflowError } from "../errors.ts";
import { keys } from "../keys.ts";
import { arn, parse, text } from "./request.ts";

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagKey = text.min(1).max(128).regex(allowed);
export const tagList = z.array(z.object({ key: tagKey, value: text.max(256).regex(allowed).default("") }));
const TagResource = z.object({ resourceArn: arn, tags: tagList });
const UntagResource = z.object({ resourceArn: arn, tagKeys: z.array(tagKey) });
const ListTagsForResource = z.object({ resourceArn: arn });
const mostTags = 50;

type Tags = Readonly<Record<string, string>>;

export function tagResource(engine: Engine, tx: Transaction, request: JsonObject): JsonObject {
  const { resourceArn, tags } = parse(TagResource, request);
  putTags(tx, taggedAt(engine, tx, resourceArn), tags, resourceArn);
  return {};
}

export function untagResource(engine: Engine, tx: Transaction, request: JsonObject): JsonObject {
  const { resourceArn, tagKeys } = parse(UntagResource, request);
  const key = taggedAt(engine, tx, resourceArn);
  const left = Object.entries(tx.get<Tags>(key) ?? {}).filter(([name]) => !tagKeys.includes(name));
  if (left.length > 0) tx.put(key, Object.fromEntries(left));
  else tx.delete(key);
  return {};
}

export function listTagsForResource(engine: Engine, view: ReadView, request: JsonObject): JsonObject {
  const { resourceArn } = parse(ListTagsForResource, request);
  const tags = view.get<Tags>(taggedAt(engine, view, resourceArn)) ?? {};
  return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
}

/** Adds tags, or replaces those of the same keys. @throws {WorkflowError} `TooManyTags` */
export function putTags(tx: Transaction, key: Key, tags: z.infer<typeof tagList>, resourceArn: string): void {
  const all = new Map([...Object.entries(tx.get<Tags>(key) ?? {}), ...tags.map((tag) => [tag.key, tag.value] as const)]);
  if (all.size > mostTags) {
    throw new WorkflowError("TooManyTags", `Too Many Tags: '${resourceArn}' would have ${all.size}, expected at most ${mostTags}`);
  }
  if (all.size > 0) tx.put(key, Object.fromEntries(all));
}

/** Where the tags of a resource lie. Versions, aliases and executions have none. @throws {WorkflowError} `InvalidArn`, `ResourceNotFound` */
function taggedAt(engine: Engine, view: ReadView, resourceArn: string): Key {
  if (resourceArn.split(":")[5] === "activity") {
    const activity = engine.arns.activityName(resourceArn);
    if (view.get(keys.activity(activity)) !== undefined) return keys.tags("activity", activity);
  } else {
    const { machine, qualifier } = engine.arns.machine(resourceArn);
    if (qualifier === undefined && engine.machines.get(view, machine) !== undefined) return keys.tags("stateMachine", machine);
  }
  throw new WorkflowError("ResourceNotFound", `Resource not found: '${resourceArn}'`);
}
