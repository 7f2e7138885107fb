/** Tags of rules, buses and archives, by the ARN of the resource. */
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { getArchive } from "./archives.ts";
import { type BusEngine, read, write } from "./engine.ts";
import { EventBusError, invalid } from "./errors.ts";
import { kinds } from "./record-kinds.ts";
import { Arn, Tags as TagList } from "./request.ts";

type Tags = Readonly<Record<string, string>>;
type Tag = { readonly Key: string; readonly Value: string };

const mostTags = 50;

const tagsOf = (view: ReadView, arn: string): Tags => view.get<Tags>(kinds.tags.key(arn)) ?? {};

/** Adds tags to a resource. @throws {EventBusError} `ValidationException` for a repeated key, or more than fifty tags */
export function addTags(tx: Transaction, arn: string, added: readonly Tag[]): void {
  if (added.length === 0) return;
  const keys = added.map(({ Key }) => Key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw invalid(`Invalid parameter: Duplicated keys are not allowed: ${twice}`);
  const tags = { ...tagsOf(tx, arn), ...Object.fromEntries(added.map(({ Key, Value }) => [Key, Value])) };
  if (Object.keys(tags).length > mostTags) {
    throw new EventBusError(
      "LimitExceededException",
      `A resource has at most ${mostTags} tags; these would be ${Object.keys(tags).length}.`,
    );
  }
  tx.put(kinds.tags.key(arn), tags);
}

/** Removes all tags of a deleted resource. */
export function removeTags(tx: Transaction, arn: string): void {
  tx.delete(kinds.tags.key(arn));
}

const ListTagsForResource = z.object({ ResourceARN: Arn });
const TagResource = z.object({ ResourceARN: Arn, Tags: TagList });
const UntagResource = z.object({ ResourceARN: Arn, TagKeys: z.array(z.string()) });

/** The operations on tags. */
export const tagOperations = {
  ListTagsForResource: read(ListTagsForResource, (engine, view, { ResourceARN }) => {
    checkIsThere(engine, view, ResourceARN);
    return { Tags: Object.entries(tagsOf(view, ResourceARN)).map(([Key, Value]) => ({ Key, Value })) };
  }),
  TagResource: write(TagResource, (engine, tx, { ResourceARN, Tags }) => {
    checkIsThere(engine, tx, ResourceARN);
    addTags(tx, ResourceARN, Tags);
    return {};
  }),
  UntagResource: write(UntagResource, (engine, tx, { ResourceARN, TagKeys }) => {
    checkIsThere(engine, tx, ResourceARN);
    const left = Object.entries(tagsOf(tx, ResourceARN)).filter(([key]) => !TagKeys.includes(key));
    tx.put(kinds.tags.key(ResourceARN), Object.fromEntries(left));
    return {};
  }),
};

/** Throws if no resource has the ARN. @throws {EventBusError} `ResourceNotFoundException`, or `ValidationException` for another kind of ARN */
function checkIsThere({ book }: BusEngine, view: ReadView, arn: string): void {
  const [, kind, path = ""] = /^arn:[\w-]+:events:[\w-]*:\d*:(rule|event-bus|archive)\/(.+)$/.exec(arn) ?? [];
  if (kind === "event-bus") {
    if (book.hasBus(view, path)) return;
    throw new EventBusError("ResourceNotFoundException", `Event bus ${path} does not exist.`);
  }
  if (kind === "archive") return void getArchive(view, path);
  if (kind === undefined) throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const at = path.lastIndexOf("/");
  book.get(view, at < 0 ? "default" : path.slice(0, at), path.slice(at + 1));
}
