/**
 * PutItem, UpdateItem, DeleteItem.
 *
 * M1. A condition is evaluated, and every check made, before anything is written.
 */
import type { JsonObject } from "@serverlesspresso/ports";
import type { Transaction } from "@serverlesspresso/store";
import type { z } from "zod";
import type { AttributeMap } from "./attribute-value.ts";
import { type CapacityRequest, capacity, writeUnits } from "./capacity.ts";
import { type TablesCore, write } from "./engine.ts";
import { invalid } from "./errors.ts";
import { conditionFailed } from "./expression-request.ts";
import type { ResolvedPath } from "./expressions/placeholders.ts";
import { project } from "./expressions/project.ts";
import { itemBytes } from "./item-size.ts";
import { legacyMembers, oneOf, ReturnConsumedCapacity } from "./members.ts";
import {
  DeleteMembers,
  type PreparedWrite,
  PutMembers,
  prepareDelete,
  preparePut,
  prepareUpdateItem,
  UpdateMembers,
} from "./prepared-writes.ts";
import { asJson } from "./writer.ts";

const ReturnValues = oneOf(["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]);
const ofOperation = { ...legacyMembers, ReturnValues, ReturnConsumedCapacity };

/** Those that write one item. */
export const writeOperations = {
  PutItem: write(
    PutMembers.extend(ofOperation),
    (core, tx, request) => {
      checkReturns(request.ReturnValues);
      return answerOf(request, perform(core, tx, preparePut(core.catalog, tx, request)));
    },
    { optimized: {} },
  ),
  DeleteItem: write(
    DeleteMembers.extend(ofOperation),
    (core, tx, request) => {
      checkReturns(request.ReturnValues);
      return answerOf(request, perform(core, tx, prepareDelete(core.catalog, tx, request)));
    },
    { optimized: {} },
  ),
  UpdateItem: write(
    UpdateMembers.extend(ofOperation),
    (core, tx, request) => answerOf(request, perform(core, tx, prepareUpdateItem(core.catalog, tx, request))),
    { optimized: {} },
  ),
};

type Returns = z.output<typeof ReturnValues>;

/** What is put or deleted has no new attributes to tell. */
function checkReturns(returns: Returns): void {
  if ((returns ?? "NONE") !== "NONE" && returns !== "ALL_OLD") throw invalid("ReturnValues can only be ALL_OLD or NONE");
}

interface Performed extends PreparedWrite {
  readonly before: AttributeMap | undefined;
  readonly after: AttributeMap | undefined;
}

/** Decides on the item and writes (M1). */
function perform({ writer }: TablesCore, tx: Transaction, prepared: PreparedWrite): Performed {
  const { table, key, test } = prepared;
  const before = tx.get<AttributeMap>(key);
  if (test !== undefined && !test(before)) throw conditionFailed(prepared.returnsItemOnFailure ? before : undefined);
  const after = prepared.next(before);
  writer.apply(tx, writer.plan({ table, key, before, after }));
  return { ...prepared, before, after };
}

function answerOf(
  request: CapacityRequest & { readonly ReturnValues?: Returns },
  { table, before, after, paths = [] }: Performed,
): JsonObject {
  const attributes = returnedAttributes(request.ReturnValues ?? "NONE", before, after, paths);
  return {
    ...(attributes === undefined ? {} : { Attributes: asJson(attributes) }),
    ...capacity(request, table.name, () => writeUnits(Math.max(itemBytes(before ?? {}), itemBytes(after ?? {})))),
  };
}

function returnedAttributes(
  returns: NonNullable<Returns>,
  before: AttributeMap | undefined,
  after: AttributeMap | undefined,
  paths: readonly ResolvedPath[],
): AttributeMap | undefined {
  if (returns === "NONE") return undefined;
  const item = returns.endsWith("OLD") ? before : after;
  if (item === undefined) return undefined;
  const attributes = returns.startsWith("ALL") ? item : project(item, paths);
  return Object.keys(attributes).length === 0 ? undefined : attributes;
}
