/** GetItem, Query and Scan. */
import { crc32 } from "node:zlib";
import type { JsonObject } from "@serverlesspresso/ports";
import { compareKeys, type Key, type KeyRange, partsOf, type ReadView, rangeOf } from "@serverlesspresso/store";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import { capacity, readUnits, wantsCapacity } from "./capacity.ts";
import type { Catalog } from "./catalog.ts";
import { invalid } from "./errors.ts";
import {
  onlyProjection,
  parsedCondition,
  parsedProjection,
  placeholdersOf,
  projectionPaths,
  type Test,
  testOf,
} from "./expression-request.ts";
import { type Placeholders, type ResolvedPath, resolvePath } from "./expressions/placeholders.ts";
import { project } from "./expressions/project.ts";
import type { Condition, Operand } from "./expressions/syntax.ts";
import { indexGroup, indexKeyOf, itemGroup, keyOfItem, keyOfRequest, rangeOfPartition } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { readKeyCondition } from "./key-condition.ts";
import { choice, constraint, flag, optionalInteger, optionalText, refuseLegacyParameters, structure, tableNameOf } from "./request.ts";
import { checkScalarKeys } from "./scalar-keys.ts";
import type { IndexDefinition, KeySchema, TableDefinition } from "./table-definition.ts";
import { asJson, keyAttributes } from "./writer.ts";

/** The most bytes one Query or Scan reads before it hands over a page. */
const maxPageBytes = 1_048_576;
const firstChunk = 64;
const maxChunk = 1024;

type Read = (view: ReadView, request: JsonObject) => JsonObject;

export function getItem(catalog: Catalog): Read {
  return (view, request) => {
    refuseLegacyParameters(request);
    const consistent = flag(request, "ConsistentRead");
    const table = catalog.get(view, tableNameOf(request));
    const projection =
      request.ProjectionExpression === undefined && request.ExpressionAttributeNames === undefined
        ? undefined
        : onlyProjection(table, request);
    const item = view.get<AttributeMap>(keyOfRequest(table, normaliseMap(structure(request.Key, "key"))));
    const used = wantsCapacity(request) ? capacity(request, table.name, () => readUnits(itemBytes(item ?? {}), consistent)) : {};
    return item === undefined ? used : { Item: asJson(projection === undefined ? item : projection(item)), ...used };
  };
}

export function query(catalog: Catalog): Read {
  return (view, request) => {
    refuseLegacyParameters(request);
    const source = readSource(catalog, view, request);
    const keyCondition = parsedCondition(request, "KeyConditionExpression");
    if (keyCondition === undefined)
      throw invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
    const filter = parsedCondition(request, "FilterExpression");
    const projection = parsedProjection(request);
    const placeholders = placeholdersOf(request, {
      ProjectionExpression: projection,
      FilterExpression: filter,
      KeyConditionExpression: keyCondition,
    });
    const { hash, sort } = readKeyCondition(keyCondition.tree, placeholders, source.keys);
    const test = testOf("FilterExpression", filter, placeholders);
    checkScalarKeys(source.table, [filter, projection], placeholders);
    if (filter !== undefined) {
      const names = filterNames(filter.tree, placeholders);
      refuseKeys(source.keys, names);
      checkProjected(source, names, "filter");
    }
    return readPage(view, request, source, {
      range: rangeOfPartition(source.group, source.keys, hash, sort),
      reverse: !flag(request, "ScanIndexForward", true),
      filter: test,
      paths: projectionPaths(projection, placeholders),
    });
  };
}

export function scan(catalog: Catalog): Read {
  return (view, request) => {
    refuseLegacyParameters(request);
    const source = readSource(catalog, view, request);
    const filter = parsedCondition(request, "FilterExpression");
    const projection = parsedProjection(request);
    const placeholders = placeholdersOf(request, { ProjectionExpression: projection, FilterExpression: filter });
    const test = testOf("FilterExpression", filter, placeholders);
    checkScalarKeys(source.table, [filter, projection], placeholders);
    if (filter !== undefined) checkProjected(source, filterNames(filter.tree, placeholders), "filter");
    return readPage(view, request, source, {
      range: rangeOf(source.group),
      reverse: false,
      filter: test,
      paths: projectionPaths(projection, placeholders),
      ...readSegment(request),
    });
  };
}

/** Where a Query or Scan reads: the table, or one of its indexes. */
interface Source {
  readonly table: TableDefinition;
  readonly index?: IndexDefinition;
  readonly keys: KeySchema;
  readonly group: string;
}

function readSource(catalog: Catalog, view: ReadView, request: JsonObject): Source {
  const table = catalog.get(view, tableNameOf(request));
  const name = optionalText(request, "IndexName");
  if (name === undefined) return { table, keys: table, group: itemGroup(table) };
  const index = table.indexes.find((one) => one.name === name);
  if (index === undefined) throw invalid(`The table does not have the specified index: ${name}`);
  if (index.kind === "global" && flag(request, "ConsistentRead")) {
    throw invalid("Consistent reads are not supported on global secondary indexes");
  }
  return { table, index, keys: index, group: indexGroup(table, index) };
}

function refuseKeys({ hash, sort }: KeySchema, names: readonly string[]): void {
  const key = [hash.name, sort?.name].find((name) => name !== undefined && names.includes(name));
  if (key !== undefined) throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
}

function filterNames(filter: Condition, placeholders: Placeholders): string[] {
  return pathsOf(filter).map((path) => resolvePath(path, placeholders)[0] as string);
}

/** A global index knows its own attributes alone. */
function checkProjected({ table, index }: Source, names: readonly string[], use: "filter" | "projection"): void {
  if (index === undefined || index.kind !== "global" || index.projection === "ALL") return;
  const known = projectedNames(table, index);
  const unknown = [...new Set(names)].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const what =
    use === "filter"
      ? `Secondary index ${index.name} does not project one or more filter attributes:`
      : `Global secondary index ${index.name} does not project`;
  throw invalid(`One or more parameter values were invalid: ${what} [${unknown.join(", ")}]`);
}

function pathsOf(node: Condition | Operand): readonly (readonly (string | number)[])[] {
  switch (node.kind) {
    case "path":
      return [node.path];
    case "value":
      return [];
    case "function":
      return node.operands.flatMap(pathsOf);
    case "not":
      return pathsOf(node.condition);
    case "between":
      return [node.operand, node.low, node.high].flatMap(pathsOf);
    case "in":
      return [node.operand, ...node.candidates].flatMap(pathsOf);
    default:
      return [...pathsOf(node.left), ...pathsOf(node.right)];
  }
}

interface Segment {
  readonly segment?: (key: Key) => boolean;
}

function readSegment(request: JsonObject): Segment {
  const total = optionalInteger(request, "TotalSegments");
  const number = optionalInteger(request, "Segment");
  if (total === undefined && number === undefined) return {};
  if (total === undefined)
    throw invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
  if (number === undefined)
    throw invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
  if (total < 1 || total > 1_000_000) throw constraint(total, "totalSegments", "Member must have value between 1 and 1000000");
  if (number < 0 || number >= total) {
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${number} is not less than TotalSegments: ${total}`,
    );
  }
  return { segment: (key) => crc32(String(partsOf(key)[1])) % total === number };
}

interface PageOptions extends Segment {
  readonly range: KeyRange;
  readonly reverse: boolean;
  readonly filter: Test | undefined;
  readonly paths: readonly ResolvedPath[] | undefined;
}

function readPage(view: ReadView, request: JsonObject, source: Source, options: PageOptions): JsonObject {
  const limit = optionalInteger(request, "Limit") ?? Number.POSITIVE_INFINITY;
  if (limit < 1) throw constraint(limit, "limit", "Member must have value greater than or equal to 1");
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
      ...capacity(request, source.table.name, () => readUnits(bytes, flag(request, "ConsistentRead"))),
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

function startAfter(request: JsonObject, { table, index }: Source, { range, reverse }: PageOptions): KeyRange {
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

const selections = ["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] as const;

/** What becomes of each item found: counted, whole, or a part. */
function readShape(
  request: JsonObject,
  source: Source,
  paths: readonly ResolvedPath[] | undefined,
): "count" | ((item: AttributeMap) => AttributeMap) {
  const { index } = source;
  const select = request.Select === undefined ? undefined : choice(request, "Select", selections);
  if (paths !== undefined && select !== undefined && select !== "SPECIFIC_ATTRIBUTES") {
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${select === "COUNT" ? "only the Count" : select}`);
  }
  if (select === "SPECIFIC_ATTRIBUTES" && paths === undefined) {
    throw invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  }
  if (select === "ALL_PROJECTED_ATTRIBUTES" && index === undefined) {
    throw invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (select === "COUNT") return "count";
  const partial = index === undefined || index.projection === "ALL" ? undefined : index;
  if (select === "ALL_ATTRIBUTES" && partial?.kind === "global") {
    throw invalid(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${partial.name} because its projection type is not ALL`,
    );
  }
  if (paths !== undefined) {
    checkProjected(
      source,
      paths.map(([name]) => name as string),
      "projection",
    );
    return (item) => project(item, paths);
  }
  if (partial === undefined || select === "ALL_ATTRIBUTES") return (item) => item;
  return (item) => projected(source.table, partial, item);
}

/** What an index without all attributes holds of an item. */
function projected(table: TableDefinition, index: IndexDefinition, item: AttributeMap): AttributeMap {
  return project(
    item,
    projectedNames(table, index).map((name) => [name]),
  );
}

function projectedNames(table: TableDefinition, index: IndexDefinition): string[] {
  const keys = [table.hash, table.sort, index.hash, index.sort].flatMap((attribute) => attribute?.name ?? []);
  return [...new Set([...keys, ...index.included])];
}
