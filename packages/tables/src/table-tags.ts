/** TagResource, UntagResource and ListTagsOfResource. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Catalog } from "./catalog.ts";
import { invalid, TablesError } from "./errors.ts";
import { list, optionalText } from "./request.ts";
import type { TableDefinition } from "./table-definition.ts";
import { withTags } from "./table-options.ts";

export function createTableTags(catalog: Catalog) {
  function tableOf(view: ReadView, request: JsonObject): TableDefinition {
    const arn = optionalText(request, "ResourceArn");
    if (arn === undefined) throw invalid("The parameter 'ResourceArn' is required but was not present in the request");
    const name = /^arn:[\w-]+:dynamodb:[\w-]*:\d*:table\/([\w.-]+)$/.exec(arn)?.[1];
    if (name === undefined) throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
    const table = catalog.find(view, name);
    // So spelt by AWS.
    if (table === undefined)
      throw new TablesError("ResourceNotFoundException", `Requested resource not found: ResourcArn: ${arn} not found`);
    return table;
  }

  return {
    tag(tx: Transaction, request: JsonObject): JsonObject {
      const table = tableOf(tx, request);
      catalog.put(tx, { ...table, tags: withTags(table.tags ?? {}, request) });
      return {};
    },
    untag(tx: Transaction, request: JsonObject): JsonObject {
      const table = tableOf(tx, request);
      const gone = new Set(list(request, "TagKeys"));
      catalog.put(tx, { ...table, tags: Object.fromEntries(Object.entries(table.tags ?? {}).filter(([key]) => !gone.has(key))) });
      return {};
    },
    /** All in one page: a table has fifty at most. */
    list(view: ReadView, request: JsonObject): JsonObject {
      return { Tags: Object.entries(tableOf(view, request).tags ?? {}).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}
