/** DynamoDB Streams' operations: ListStreams, DescribeStream, GetShardIterator, GetRecords. A stream has one shard, which stays open. */
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import type { Catalog } from "./catalog.ts";
import { describeKeys } from "./describe-table.ts";
import { invalid, TablesError } from "./errors.ts";
import { kinds } from "./record-kinds.ts";
import { choice, constraint, optionalInteger, optionalText } from "./request.ts";
import type { StreamLog } from "./stream-log.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { TableStreamRecord } from "./writer.ts";

/** What `createStreamOperations` needs. */
interface StreamDeps {
  readonly catalog: Catalog;
  readonly log: StreamLog;
  readonly clock: Clock;
  readonly streamArn: (table: TableDefinition) => string;
  readonly nextSequenceNumber: () => string;
}

/** The stream reading API, on its wire shapes. */
export interface StreamOperations {
  /** @throws {TablesError} */
  execute(tx: Transaction, operation: string, request: JsonObject): JsonObject;
  readonly operations: readonly string[];
}

const iteratorTypes = ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const;
const iteratorLifeMs = 900_000;
const mostRecords = 1000;
const mostBytes = 1_048_576;

/** Where reading goes on: after a sequence number, or with it. */
interface Position {
  readonly sequence: string;
  readonly isIncluded: boolean;
  readonly madeMs: number;
}

export function createStreamOperations({ catalog, log, clock, streamArn, nextSequenceNumber }: StreamDeps): StreamOperations {
  function tableOf(view: ReadView, arn: string): TableDefinition {
    const name = /^arn:[\w-]+:dynamodb:[\w-]*:\d*:table\/([\w.-]+)\/stream\/.+$/.exec(arn)?.[1];
    if (name === undefined) throw invalid(`Invalid StreamArn: Invalid ResourceArn provided as input ${arn}`);
    const table = catalog.find(view, name);
    if (table?.stream !== undefined && streamArn(table) === arn) return table;
    throw new TablesError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
  }

  /** The table of a request's stream, which from now on is kept (L1). */
  function readTable(tx: Transaction, request: JsonObject): TableDefinition {
    const table = tableOf(tx, needed(request, "StreamArn"));
    log.touch(tx, table);
    return table;
  }

  const iteratorOf = (table: TableDefinition, position: Position): string =>
    `${streamArn(table)}|1|${Buffer.from(JSON.stringify(position)).toString("base64url")}`;

  function checkKept(tx: Transaction, table: TableDefinition, { sequence, isIncluded }: Position): void {
    const trimmed = log.trimmedTo(tx, table);
    if (sequence > trimmed || (sequence === trimmed && !isIncluded)) return;
    const message = "The operation attempted to read past the oldest stream record in a shard.";
    throw new TablesError("TrimmedDataAccessException", message);
  }

  const operations: Readonly<Record<string, (tx: Transaction, request: JsonObject) => JsonObject>> = {
    ListStreams(tx, request) {
      const [only, after] = [optionalText(request, "TableName"), optionalText(request, "ExclusiveStartStreamArn")];
      const limit = limitOf(request, 100);
      const found = tx
        .scan<TableDefinition>(kinds.definitions.range())
        .map(([, table]) => table)
        .filter((table) => table.stream !== undefined && (only === undefined || table.name === only))
        .map((table) => ({ StreamArn: streamArn(table), TableName: table.name, StreamLabel: table.streamLabel ?? "" }));
      const from = after === undefined ? 0 : found.findIndex(({ StreamArn }) => StreamArn === after) + 1;
      const shown = found.slice(from, from + limit);
      const last = from + limit < found.length ? shown.at(-1) : undefined;
      return { Streams: shown, ...(last !== undefined && { LastEvaluatedStreamArn: last.StreamArn }) };
    },
    DescribeStream(tx, request) {
      const table = readTable(tx, request);
      const shard = { ShardId: shardIdOf(table), SequenceNumberRange: { StartingSequenceNumber: log.trimmedTo(tx, table) } };
      return {
        StreamDescription: {
          StreamArn: streamArn(table),
          StreamLabel: table.streamLabel ?? "",
          StreamStatus: "ENABLED",
          StreamViewType: table.stream ?? "",
          CreationRequestDateTime: madeMs(table) / 1000,
          TableName: table.name,
          KeySchema: describeKeys(table),
          Shards: optionalText(request, "ExclusiveStartShardId") === shard.ShardId ? [] : [shard],
        },
      };
    },
    GetShardIterator(tx, request) {
      const table = readTable(tx, request);
      const shardId = needed(request, "ShardId");
      if (shardId !== shardIdOf(table)) {
        throw new TablesError("ResourceNotFoundException", `Requested resource not found: Shard does not exist: ${shardId}`);
      }
      needed(request, "ShardIteratorType");
      const type = choice(request, "ShardIteratorType", iteratorTypes);
      const isNumbered = type.endsWith("SEQUENCE_NUMBER");
      const sequence = isNumbered ? sequenceIn(request) : type === "LATEST" ? nextSequenceNumber() : log.trimmedTo(tx, table);
      const position = { sequence, isIncluded: type === "AT_SEQUENCE_NUMBER", madeMs: clock.nowMs() };
      checkKept(tx, table, position);
      return { ShardIterator: iteratorOf(table, position) };
    },
    GetRecords(tx, request) {
      const [arn = "", , text = ""] = needed(request, "ShardIterator").split("|");
      const position = parsePosition(text);
      const table = readTable(tx, { StreamArn: arn });
      if (clock.nowMs() - position.madeMs > iteratorLifeMs) {
        throw new TablesError("ExpiredIteratorException", `Iterator expired: it was made more than ${iteratorLifeMs / 1000} seconds ago`);
      }
      checkKept(tx, table, position);
      const limit = limitOf(request, mostRecords);
      const found = log
        .read(tx, table, position.sequence, limit + 1)
        .filter(({ dynamodb }) => position.isIncluded || dynamodb.SequenceNumber !== position.sequence);
      const records = upToBytes(found.slice(0, limit));
      const sequence = records.at(-1)?.dynamodb.SequenceNumber;
      const next = { ...position, ...(sequence !== undefined && { sequence, isIncluded: false }), madeMs: clock.nowMs() };
      return { Records: records.map(shownRecord), NextShardIterator: iteratorOf(table, next) };
    },
  };

  return {
    operations: Object.keys(operations),
    execute(tx, operation, request) {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) throw new TablesError("UnknownOperationException", `Operation ${operation} is not supported`);
      return run(tx, request);
    },
  };
}

function needed(request: JsonObject, name: string): string {
  const value = optionalText(request, name);
  if (value === undefined) throw constraint(null, name, "Member must not be null");
  return value;
}

function limitOf(request: JsonObject, most: number): number {
  const limit = optionalInteger(request, "Limit") ?? most;
  if (limit < 1) throw constraint(limit, "Limit", "Member must have value greater than or equal to 1");
  if (limit > most) throw constraint(limit, "Limit", `Member must have value less than or equal to ${most}`);
  return limit;
}

/** Ours have 24 digits, so that they compare as texts. */
function sequenceIn(request: JsonObject): string {
  const sequence = needed(request, "SequenceNumber");
  if (!/^\d{24}$/.test(sequence)) throw invalid(`Invalid SequenceNumber: ${sequence}`);
  return sequence;
}

function parsePosition(text: string): Position {
  try {
    const { sequence, isIncluded, madeMs } = JSON.parse(Buffer.from(text, "base64url").toString()) as Position;
    if (typeof sequence === "string" && typeof isIncluded === "boolean" && Number.isFinite(madeMs)) return { sequence, isIncluded, madeMs };
  } catch {}
  throw invalid("Invalid ShardIterator");
}

function madeMs({ streamLabel = "" }: TableDefinition): number {
  return Date.parse(`${streamLabel}Z`);
}

function shardIdOf(table: TableDefinition): string {
  return `shardId-${String(madeMs(table)).padStart(20, "0")}-${table.tableId.slice(0, 8)}`;
}

/** At least one, however large. */
function upToBytes(records: readonly TableStreamRecord[]): readonly TableStreamRecord[] {
  let bytes = 0;
  const over = records.findIndex(({ dynamodb }, at) => {
    bytes += dynamodb.SizeBytes;
    return at > 0 && bytes > mostBytes;
  });
  return over < 0 ? records : records.slice(0, over);
}

function shownRecord({ eventSourceARN: _arn, ...record }: TableStreamRecord): JsonObject {
  return record as unknown as JsonObject;
}
