/**
 * Writes of one item, read and checked before anything is looked at: what operations and transactions share.
 */
import type { Key, ReadView } from "@serverlesspresso/store";
import { z } from "zod";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import type { Catalog } from "./catalog.ts";
import { invalid, SchemaMismatchError } from "./errors.ts";
import { parsedCondition, placeholdersOf, type Test, testOf } from "./expression-request.ts";
import { applyUpdate, prepareUpdate, type Update } from "./expressions/apply-update.ts";
import { parseUpdateCached } from "./expressions/parse-cache.ts";
import type { ResolvedPath } from "./expressions/placeholders.ts";
import { keyOfItem, keyOfRequest } from "./item-key.ts";
import { itemBytes, maxItemBytes } from "./item-size.ts";
import { oneOf, placeholderMembers, Structure, TableName, Text } from "./members.ts";
import { checkScalarKeys } from "./scalar-keys.ts";
import type { TableDefinition } from "./table-definition.ts";
import { checkUpdatedIndexKeys } from "./updated-index-keys.ts";

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

const conditionMembers = {
  ConditionExpression: Text,
  ...placeholderMembers,
  ReturnValuesOnConditionCheckFailure: oneOf(["NONE", "ALL_OLD"]),
};
/** What puts an item: a request's members, or those of an element of a transaction. */
export const PutMembers = z.object({ TableName, Item: Structure, ...conditionMembers });
/** What deletes one. */
export const DeleteMembers = z.object({ TableName, Key: Structure, ...conditionMembers });
/** What updates one. */
export const UpdateMembers = DeleteMembers.extend({ UpdateExpression: Text });
/** A transaction's `ConditionCheck`. */
export const CheckMembers = DeleteMembers.extend({ ConditionExpression: z.string() });

/** A put's item takes the place of the one that is there. */
export function preparePut(catalog: Catalog, view: ReadView, request: z.output<typeof PutMembers>): PreparedWrite {
  const table = catalog.get(view, request.TableName);
  const item = normaliseMap(request.Item);
  const key = keyOfItem(table, item);
  checkSize(item, "Item size has exceeded the maximum allowed size");
  return { table, key, ...readCondition(table, request), next: () => item };
}

/** After a deletion there is no item. */
export function prepareDelete(catalog: Catalog, view: ReadView, request: z.output<typeof DeleteMembers>): PreparedWrite {
  const table = catalog.get(view, request.TableName);
  return { table, key: keyOfRequest(table, normaliseMap(request.Key)), ...readCondition(table, request), next: () => undefined };
}

/** A transaction's `ConditionCheck`: the item stays as it is. */
export function prepareCheck(catalog: Catalog, view: ReadView, request: z.output<typeof CheckMembers>): PreparedWrite {
  return { ...prepareDelete(catalog, view, request), next: (before) => before };
}

/** An update changes the item that is there, or makes one of its key. */
export function prepareUpdateItem(catalog: Catalog, view: ReadView, request: z.output<typeof UpdateMembers>): PreparedWrite {
  const table = catalog.get(view, request.TableName);
  const keys = normaliseMap(request.Key);
  const key = keyOfRequest(table, keys);
  const parsed = typeof request.UpdateExpression === "string" ? parseUpdateCached(request.UpdateExpression) : undefined;
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
    returnsItemOnFailure: request.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
    paths: update.paths,
    next(before) {
      const item = applyUpdate(before ?? keys, update);
      checkUpdatedIndexKeys(table, item, update.paths);
      checkSize(item, "Item size to update has exceeded the maximum allowed size");
      return item;
    },
  };
}

type ConditionRequest = Pick<z.output<typeof DeleteMembers>, keyof typeof conditionMembers>;

function readCondition(table: TableDefinition, request: ConditionRequest): Pick<PreparedWrite, "test" | "returnsItemOnFailure"> {
  const condition = parsedCondition(request, "ConditionExpression");
  const placeholders = placeholdersOf(request, { ConditionExpression: condition });
  const test = testOf("ConditionExpression", condition, placeholders);
  checkScalarKeys(table, [condition], placeholders);
  return { test, returnsItemOnFailure: request.ReturnValuesOnConditionCheckFailure === "ALL_OLD" };
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
