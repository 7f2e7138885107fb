/** BatchGetItem and BatchWriteItem: up to 100 reads, up to 25 writes, each on its own. */
import type { JsonObject, JsonValue } from "@serverlesspresso/ports";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { type AttributeMap, isObject, normaliseMap } from "./attribute-value.ts";
import { readUnits, writeUnits } from "./capacity.ts";
import type { Catalog } from "./catalog.ts";
import { invalid } from "./errors.ts";
import { onlyProjection } from "./expression-request.ts";
import { keyOfRequest } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { type PreparedWrite, prepareDelete, preparePut } from "./item-writes.ts";
import { constraint, flag, list, refuseLegacyParameters, structure, tableNameOf } from "./request.ts";
import { consumed } from "./transactions.ts";
import { asJson, type Writer } from "./writer.ts";

const maxReads = 100;
const maxWrites = 25;
const maxAnswerBytes = 16 * 1_048_576;

export function batchGetItem(catalog: Catalog) {
  return (view: ReadView, request: JsonObject): JsonObject => {
    const tables = requestItems(request);
    const count = tables.reduce((total, [, entry]) => total + list(structure(entry, "requestItems"), "Keys").length, 0);
    if (count === 0) throw constraint("[]", "requestItems.keys", "Member must have length greater than or equal to 1");
    if (count > maxReads) throw invalid("Too many items requested for the BatchGetItem call");
    const responses: [string, JsonObject[]][] = [];
    const unprocessed: [string, JsonObject][] = [];
    const uses: [string, number][] = [];
    let bytes = 0;
    for (const [name, entry] of tables) {
      const found: JsonObject[] = [];
      const left: JsonValue[] = [];
      for (const { keys, item, shown, units } of readTable(catalog, view, name, structure(entry, "requestItems"))) {
        bytes += item === undefined ? 0 : itemBytes(item);
        if (bytes > maxAnswerBytes) left.push(keys);
        else if (shown !== undefined) found.push(asJson(shown));
        uses.push([name, units]);
      }
      responses.push([name, found]);
      if (left.length > 0) unprocessed.push([name, { ...structure(entry, "requestItems"), Keys: left }]);
    }
    return { Responses: Object.fromEntries(responses), UnprocessedKeys: Object.fromEntries(unprocessed), ...consumed(request, uses) };
  };
}

function readTable(catalog: Catalog, view: ReadView, name: string, entry: JsonObject) {
  const table = catalog.get(view, tableNameOf({ TableName: name }));
  refuseLegacyParameters(entry);
  const projection = onlyProjection(table, entry);
  const consistent = flag(entry, "ConsistentRead");
  const seen = new Set<Key>();
  return list(entry, "Keys").map((keys) => {
    const key = keyOfRequest(table, normaliseMap(keys));
    if (seen.has(key)) throw invalid("Provided list of item keys contains duplicates");
    seen.add(key);
    const item = view.get<AttributeMap>(key);
    const shown = item === undefined || projection === undefined ? item : projection(item);
    return { keys, item, shown, units: readUnits(item === undefined ? 0 : itemBytes(item), consistent) };
  });
}

export function batchWriteItem(catalog: Catalog, writer: Writer) {
  const prepares = { PutRequest: preparePut(catalog), DeleteRequest: prepareDelete(catalog) };

  function prepare(tx: Transaction, name: string, element: JsonValue): PreparedWrite {
    const { PutRequest, DeleteRequest } = structure(element, "writeRequest");
    if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
      throw invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
    }
    if (PutRequest !== undefined)
      return prepares.PutRequest(tx, { TableName: name, Item: structure(PutRequest, "putRequest").Item ?? null });
    return prepares.DeleteRequest(tx, { TableName: name, Key: structure(DeleteRequest, "deleteRequest").Key ?? null });
  }

  return (tx: Transaction, request: JsonObject): JsonObject => {
    const elements = requestItems(request).flatMap(([name, entries]) => {
      if (!Array.isArray(entries)) throw constraint(null, `requestItems.${name}`, "Member must not be null");
      return (entries as readonly JsonValue[]).map((entry) => [name, entry] as const);
    });
    if (elements.length === 0 || elements.length > maxWrites) {
      throw constraint(
        `[${elements.length} items]`,
        "requestItems",
        `Member must have length less than or equal to ${maxWrites}, greater than or equal to 1`,
      );
    }
    const writes = elements.map(([name, entry]) => prepare(tx, name, entry));
    if (new Set(writes.map(({ key }) => key)).size < writes.length) throw invalid("Provided list of item keys contains duplicates");
    const planned = writes.map(({ table, key, next }) => {
      const before = tx.get<AttributeMap>(key);
      return writer.plan({ table, key, before, after: next(before) });
    });
    for (const change of planned) writer.apply(tx, change);
    const uses = planned.map(({ table, before, after }): [string, number] => [
      table.name,
      writeUnits(Math.max(itemBytes(before ?? {}), itemBytes(after ?? {}))),
    ]);
    return { UnprocessedItems: {}, ...consumed(request, uses) };
  };
}

function requestItems(request: JsonObject): [string, JsonValue][] {
  if (!isObject(request.RequestItems) || Object.keys(request.RequestItems).length === 0) {
    throw constraint(null, "requestItems", "Member must have length greater than or equal to 1");
  }
  return Object.entries(request.RequestItems) as [string, JsonValue][];
}
