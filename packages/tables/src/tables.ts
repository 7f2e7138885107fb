/**
 * DynamoDB's data model over the store.
 *
 * T1. `execute` works within the caller's transaction: items, indexes, expiry and stream records commit with whatever else it does.
 * T2. A request is refused as a whole, with AWS's code and words, before anything is written.
 * T3. Reads through a transaction are strongly consistent, whatever `ConsistentRead` says; indexes are never behind.
 */
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Store, Transaction } from "@serverlesspresso/store";
import { batchGetItem, batchWriteItem } from "./batches.ts";
import { createCatalog } from "./catalog.ts";
import { TablesError } from "./errors.ts";
import { createExpiry } from "./expiry.ts";
import { getItem, query, scan } from "./item-reads.ts";
import { prepareDelete, preparePut, prepareUpdateItem, updateOperation, writeOperation } from "./item-writes.ts";
import { createSequence } from "./sequence.ts";
import { createStreamLog } from "./stream-log.ts";
import { createStreamOperations, type StreamOperations } from "./stream-operations.ts";
import { createTableAdmin } from "./table-admin.ts";
import type { TableDefinition } from "./table-definition.ts";
import { createTableTags } from "./table-tags.ts";
import { transactGetItems, transactWriteItems } from "./transactions.ts";
import { createWriter, type TableStreamRecord, type Writer } from "./writer.ts";

/** What `createTables` needs. */
export interface TablesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  /** Told of every change of a table with a stream, inside the transaction that makes it. */
  readonly onStreamRecords?: (tx: Transaction, tableName: string, records: readonly TableStreamRecord[]) => void;
  /** Told of an expiry that failed; it is tried again. */
  readonly onError?: (error: unknown, what: string) => void;
}

/** Tables as DynamoDB has them. */
export interface TablesEngine {
  /**
   * Makes a table from a `CreateTable` request (with `TimeToLiveSpecification` beside), or brings an existing one to it; unchanged, it does nothing.
   * @throws {TablesError} `ResourceInUseException` where the table exists with another key
   */
  createTable(tx: Transaction, description: JsonObject): void;
  /** Any operation, e.g. `PutItem`, in DynamoDB's wire shapes. @throws {TablesError} */
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  /** An operation that only reads; on a `Store` it sees durable state alone. @throws {TablesError} */
  query(view: ReadView, operation: string, request: JsonObject): JsonObject;
  /** The names of the operations there are. */
  readonly operations: readonly string[];
  /** DynamoDB Streams, a service of its own. */
  readonly streams: StreamOperations;
  /** Begins to delete items whose time to live is over. */
  start(): void;
  stop(): void;
}

/** Opens the tables in `store`. */
export function createTables(options: TablesOptions): TablesEngine {
  const { store, clock, ids, account, region, onStreamRecords = () => {}, onError = () => {} } = options;
  const catalog = createCatalog(clock);
  const tableArn = (name: string): string => `arn:aws:dynamodb:${region}:${account}:table/${name}`;
  const expiry = createExpiry({ store, clock, catalog, writer: () => writer, onError });
  const streamArn = (table: TableDefinition): string => `${tableArn(table.name)}/stream/${table.streamLabel ?? ""}`;
  const nextSequenceNumber = createSequence(clock);
  const log = createStreamLog(clock, nextSequenceNumber);
  const writer: Writer = createWriter({
    clock,
    newId: () => ids.uuid(),
    region,
    streamArn,
    nextSequenceNumber,
    onStreamRecord(tx, table, record) {
      log.add(tx, table, record);
      onStreamRecords(tx, table.name, [record]);
    },
    onExpiryChange: (tx, change) => expiry.follow(tx, change),
  });
  const admin = createTableAdmin({ catalog, expiry, log, ids, tableArn });
  const tags = createTableTags(catalog);

  const reads: Readonly<Record<string, (view: ReadView, request: JsonObject) => JsonObject>> = {
    BatchGetItem: batchGetItem(catalog),
    DescribeContinuousBackups: admin.describeContinuousBackups,
    DescribeTable: admin.describe,
    DescribeTimeToLive: admin.describeTimeToLive,
    GetItem: getItem(catalog),
    ListTagsOfResource: tags.list,
    ListTables: (view, request) => catalog.list(view, request),
    Query: query(catalog),
    Scan: scan(catalog),
    TransactGetItems: transactGetItems(catalog),
  };
  const writes: Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>> = {
    BatchWriteItem: batchWriteItem(catalog, writer),
    CreateTable: admin.create,
    DeleteItem: writeOperation(prepareDelete(catalog), writer),
    DeleteTable: admin.remove,
    PutItem: writeOperation(preparePut(catalog), writer),
    TagResource: tags.tag,
    TransactWriteItems: transactWriteItems(catalog, writer, clock),
    UntagResource: tags.untag,
    UpdateItem: updateOperation(prepareUpdateItem(catalog), writer),
    UpdateTable: admin.update,
    UpdateTimeToLive: admin.updateTimeToLive,
  };

  function runRead(view: ReadView, operation: string, request: JsonObject): JsonObject {
    const run = Object.hasOwn(reads, operation) ? reads[operation] : undefined;
    if (run === undefined) throw new TablesError("UnknownOperationException", `Operation ${operation} is not supported`);
    return run(view, request);
  }

  return {
    createTable: (tx, description) => admin.ensure(tx, description),
    execute(tx, operation, request) {
      const write = Object.hasOwn(writes, operation) ? writes[operation] : undefined;
      return write === undefined ? runRead(tx, operation, request) : write(tx, request);
    },
    query: runRead,
    operations: [...Object.keys(reads), ...Object.keys(writes)],
    streams: createStreamOperations({ catalog, log, clock, streamArn, nextSequenceNumber }),
    start: () => expiry.start(),
    stop: () => expiry.stop(),
  };
}
