/** DynamoDB's operations on the tags of tables. */
import type { ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import type { Catalog } from "./catalog.ts";
import { read, write } from "./engine.ts";
import { invalid, TablesError } from "./errors.ts";
import { Text } from "./members.ts";
import type { TableDefinition } from "./table-definition.ts";
import { TagList, withTags } from "./table-options.ts";

const ResourceArn = Text;

/** TagResource, UntagResource and ListTagsOfResource. */
export const tagOperations = {
  TagResource: write(z.object({ ResourceArn, Tags: TagList.nullish() }), ({ catalog }, tx, request) => {
    const table = tableOf(catalog, tx, request.ResourceArn);
    catalog.put(tx, { ...table, tags: withTags(table.tags ?? {}, request.Tags ?? []) });
    return {};
  }),
  UntagResource: write(z.object({ ResourceArn, TagKeys: z.array(z.string()).nullish() }), ({ catalog }, tx, request) => {
    const table = tableOf(catalog, tx, request.ResourceArn);
    const gone = new Set(request.TagKeys);
    catalog.put(tx, { ...table, tags: Object.fromEntries(Object.entries(table.tags ?? {}).filter(([key]) => !gone.has(key))) });
    return {};
  }),
  // All in one page: a table has fifty at most.
  ListTagsOfResource: read(z.object({ ResourceArn }), ({ catalog }, view, request) => ({
    Tags: Object.entries(tableOf(catalog, view, request.ResourceArn).tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  })),
};

function tableOf(catalog: Catalog, view: ReadView, arn: z.output<typeof ResourceArn>): TableDefinition {
  if (arn === undefined || arn === null) throw invalid("The parameter 'ResourceArn' is required but was not present in the request");
  const name = /^arn:[\w-]+:dynamodb:[\w-]*:\d*:table\/([\w.-]+)$/.exec(arn)?.[1];
  if (name === undefined) throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  const table = catalog.find(view, name);
  // So spelt by AWS.
  if (table === undefined) throw new TablesError("ResourceNotFoundException", `Requested resource not found: ResourcArn: ${arn} not found`);
  return table;
}
