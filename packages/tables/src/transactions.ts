/**
 * TransactWriteItems and TransactGetItems.
 *
 * X1. All of a transaction's writes are made, or none; every condition is evaluated on the items as they were before it.
 * X2. The same `ClientRequestToken` within ten minutes does nothing a second time; with another request it is refused.
 * X3. A key that does not fit its table is one of the cancellation reasons; any other fault of the request refuses it as a whole.
 */
import { createHash } from "node:crypto";
import type { Clock, JsonObject, JsonValue } from "@serverlesspresso/ports";
import { type Key, partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import { readUnits, wantsCapacity, writeUnits } from "./capacity.ts";
import type { Catalog } from "./catalog.ts";
import { type CancellationReason, invalid, SchemaMismatchError, TablesError, TransactionCanceledError } from "./errors.ts";
import { onlyProjection } from "./expression-request.ts";
import { keyOfRequest } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { type Prepare, type PreparedWrite, prepareCheck, prepareDelete, preparePut, prepareUpdateItem } from "./item-writes.ts";
import { kinds } from "./record-kinds.ts";
import { constraint, list, optionalText, structure, tableNameOf } from "./request.ts";
import { asJson, type PlannedChange, type Writer } from "./writer.ts";

const maxItems = 100;
const maxBytes = 4_194_304;
const tokenLifeMs = 600_000;

interface TransactionWrite extends PreparedWrite {
  /** False for a `ConditionCheck`. */
  readonly writes: boolean;
}

export function transactWriteItems(catalog: Catalog, writer: Writer, clock: Clock) {
  const prepares: Readonly<Record<string, Prepare>> = {
    Put: preparePut(catalog),
    Update: prepareUpdateItem(catalog),
    Delete: prepareDelete(catalog),
    ConditionCheck: prepareCheck(catalog),
  };

  function prepare(tx: Transaction, element: JsonValue): TransactionWrite {
    const entry = structure(element, "transactItems.1.member");
    const [kind, ...others] = Object.keys(entry).filter((name) => entry[name] !== undefined && entry[name] !== null);
    const read = kind === undefined || !Object.hasOwn(prepares, kind) ? undefined : prepares[kind];
    if (read === undefined || others.length > 0) {
      throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    return { ...read(tx, structure(entry[kind as string], kind as string)), writes: kind !== "ConditionCheck" };
  }

  return (tx: Transaction, request: JsonObject): JsonObject => {
    const elements = list(request, "TransactItems");
    checkCount(elements.length);
    const token = readToken(request);
    const fingerprint = token === undefined ? "" : createHash("sha256").update(canonical(elements)).digest("base64url");
    if (token !== undefined && wasDone(tx, token, fingerprint, clock.nowMs())) return {};
    const writes = elements.map((element) => unlessMismatch(() => prepare(tx, element)));
    refuseRepetition(writes.flatMap((write) => (isReason(write) ? [] : [write.key])));
    const planned = decide(tx, writes, writer);
    for (const change of planned) if (change.writes) writer.apply(tx, change);
    if (token !== undefined) remember(tx, token, fingerprint, clock.nowMs());
    return consumed(
      request,
      planned.map(({ table, before, after }) => [table.name, 2 * writeUnits(Math.max(bytes(before), bytes(after)))]),
      "WriteCapacityUnits",
    );
  };
}

/** A request's text, the same for the same values: neither the order of members counts nor that of a set's. */
function canonical(value: JsonValue, name = ""): string {
  if (Array.isArray(value)) {
    const texts = value.map((element: JsonValue) => canonical(element));
    return `[${(/^[SNB]S$/.test(name) ? texts.toSorted() : texts).join()}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([member, one]) => `${JSON.stringify(member)}:${canonical(one, member)}`).join()}}`;
}

function bytes(item: AttributeMap | undefined): number {
  return item === undefined ? 0 : itemBytes(item);
}

function checkCount(count: number): void {
  if (count === 0) throw constraint("[]", "transactItems", "Member must have length greater than or equal to 1");
  if (count > maxItems) throw constraint(`[${count} items]`, "transactItems", `Member must have length less than or equal to ${maxItems}`);
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

function readToken(request: JsonObject): string | undefined {
  const token = optionalText(request, "ClientRequestToken");
  if (token === undefined) return undefined;
  if (token === "") throw constraint(token, "clientRequestToken", "Member must have length greater than or equal to 1");
  if (token.length > 36) throw constraint(token, "clientRequestToken", "Member must have length less than or equal to 36");
  return token;
}

interface DoneRequest {
  readonly fingerprint: string;
  readonly untilMs: number;
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

function prepareGet(catalog: Catalog, view: ReadView, element: JsonValue) {
  const get = structure(structure(element, "transactItems.1.member").Get, "get");
  const table = catalog.get(view, tableNameOf(get));
  return { table, projection: onlyProjection(table, get), key: keyOfRequest(table, normaliseMap(structure(get.Key, "key"))) };
}

export function transactGetItems(catalog: Catalog) {
  return (view: ReadView, request: JsonObject): JsonObject => {
    const elements = list(request, "TransactItems");
    checkCount(elements.length);
    const gets = elements.map((element) => unlessMismatch(() => prepareGet(catalog, view, element)));
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
  };
}

/** `ConsumedCapacity` of a request over several tables: one entry each; transactions also say of which kind the units are. */
export function consumed(
  request: JsonObject,
  uses: readonly (readonly [string, number])[],
  kind?: "ReadCapacityUnits" | "WriteCapacityUnits",
): JsonObject {
  if (!wantsCapacity(request)) return {};
  const units = new Map<string, number>();
  for (const [table, count] of uses) units.set(table, (units.get(table) ?? 0) + count);
  const entry = (units: number): JsonObject => ({ CapacityUnits: units, ...(kind !== undefined && { [kind]: units }) });
  return { ConsumedCapacity: [...units].map(([TableName, units]) => ({ TableName, ...entry(units) })) };
}
