/** One page of a Query or Scan: at most `Limit` items or 1 MB read, and where to go on. */
import type { JsonObject } from "@serverlesspresso/ports";
import { compareKeys, type Key, type KeyRange, type ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import { capacity, readUnits } from "./capacity.ts";
import { invalid } from "./errors.ts";
import type { Test } from "./expression-request.ts";
import type { ResolvedPath } from "./expressions/placeholders.ts";
import { indexKeyOf, keyOfItem } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { placeholderMembers, ReturnConsumedCapacity, Structure, Text } from "./members.ts";
import { readShape, type Source, SourceRequest } from "./read-source.ts";
import { asJson, keyAttributes } from "./writer.ts";

const maxPageBytes = 1_048_576;
const firstChunk = 64;
const maxChunk = 1024;

/** What a Query or Scan says of its page. */
export const PageRequest = SourceRequest.extend({
  Limit: z.int().min(1).nullish(),
  ExclusiveStartKey: Structure.optional(),
  ProjectionExpression: Text,
  ReturnConsumedCapacity,
  ...placeholderMembers,
});
type PageRequest = z.output<typeof PageRequest>;

/** What to read, in which order, and what to keep of it. */
export interface PageOptions {
  /** Which keys belong to the segment asked for. */
  readonly segment?: (key: Key) => boolean;
  readonly range: KeyRange;
  readonly reverse: boolean;
  readonly filter: Test | undefined;
  readonly paths: readonly ResolvedPath[] | undefined;
}

/** Reads one page in the shape of an answer. @throws {TablesError} `ValidationException` */
export function readPage(view: ReadView, request: PageRequest, source: Source, options: PageOptions): JsonObject {
  const limit = request.Limit ?? Number.POSITIVE_INFINITY;
  const shape = readShape(request, source, options.paths);
  const range = startAfter(request, source, options);
  const items: AttributeMap[] = [];
  let [scanned, matched, bytes] = [0, 0, 0];
  let last: AttributeMap | undefined;
  for (const item of walk(view, source, range, options, limit)) {
    const size = itemBytes(item);
    if (bytes + size > maxPageBytes && scanned > 0) return answer(lastKey(source, last as AttributeMap));
    bytes += size;
    scanned++;
    last = item;
    if (options.filter === undefined || options.filter(item)) {
      matched++;
      if (shape !== "count") items.push(shape(item));
    }
    if (scanned === limit) return answer(lastKey(source, item));
  }
  return answer();

  function answer(lastEvaluatedKey?: AttributeMap): JsonObject {
    return {
      ...(shape === "count" ? {} : { Items: items.map(asJson) }),
      Count: matched,
      ScannedCount: scanned,
      ...(lastEvaluatedKey === undefined ? {} : { LastEvaluatedKey: asJson(lastEvaluatedKey) }),
      ...capacity(request, source.table.name, () => readUnits(bytes, request.ConsistentRead ?? false), source.index),
    };
  }
}

/** The items in the order of the range, read in chunks that grow; index entries lead to their items. */
function* walk(
  view: ReadView,
  { index }: Source,
  whole: KeyRange,
  { reverse, segment }: PageOptions,
  limit: number,
): Generator<AttributeMap> {
  let range = whole;
  for (let chunk = Math.min(limit, firstChunk); ; chunk = Math.min(chunk * 2, maxChunk)) {
    const entries = view.scan<AttributeMap | Key>(range, { reverse, limit: chunk });
    for (const [key, value] of entries) {
      if (segment !== undefined && !segment(key)) continue;
      const item = index === undefined ? (value as AttributeMap) : view.get<AttributeMap>(value as Key);
      if (item !== undefined) yield item;
    }
    const lastKey = entries.at(-1)?.[0];
    if (lastKey === undefined || entries.length < chunk) return;
    range = reverse ? { start: range.start, end: lastKey } : { start: `${lastKey}\u0000`, end: range.end };
  }
}

function lastKey({ table, index }: Source, item: AttributeMap): AttributeMap {
  return index === undefined ? keyAttributes(table, item) : { ...keyAttributes(index, item), ...keyAttributes(table, item) };
}

function startAfter(request: PageRequest, { table, index }: Source, { range, reverse }: PageOptions): KeyRange {
  if (request.ExclusiveStartKey === undefined) return range;
  const start = normaliseMap(request.ExclusiveStartKey);
  const names = new Set([table.hash, table.sort, index?.hash, index?.sort].flatMap((attribute) => attribute?.name ?? []));
  if (Object.keys(start).length !== names.size || Object.keys(start).some((name) => !names.has(name))) {
    throw invalid("The provided starting key is invalid: The provided key element does not match the schema");
  }
  const itemKey = keyOfItem(table, start);
  const at = index === undefined ? itemKey : indexKeyOf(table, index, start, itemKey);
  if (at === undefined) throw invalid("The provided starting key is invalid");
  if (compareKeys(at, range.start) < 0 || compareKeys(at, range.end) >= 0) {
    throw invalid("The provided starting key is outside query boundaries based on provided conditions");
  }
  return reverse ? { start: range.start, end: at } : { start: `${at}\u0000`, end: range.end };
}
