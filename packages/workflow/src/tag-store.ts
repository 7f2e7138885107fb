/** Where tags of state machines and activities lie. */
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import type { Engine } from "./engine.ts";
import { WorkflowError } from "./errors.ts";
import { keys } from "./keys.ts";

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** A tag's key as requests have it. */
export const tagKey = z.string().min(1).max(128).regex(allowed);
/** Tags as requests have them. */
export const tagList = z.array(z.object({ key: tagKey, value: z.string().max(256).regex(allowed).default("") }));
/** Tags as they lie in the store. */
export type Tags = Readonly<Record<string, string>>;
const mostTags = 50;

/** Adds tags, or replaces those of the same keys. @throws {WorkflowError} `TooManyTags` */
export function putTags(tx: Transaction, key: Key, tags: z.infer<typeof tagList>, resourceArn: string): void {
  const all = new Map([...Object.entries(tx.get<Tags>(key) ?? {}), ...tags.map((tag) => [tag.key, tag.value] as const)]);
  if (all.size > mostTags) {
    throw new WorkflowError("TooManyTags", `Too Many Tags: '${resourceArn}' would have ${all.size}, expected at most ${mostTags}`);
  }
  if (all.size > 0) tx.put(key, Object.fromEntries(all));
}

/** Returns the key of a resource's tags. Versions, aliases and executions carry no tags. @throws {WorkflowError} `InvalidArn`, `ResourceNotFound` */
export function taggedAt(engine: Engine, view: ReadView, resourceArn: string): Key {
  if (resourceArn.split(":")[5] === "activity") {
    const activity = engine.arns.activityName(resourceArn);
    if (view.get(keys.activity(activity)) !== undefined) return keys.tags("activity", activity);
  } else {
    const { machine, qualifier } = engine.arns.machine(resourceArn);
    if (qualifier === undefined && engine.machines.get(view, machine) !== undefined) return keys.tags("stateMachine", machine);
  }
  throw new WorkflowError("ResourceNotFound", `Resource not found: '${resourceArn}'`);
}
