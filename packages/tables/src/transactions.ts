/**
 * TransactWriteItems and TransactGetItems.
 *
 * X1. All of a transaction's writes are made, or none; every condition is evaluated on the items as they were before it.
 * X2. The same `ClientRequestToken` within ten minutes does nothing a second time; with another request it is refused.
 * X3. A key that does not fit its table is one of the cancellation reasons; any other fault of the request refuses it as a whole.
 */
import { createHash } from "node:crypto";
import { type Key, partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import { consumed, readUnits, writeUnits } from "./capacity.ts";
import type { Catalog } from "./catalog.ts";
import { read, write } from "./engine.ts";
import { type CancellationReason, constraint, invalid, SchemaMismatchError, TablesError, TransactionCanceledError } from "./errors.ts";
import { onlyProjection } from "./expression-request.ts";
import { keyOfRequest } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { ReturnConsumedCapacity, Structure, TableName, Text } from "./members.ts";
import {
  CheckMembers,
  DeleteMembers,
  type PreparedWrite,
  PutMembers,
  prepareCheck,
  prepareDelete,
  preparePut,
  prepareUpdateItem,
  UpdateMembers,
} from "./prepared-writes.ts";
import { kinds } from "./record-kinds.ts";
import { asJson, type PlannedChange, type Writer } from "./writer.ts";

const maxItems = 100;
const maxBytes = 4_194_304;
const tokenLifeMs = 600_000;

const Write = z.looseObject({
  Put: PutMembers.nullish(),
  Update: UpdateMembers.nullish(),
  Delete: DeleteMembers.nullish(),
  ConditionCheck: CheckMembers.nullish(),
});
const Get = z.object({
  Get: z.object({ TableName, Key: Structure, ProjectionExpression: Text, ExpressionAttributeNames: z.unknown().optional() }),
});
const TransactWriteItems = z.object({ TransactItems: z.array(Write).nullish(), ClientRequestToken: Text, ReturnConsumedCapacity });
const TransactGetItems = z.object({ TransactItems: z.array(Get).nullish(), ReturnConsumedCapacity });

interface TransactionWrite extends PreparedWrite {
  /** False for a `ConditionCheck`. */
  readonly writes: boolean;
}

/** Those over several items at once. */
export const transactionOperations = {
  TransactWriteItems: write(TransactWriteItems, ({ catalog, writer, clock }, tx, request) => {
    const elements = request.TransactItems ?? [];
    checkCount(elements.length);
    const token = readToken(request.ClientRequestToken ?? undefined);
    const fingerprint = token === undefined ? "" : createHash("sha256").update(canonical(elements)).digest("base64url");
    if (token !== undefined && wasDone(tx, token, fingerprint, clock.nowMs())) return {};
    const writes = elements.map((element) => unlessMismatch(() => prepare(catalog, tx, element)));
    refuseRepetition(writes.flatMap((write) => (isReason(write) ? [] : [write.key])));
    const planned = decide(tx, writes, writer);
    for (const change of planned) if (change.writes) writer.apply(tx, change);
    if (token !== undefined) remember(tx, token, fingerprint, clock.nowMs());
    return consumed(
      request,
      planned.map(({ table, before, after }) => [table.name, 2 * writeUnits(Math.max(bytes(before), bytes(after)))]),
      "WriteCapacityUnits",
    );
  }),
  TransactGetItems: read(TransactGetItems, ({ catalog }, view, request) => {
    const elements = request.TransactItems ?? [];
    checkCount(elements.length);
    const gets = elements.map(({ Get: get }) => unlessMismatch(() => prepareGet(catalog, view, get)));
    refuseRepetition(gets.flatMap((get) => (isReason(get) ? [] : [get.key])));
    if (gets.some(isReason)) throw new TransactionCanceledError(gets.map((get) => (isReason(get) ? get : { Code: "None" })));
    const found = (gets as Exclude<(typeof gets)[number], CancellationReason>[]).map(({ table, key, projection }) => {
      const item = view.get<AttributeMap>(key);
      return { table, item, shown: item === undefined || projection === undefined ? item : projection(item) };
    });
    return {
      Responses: found.map(({ shown }) => (shown === undefined ? {} : { Item: asJson(shown) })),
      ...consumed(
        request,
        found.map(({ table, item }) => [table.name, 2 * readUnits(bytes(item), true)]),
        "ReadCapacityUnits",
      ),
    };
  }),
};

function checkCount(count: number): void {
  if (count === 0) throw constraint("[]", "transactItems", "Member must have length greater than or equal to 1");
  if (count > maxItems) throw constraint(`[${count} items]`, "transactItems", `Member must have length less than or equal to ${maxItems}`);
}

function readToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (token === "") throw constraint(token, "clientRequestToken", "Member must have length greater than or equal to 1");
  if (token.length > 36) throw constraint(token, "clientRequestToken", "Member must have length less than or equal to 36");
  return token;
}

/** A request's text, the same for the same values: neither the order of members counts nor that of a set's. */
function canonical(value: unknown, name = ""): string {
  if (Array.isArray(value)) {
    const texts = value.map((element: unknown) => canonical(element));
    return `[${(/^[SNB]S$/.test(name) ? texts.toSorted() : texts).join()}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([member, one]) => `${JSON.stringify(member)}:${canonical(one, member)}`).join()}}`;
}

function wasDone(tx: Transaction, token: string, fingerprint: string, nowMs: number): boolean {
  const done = tx.get<DoneRequest>(kinds.tokens.key(token));
  if (done === undefined || done.untilMs <= nowMs) return false;
  if (done.fingerprint === fingerprint) return true;
  throw new TablesError(
    "IdempotentParameterMismatchException",
    "Request parameters do not match those of an earlier request with this token",
  );
}

/** What does not fit its table is a reason to cancel (X3). */
function unlessMismatch<T>(prepare: () => T): T | CancellationReason {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof SchemaMismatchError) return { Code: "ValidationError", Message: error.message };
    throw error;
  }
}

function prepare(catalog: Catalog, tx: Transaction, element: z.output<typeof Write>): TransactionWrite {
  const { Put, Update, Delete, ConditionCheck } = element;
  const given = Object.values(element).filter((entry) => entry !== undefined && entry !== null);
  if (given.length === 1) {
    if (Put) return { ...preparePut(catalog, tx, Put), writes: true };
    if (Update) return { ...prepareUpdateItem(catalog, tx, Update), writes: true };
    if (Delete) return { ...prepareDelete(catalog, tx, Delete), writes: true };
    if (ConditionCheck) return { ...prepareCheck(catalog, tx, ConditionCheck), writes: false };
  }
  throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
}

function isReason(prepared: object): prepared is CancellationReason {
  return "Code" in prepared;
}

function refuseRepetition(keys: readonly Key[]): void {
  if (new Set(keys).size < keys.length) throw invalid("Transaction request cannot include multiple operations on one item");
}

/** Decides on every item, and only then whether any may be written (X1). */
function decide(tx: Transaction, writes: readonly (TransactionWrite | CancellationReason)[], writer: Writer) {
  const planned: (PlannedChange & { readonly writes: boolean })[] = [];
  const reasons = writes.map((write): CancellationReason => {
    if (isReason(write)) return write;
    const before = tx.get<AttributeMap>(write.key);
    if (write.test !== undefined && !write.test(before)) {
      const item = write.returnsItemOnFailure && before !== undefined ? { Item: asJson(before) } : {};
      return { Code: "ConditionalCheckFailed", Message: "The conditional request failed", ...item };
    }
    try {
      planned.push({ ...writer.plan({ table: write.table, key: write.key, before, after: write.next(before) }), writes: write.writes });
      return { Code: "None" };
    } catch (error) {
      if (error instanceof TablesError) return { Code: "ValidationError", Message: error.message };
      throw error;
    }
  });
  if (reasons.some(({ Code }) => Code !== "None")) throw new TransactionCanceledError(reasons);
  if (planned.reduce((total, { after }) => total + bytes(after), 0) > maxBytes)
    throw invalid("Collection size of items in the transaction exceeds 4 MB");
  return planned;
}

function bytes(item: AttributeMap | undefined): number {
  return item === undefined ? 0 : itemBytes(item);
}

/** Keeps the token for its ten minutes, and forgets a few whose time is over. */
function remember(tx: Transaction, token: string, fingerprint: string, nowMs: number): void {
  const { start } = kinds.tokenEnds.range();
  for (const [key] of tx.scan({ start, end: kinds.tokenEnds.key(nowMs) }, { limit: 4 })) {
    const old = partsOf(key)[3] as string;
    tx.delete(key);
    if ((tx.get<DoneRequest>(kinds.tokens.key(old))?.untilMs ?? 0) <= nowMs) tx.delete(kinds.tokens.key(old));
  }
  const untilMs = nowMs + tokenLifeMs;
  tx.put(kinds.tokens.key(token), { fingerprint, untilMs } satisfies DoneRequest);
  tx.put(kinds.tokenEnds.key(untilMs, token), 1);
}

interface DoneRequest {
  readonly fingerprint: string;
  readonly untilMs: number;
}

function prepareGet(catalog: Catalog, view: ReadView, get: z.output<typeof Get>["Get"]) {
  const table = catalog.get(view, get.TableName);
  return { table, projection: onlyProjection(table, get), key: keyOfRequest(table, normaliseMap(get.Key)) };
}
