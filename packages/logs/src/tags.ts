/** Tags of log groups: by ARN, and by name as older clients have it. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { read, write } from "./engine.ts";
import { LogsError } from "./errors.ts";
import { putGroup } from "./log-store.ts";
import { type NamedGroup, requireGroup } from "./named.ts";
import { logGroupName, tags } from "./request.ts";

type Tags = Readonly<Record<string, string>>;

const mostTags = 50;
const resourceArn = z.string().min(1);
const ListTagsForResource = z.object({ resourceArn });
const ListTagsLogGroup = z.object({ logGroupName });
const TagResource = z.object({ resourceArn, tags });
const UntagResource = z.object({ resourceArn, tagKeys: z.array(z.string()) });
const TagLogGroup = z.object({ logGroupName, tags });
const UntagLogGroup = z.object({ logGroupName, tags: z.array(z.string()) });

/** Those on tags. */
export const tagOperations = {
  ListTagsForResource: read(ListTagsForResource, (_engine, view, { resourceArn }) => listTags(view, byArn(resourceArn))),
  ListTagsLogGroup: read(ListTagsLogGroup, (_engine, view, named) => listTags(view, named)),
  TagResource: write(TagResource, (_engine, tx, { resourceArn, tags }) => tag(tx, byArn(resourceArn), tags)),
  UntagResource: write(UntagResource, (_engine, tx, { resourceArn, tagKeys }) => untag(tx, byArn(resourceArn), tagKeys)),
  TagLogGroup: write(TagLogGroup, (_engine, tx, { tags, ...named }) => tag(tx, named, tags)),
  UntagLogGroup: write(UntagLogGroup, (_engine, tx, { tags, ...named }) => untag(tx, named, tags)),
};

/** @throws {LogsError} `TooManyTagsException` */
export function checkTags(tags: Tags): Tags {
  const count = Object.keys(tags).length;
  if (count > mostTags) throw new LogsError("TooManyTagsException", `A log group has at most ${mostTags} tags; these would be ${count}.`);
  return tags;
}

const byArn = (resourceArn: string): NamedGroup => ({ logGroupIdentifier: resourceArn });

function listTags(view: ReadView, named: NamedGroup): JsonObject {
  return { tags: requireGroup(view, named).tags ?? {} };
}

function tag(tx: Transaction, named: NamedGroup, tags: Tags): JsonObject {
  const group = requireGroup(tx, named);
  putGroup(tx, { ...group, tags: checkTags({ ...group.tags, ...tags }) });
  return {};
}

function untag(tx: Transaction, named: NamedGroup, keys: readonly string[]): JsonObject {
  const group = requireGroup(tx, named);
  putGroup(tx, { ...group, tags: Object.fromEntries(Object.entries(group.tags ?? {}).filter(([key]) => !keys.includes(key))) });
  return {};
}
