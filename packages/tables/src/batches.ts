/** BatchGetItem and BatchWriteItem: up to 100 reads, up to 25 writes, each on its own. */
import { requestParser } from "@serverlesspresso/aws-service";
import type { JsonObject } from "@serverlesspresso/ports";
import type { Key, ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { type AttributeMap, normaliseMap } from "./attribute-value.ts";
import { consumed, readUnits, writeUnits } from "./capacity.ts";
import type { Catalog } from "./catalog.ts";
import { read, write } from "./engine.ts";
import { constraint, invalid, refusal } from "./errors.ts";
import { onlyProjection } from "./expression-request.ts";
import { keyOfRequest } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import { Flag, legacyMembers, placeholderMembers, ReturnConsumedCapacity, Structure, TableName, Text } from "./members.ts";
import { type PreparedWrite, prepareDelete, preparePut } from "./prepared-writes.ts";
import { asJson } from "./writer.ts";

const parse = requestParser(refusal);
const maxReads = 100;
const maxWrites = 25;
const maxAnswerBytes = 16 * 1_048_576;

const TableReads = z.object({
  ...legacyMembers,
  Keys: z.array(Structure).nullish(),
  ProjectionExpression: Text,
  ConsistentRead: Flag,
  ...placeholderMembers,
});
type TableReads = z.output<typeof TableReads>;
const WriteRequest = z.object({
  PutRequest: z.object({ Item: Structure }).nullish(),
  DeleteRequest: z.object({ Key: Structure }).nullish(),
});
/** Entries by the table's name, or its ARN; as pairs, since any of them may be the name. */
function byTable<Entry extends z.ZodType>(entry: Entry) {
  const pairs = Structure.nullish().transform((items): unknown => Object.entries(items ?? {}));
  return pairs.pipe(z.array(z.tuple([z.string(), entry])));
}

/** Those over several items, of several tables. */
export const batchOperations = {
  BatchGetItem: read(z.object({ RequestItems: byTable(TableReads), ReturnConsumedCapacity }), ({ catalog }, view, request) => {
    const tables = request.RequestItems;
    checkAny(tables);
    const count = tables.reduce((total, [, { Keys }]) => total + (Keys?.length ?? 0), 0);
    if (count === 0) throw constraint("[]", "requestItems.keys", "Member must have length greater than or equal to 1");
    if (count > maxReads) throw invalid("Too many items requested for the BatchGetItem call");
    const responses: [string, JsonObject[]][] = [];
    const unprocessed: [string, JsonObject][] = [];
    const uses: [string, number][] = [];
    let bytes = 0;
    for (const [name, entry] of tables) {
      const found: JsonObject[] = [];
      const left: JsonObject[] = [];
      for (const { keys, item, shown, units } of readTable(catalog, view, name, entry)) {
        bytes += item === undefined ? 0 : itemBytes(item);
        if (bytes > maxAnswerBytes) left.push(keys);
        else if (shown !== undefined) found.push(asJson(shown));
        uses.push([name, units]);
      }
      responses.push([name, found]);
      if (left.length > 0) unprocessed.push([name, { ...(entry as JsonObject), Keys: left }]);
    }
    return { Responses: Object.fromEntries(responses), UnprocessedKeys: Object.fromEntries(unprocessed), ...consumed(request, uses) };
  }),
  BatchWriteItem: write(
    z.object({ RequestItems: byTable(z.array(WriteRequest)), ReturnConsumedCapacity }),
    ({ catalog, writer }, tx, request) => {
      checkAny(request.RequestItems);
      const elements = request.RequestItems.flatMap(([name, entries]) => entries.map((entry) => [name, entry] as const));
      if (elements.length === 0 || elements.length > maxWrites) {
        throw constraint(
          `[${elements.length} items]`,
          "requestItems",
          `Member must have length less than or equal to ${maxWrites}, greater than or equal to 1`,
        );
      }
      const writes = elements.map(([name, entry]) => prepare(catalog, tx, name, entry));
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
    },
  ),
};

function checkAny(entries: readonly unknown[]): void {
  if (entries.length === 0) throw constraint(null, "requestItems", "Member must have length greater than or equal to 1");
}

function readTable(catalog: Catalog, view: ReadView, name: string, entry: TableReads) {
  const table = catalog.get(view, tableNamed(name));
  const projection = onlyProjection(table, entry);
  const consistent = entry.ConsistentRead ?? false;
  const seen = new Set<Key>();
  return (entry.Keys ?? []).map((keys) => {
    const key = keyOfRequest(table, normaliseMap(keys));
    if (seen.has(key)) throw invalid("Provided list of item keys contains duplicates");
    seen.add(key);
    const item = view.get<AttributeMap>(key);
    const shown = item === undefined || projection === undefined ? item : projection(item);
    return { keys, item, shown, units: readUnits(item === undefined ? 0 : itemBytes(item), consistent) };
  });
}

/** The plain name under which a request lists a table. @throws {TablesError} `ValidationException` */
function tableNamed(name: string): string {
  return parse(TableName, name);
}

function prepare(
  catalog: Catalog,
  tx: Transaction,
  name: string,
  { PutRequest, DeleteRequest }: z.output<typeof WriteRequest>,
): PreparedWrite {
  if (PutRequest && !DeleteRequest) return preparePut(catalog, tx, { TableName: tableNamed(name), ...PutRequest });
  if (DeleteRequest && !PutRequest) return prepareDelete(catalog, tx, { TableName: tableNamed(name), ...DeleteRequest });
  throw invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
}
