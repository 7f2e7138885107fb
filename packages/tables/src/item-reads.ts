/** GetItem, Query and Scan. */
import { crc32 } from "node:zlib";
import type { JsonObject } from "@serverlesspresso/ports";
import { partsOf, type ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import { capacity, readUnits, wantsCapacity } from "./capacity.ts";
import { read, type TablesCore } from "./engine.ts";
import { constraint, invalid } from "./errors.ts";
import { onlyProjection, parsedCondition, parsedProjection, placeholdersOf, projectionPaths, testOf } from "./expression-request.ts";
import { checkCondition } from "./expressions/check-operands.ts";
import { type Placeholders, resolvePath } from "./expressions/placeholders.ts";
import type { Condition, Operand } from "./expressions/syntax.ts";
import { keyOfRequest, rangeOfPartition } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { readKeyCondition } from "./key-condition.ts";
import type { KeySchema } from "./key-schema.ts";
import { Flag, legacyMembers, placeholderMembers, ReturnConsumedCapacity, Structure, TableName, Text, Whole } from "./members.ts";
import { type PageOptions, PageRequest, readPage } from "./page.ts";
import { checkProjected, readSource } from "./read-source.ts";
import { kinds } from "./record-kinds.ts";
import { checkScalarKeys } from "./scalar-keys.ts";
import { asJson } from "./writer.ts";

const GetItem = z.object({
  ...legacyMembers,
  TableName,
  Key: Structure,
  ProjectionExpression: Text,
  ConsistentRead: Flag,
  ReturnConsumedCapacity,
  ...placeholderMembers,
});
const Query = PageRequest.extend({ ...legacyMembers, KeyConditionExpression: Text, FilterExpression: Text, ScanIndexForward: Flag });
const Scan = PageRequest.extend({ ...legacyMembers, FilterExpression: Text, TotalSegments: Whole, Segment: Whole });

/** Those that read items of one table. */
export const readOperations = {
  GetItem: read(GetItem, getItem, { optimized: {} }),
  Query: read(Query, ({ catalog }, view, request) => {
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
    checkCondition("KeyConditionExpression", keyCondition.tree, placeholders);
    checkScalarKeys(source.table, [keyCondition, filter, projection], placeholders);
    const { hash, sort } = readKeyCondition(keyCondition.tree, placeholders, source.keys);
    const test = testOf("FilterExpression", filter, placeholders);
    if (filter !== undefined) {
      const names = filterNames(filter.tree, placeholders);
      refuseKeys(source.keys, names);
      checkProjected(source, names, "filter");
    }
    return readPage(view, request, source, {
      range: rangeOfPartition(source.group, source.keys, hash, sort),
      reverse: request.ScanIndexForward === false,
      filter: test,
      paths: projectionPaths(projection, placeholders),
    });
  }),
  Scan: read(Scan, ({ catalog }, view, request) => {
    const source = readSource(catalog, view, request);
    const filter = parsedCondition(request, "FilterExpression");
    const projection = parsedProjection(request);
    const placeholders = placeholdersOf(request, { ProjectionExpression: projection, FilterExpression: filter });
    const test = testOf("FilterExpression", filter, placeholders);
    checkScalarKeys(source.table, [filter, projection], placeholders);
    if (filter !== undefined) checkProjected(source, filterNames(filter.tree, placeholders), "filter");
    return readPage(view, request, source, {
      range: kinds.items.range(source.group),
      reverse: false,
      filter: test,
      paths: projectionPaths(projection, placeholders),
      ...readSegment(request),
    });
  }),
};

function getItem({ catalog }: TablesCore, view: ReadView, request: z.output<typeof GetItem>): JsonObject {
  const consistent = request.ConsistentRead ?? false;
  const table = catalog.get(view, request.TableName);
  const projection =
    request.ProjectionExpression === undefined && request.ExpressionAttributeNames === undefined
      ? undefined
      : onlyProjection(table, request);
  const item = view.get<AttributeMap>(keyOfRequest(table, normaliseMap(request.Key)));
  const used = wantsCapacity(request) ? capacity(request, table.name, () => readUnits(itemBytes(item ?? {}), consistent)) : {};
  return item === undefined ? used : { Item: asJson(projection === undefined ? item : projection(item)), ...used };
}

function refuseKeys({ hash, sort }: KeySchema, names: readonly string[]): void {
  const key = [hash.name, sort?.name].find((name) => name !== undefined && names.includes(name));
  if (key !== undefined) throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
}

function filterNames(filter: Condition, placeholders: Placeholders): string[] {
  return pathsOf(filter).map((path) => resolvePath(path, placeholders)[0] as string);
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

function readSegment({ TotalSegments, Segment }: z.output<typeof Scan>): Pick<PageOptions, "segment"> {
  const [total, number] = [TotalSegments ?? undefined, Segment ?? undefined];
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
