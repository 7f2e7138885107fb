/**
 * PutItem, UpdateItem, DeleteItem, each in two steps: `prepare…` reads the request and refuses what is wrong with it, `run` decides on the item and writes.
 *
 * M1. A condition is evaluated, and every check made, before anything is written.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import { capacity, writeUnits } from "./capacity.ts";
import type { Catalog } from "./catalog.ts";
import { invalid, SchemaMismatchError } from "./errors.ts";
import { conditionFailed, parsedCondition, placeholdersOf, type Test, testOf } from "./expression-request.ts";
import { applyUpdate, prepareUpdate, type Update } from "./expressions/apply-update.ts";
import { parseUpdateCached } from "./expressions/parse-cache.ts";
import type { ResolvedPath } from "./expressions/placeholders.ts";
import { project } from "./expressions/project.ts";
import { keyOfItem, keyOfRequest } from "./item-key.ts";
import { itemBytes, maxItemBytes } from "./item-size.ts";
import { choice, constraint, optionalText, refuseLegacyParameters, structure, tableNameOf } from "./request.ts";
import { checkScalarKeys } from "./scalar-keys.ts";
import type { TableDefinition } from "./table-definition.ts";
import { checkUpdatedIndexKeys } from "./updated-index-keys.ts";
import { asJson, type Writer } from "./writer.ts";

/** A write that has been read and checked, and waits for the item. */
export interface PreparedWrite {
  readonly table: TableDefinition;
  readonly key: Key;
  readonly test: Test | undefined;
  readonly returnsItemOnFailure: boolean;
  /** The item after the write; undefined to delete it. */
  next(before: AttributeMap | undefined): AttributeMap | undefined;
  /** The paths an update touches. */
  readonly paths?: readonly ResolvedPath[];
}

/** Reads one write. `request` is that of the operation, or of an element of a transaction. */
export type Prepare = (view: ReadView, request: JsonObject) => PreparedWrite;

export function preparePut(catalog: Catalog): Prepare {
  return (view, request) => {
    const table = catalog.get(view, tableNameOf(request));
    const item = normaliseMap(structure(request.Item, "item"));
    const key = keyOfItem(table, item);
    checkSize(item, "Item size has exceeded the maximum allowed size");
    return { table, key, ...readCondition(table, request), next: () => item };
  };
}

export function prepareDelete(catalog: Catalog): Prepare {
  return (view, request) => {
    const table = catalog.get(view, tableNameOf(request));
    return {
      table,
      key: keyOfRequest(table, normaliseMap(structure(request.Key, "key"))),
      ...readCondition(table, request),
      next: () => undefined,
    };
  };
}

/** A transaction's `ConditionCheck`: the item stays as it is. */
export function prepareCheck(catalog: Catalog): Prepare {
  return (view, request) => {
    const table = catalog.get(view, tableNameOf(request));
    if (request.ConditionExpression === undefined) throw constraint(null, "conditionExpression", "Member must not be null");
    return {
      table,
      key: keyOfRequest(table, normaliseMap(structure(request.Key, "key"))),
      ...readCondition(table, request),
      next: (before) => before,
    };
  };
}

export function prepareUpdateItem(catalog: Catalog): Prepare {
  return (view, request) => {
    const table = catalog.get(view, tableNameOf(request));
    const keys = normaliseMap(structure(request.Key, "key"));
    const key = keyOfRequest(table, keys);
    const text = optionalText(request, "UpdateExpression");
    const parsed = text === undefined ? undefined : parseUpdateCached(text);
    const condition = parsedCondition(request, "ConditionExpression");
    const placeholders = placeholdersOf(request, { UpdateExpression: parsed, ConditionExpression: condition });
    const update = prepareUpdate(parsed?.tree ?? [], placeholders);
    const test = testOf("ConditionExpression", condition, placeholders);
    checkKeysUntouched(table, update);
    checkScalarKeys(table, [condition, parsed], placeholders);
    return {
      table,
      key,
      test,
      returnsItemOnFailure: returnsItemOnFailure(request),
      paths: update.paths,
      next(before) {
        const item = applyUpdate(before ?? keys, update);
        checkUpdatedIndexKeys(table, item, update.paths);
        checkSize(item, "Item size to update has exceeded the maximum allowed size");
        return item;
      },
    };
  };
}

function readCondition(table: TableDefinition, request: JsonObject): Pick<PreparedWrite, "test" | "returnsItemOnFailure"> {
  const condition = parsedCondition(request, "ConditionExpression");
  const placeholders = placeholdersOf(request, { ConditionExpression: condition });
  const test = testOf("ConditionExpression", condition, placeholders);
  checkScalarKeys(table, [condition], placeholders);
  return { test, returnsItemOnFailure: returnsItemOnFailure(request) };
}

function returnsItemOnFailure(request: JsonObject): boolean {
  return choice(request, "ReturnValuesOnConditionCheckFailure", ["NONE", "ALL_OLD"]) === "ALL_OLD";
}

function checkSize(item: AttributeMap, message: string): void {
  if (itemBytes(item) > maxItemBytes) throw invalid(message);
}

function checkKeysUntouched(table: TableDefinition, { paths }: Update): void {
  for (const attribute of [table.hash, table.sort]) {
    if (attribute === undefined || paths.every(([name]) => name !== attribute.name)) continue;
    throw new SchemaMismatchError(
      `One or more parameter values were invalid: Cannot update attribute ${attribute.name}. This attribute is part of the key`,
    );
  }
}

/** Decides on the item and writes (M1). */
function run(tx: Transaction, prepared: PreparedWrite, writer: Writer) {
  const { table, key, test } = prepared;
  const before = tx.get<AttributeMap>(key);
  if (test !== undefined && !test(before)) throw conditionFailed(prepared.returnsItemOnFailure ? before : undefined);
  const after = prepared.next(before);
  writer.apply(tx, writer.plan({ table, key, before, after }));
  return { before, after };
}

const writeReturns = ["NONE", "ALL_OLD"] as const;
const updateReturns = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] as const;

/** `PutItem` and `DeleteItem`. */
export function writeOperation(prepare: Prepare, writer: Writer) {
  return (tx: Transaction, request: JsonObject): JsonObject => {
    refuseLegacyParameters(request);
    const returns = choice(request, "ReturnValues", updateReturns);
    if (!(writeReturns as readonly string[]).includes(returns)) throw invalid("ReturnValues can only be ALL_OLD or NONE");
    const prepared = prepare(tx, request);
    const { before, after } = run(tx, prepared, writer);
    return {
      ...(returns === "ALL_OLD" && before !== undefined ? { Attributes: asJson(before) } : {}),
      ...capacity(request, prepared.table.name, () => writeUnits(Math.max(itemBytes(before ?? {}), itemBytes(after ?? {})))),
    };
  };
}

/** `UpdateItem`. */
export function updateOperation(prepare: Prepare, writer: Writer) {
  return (tx: Transaction, request: JsonObject): JsonObject => {
    refuseLegacyParameters(request);
    const returns = choice(request, "ReturnValues", updateReturns);
    const prepared = prepare(tx, request);
    const { before, after } = run(tx, prepared, writer);
    const attributes = returnedAttributes(returns, before, after as AttributeMap, prepared.paths ?? []);
    return {
      ...(attributes === undefined ? {} : { Attributes: asJson(attributes) }),
      ...capacity(request, prepared.table.name, () => writeUnits(Math.max(itemBytes(before ?? {}), itemBytes(after ?? {})))),
    };
  };
}

function returnedAttributes(
  returns: (typeof updateReturns)[number],
  before: AttributeMap | undefined,
  after: AttributeMap,
  paths: readonly ResolvedPath[],
): AttributeMap | undefined {
  if (returns === "NONE") return undefined;
  const item = returns.endsWith("OLD") ? before : after;
  if (item === undefined) return undefined;
  const attributes = returns.startsWith("ALL") ? item : project(item, paths);
  return Object.keys(attributes).length === 0 ? undefined : attributes;
}
