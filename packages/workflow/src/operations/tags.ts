/** Step Functions' operations on the tags of state machines and activities. */
import { z } from "zod";
import { putTags, type Tags, taggedAt, tagKey, tagList } from "../tag-store.ts";
import { arn } from "./request.ts";
import { read, write } from "./verbs.ts";

const TagResource = z.object({ resourceArn: arn, tags: tagList });
const UntagResource = z.object({ resourceArn: arn, tagKeys: z.array(tagKey) });
const ListTagsForResource = z.object({ resourceArn: arn });

/** Those that add, delete and list tags. */
export const tagOperations = {
  TagResource: write(TagResource, ({ engine }, tx, { resourceArn, tags }) => {
    putTags(tx, taggedAt(engine, tx, resourceArn), tags, resourceArn);
    return {};
  }),
  UntagResource: write(UntagResource, ({ engine }, tx, { resourceArn, tagKeys }) => {
    const key = taggedAt(engine, tx, resourceArn);
    const left = Object.entries(tx.get<Tags>(key) ?? {}).filter(([name]) => !tagKeys.includes(name));
    if (left.length > 0) tx.put(key, Object.fromEntries(left));
    else tx.delete(key);
    return {};
  }),
  ListTagsForResource: read(ListTagsForResource, ({ engine }, view, { resourceArn }) => {
    const tags = view.get<Tags>(taggedAt(engine, view, resourceArn)) ?? {};
    return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
  }),
};
