/**
 * DynamoDB's data model over the store.
 *
 * T1. `execute` works within the caller's transaction: items, indexes, expiry and stream records commit with whatever else it does.
 * T2. A request is refused as a whole, with AWS's code and words, before anything is written.
 * T3. Reads through a transaction are strongly consistent, whatever `ConsistentRead` says; indexes are never behind.
 */
import type { BoundService } from "@serverlesspresso/aws-service";
import type { FeedSource } from "@serverlesspresso/feed";
import type { Clock, Ids, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Store, Transaction } from "@serverlesspresso/store";
import { createCatalog } from "./catalog.ts";
import type { TablesCore } from "./engine.ts";
import { createExpiry } from "./expiry.ts";
import { createSequence } from "./sequence.ts";
import { dynamoDb, dynamoDbStreams } from "./service.ts";
import { createStreamLog } from "./stream-log.ts";
import { ensureTable } from "./table-changes.ts";
import type { TableDefinition } from "./table-definition.ts";
import { createWriter, type ItemEntry, type TableStreamRecord, type Writer } from "./writer.ts";

/** What `createTables` needs. */
export interface TablesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  /** Receives every change of a table with a stream, inside the transaction that makes it. */
  readonly onStreamRecords?: (tx: Transaction, tableName: string, records: readonly TableStreamRecord[]) => void;
  /** Where the changes of items are put for watchers. */
  readonly feed?: FeedSource<ItemEntry>;
  /** Receives the failure of an expiry; it is tried again. */
  readonly onError?: (error: unknown, what: string) => void;
}

/** Tables as DynamoDB has them; `execute` and `query` are its operations. */
export interface TablesEngine extends BoundService {
  /**
   * Makes a table from a `CreateTable` request (with `TimeToLiveSpecification` beside), or brings an existing one to it; unchanged, it does nothing.
   * @throws {TablesError} `ResourceInUseException` where the table exists with another key
   */
  createTable(tx: Transaction, description: JsonObject): void;
  /** Returns the names of a table's key attributes; empty for a table that does not exist. */
  keyNames(view: ReadView, tableName: string): readonly string[];
  /** DynamoDB Streams, a service of its own. */
  readonly streams: BoundService;
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
    feed: options.feed,
  });
  const core: TablesCore = { clock, ids, catalog, writer, expiry, log, tableArn, streamArn, nextSequenceNumber };
  return {
    ...dynamoDb.on(core),
    createTable: (tx, description) => ensureTable(core, tx, description),
    keyNames(view, tableName) {
      const table = catalog.find(view, tableName);
      return [table?.hash, table?.sort].flatMap((attribute) => attribute?.name ?? []);
    },
    streams: dynamoDbStreams.on(core),
    start: () => expiry.start(),
    stop: () => expiry.stop(),
  };
}
