/** DynamoDB Streams' operations: ListStreams, DescribeStream, GetShardIterator, GetRecords. A stream has one shard, which stays open. */
import type { JsonObject } from "@serverlesspresso/ports";
import type { ReadView, Transaction } from "@serverlesspresso/store";
import { z } from "zod";
import { describeKeys } from "./describe-table.ts";
import { read, type TablesCore, write } from "./engine.ts";
import { constraint, invalid, TablesError } from "./errors.ts";
import { Text } from "./members.ts";
import { kinds } from "./record-kinds.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { TableStreamRecord } from "./writer.ts";

const iteratorLifeMs = 900_000;
const mostRecords = 1000;
const mostBytes = 1_048_576;

/** Where reading goes on: after a sequence number, or with it. */
interface Position {
  readonly sequence: string;
  readonly isIncluded: boolean;
  readonly madeMs: number;
}

const ListStreams = z.object({ TableName: Text, ExclusiveStartStreamArn: Text, Limit: z.int().min(1).max(100).nullish() });
const DescribeStream = z.object({ StreamArn: z.string(), ExclusiveStartShardId: Text });
const GetShardIterator = z.object({
  StreamArn: z.string(),
  ShardId: z.string(),
  ShardIteratorType: z.enum(["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"]),
  SequenceNumber: Text,
});
const GetRecords = z.object({ ShardIterator: z.string(), Limit: z.int().min(1).max(mostRecords).nullish() });

/** For a caller they only read; they note that a client reads the stream, so that its records are kept (L1). */
const isReading = true;

/** Those that read streams. */
export const streamOperations = {
  ListStreams: read(ListStreams, ({ streamArn }, view, request) => {
    const [only, after, limit] = [request.TableName ?? undefined, request.ExclusiveStartStreamArn ?? undefined, request.Limit ?? 100];
    const found = view
      .scan<TableDefinition>(kinds.definitions.range())
      .map(([, table]) => table)
      .filter((table) => table.stream !== undefined && (only === undefined || table.name === only))
      .map((table) => ({ StreamArn: streamArn(table), TableName: table.name, StreamLabel: table.streamLabel ?? "" }));
    const from = after === undefined ? 0 : found.findIndex(({ StreamArn }) => StreamArn === after) + 1;
    const shown = found.slice(from, from + limit);
    const last = from + limit < found.length ? shown.at(-1) : undefined;
    return { Streams: shown, ...(last !== undefined && { LastEvaluatedStreamArn: last.StreamArn }) };
  }),
  DescribeStream: write(
    DescribeStream,
    (core, tx, { StreamArn, ExclusiveStartShardId }) => {
      const table = readTable(core, tx, StreamArn);
      const shard = { ShardId: shardIdOf(table), SequenceNumberRange: { StartingSequenceNumber: core.log.trimmedTo(tx, table) } };
      return {
        StreamDescription: {
          StreamArn: core.streamArn(table),
          StreamLabel: table.streamLabel ?? "",
          StreamStatus: "ENABLED",
          StreamViewType: table.stream ?? "",
          CreationRequestDateTime: madeMs(table) / 1000,
          TableName: table.name,
          KeySchema: describeKeys(table),
          Shards: ExclusiveStartShardId === shard.ShardId ? [] : [shard],
        },
      };
    },
    { isReading },
  ),
  GetShardIterator: write(
    GetShardIterator,
    (core, tx, { StreamArn, ShardId, ShardIteratorType: type, SequenceNumber }) => {
      const table = readTable(core, tx, StreamArn);
      if (ShardId !== shardIdOf(table)) {
        throw new TablesError("ResourceNotFoundException", `Requested resource not found: Shard does not exist: ${ShardId}`);
      }
      const isNumbered = type.endsWith("SEQUENCE_NUMBER");
      const unnumbered = (): string => (type === "LATEST" ? core.nextSequenceNumber() : core.log.trimmedTo(tx, table));
      const sequence = isNumbered ? checkedSequence(SequenceNumber) : unnumbered();
      const position = { sequence, isIncluded: type === "AT_SEQUENCE_NUMBER", madeMs: core.clock.nowMs() };
      checkKept(core, tx, table, position);
      return { ShardIterator: iteratorOf(core, table, position) };
    },
    { isReading },
  ),
  GetRecords: write(
    GetRecords,
    (core, tx, { ShardIterator, Limit }) => {
      const [arn = "", , text = ""] = ShardIterator.split("|");
      const position = parsePosition(text);
      const table = readTable(core, tx, arn);
      const nowMs = core.clock.nowMs();
      if (nowMs - position.madeMs > iteratorLifeMs) {
        throw new TablesError("ExpiredIteratorException", `Iterator expired: it was made more than ${iteratorLifeMs / 1000} seconds ago`);
      }
      checkKept(core, tx, table, position);
      const limit = Limit ?? mostRecords;
      const found = core.log
        .read(tx, table, position.sequence, limit + 1)
        .filter(({ dynamodb }) => position.isIncluded || dynamodb.SequenceNumber !== position.sequence);
      const records = upToBytes(found.slice(0, limit));
      const sequence = records.at(-1)?.dynamodb.SequenceNumber;
      const next = { ...position, ...(sequence !== undefined && { sequence, isIncluded: false }), madeMs: nowMs };
      return { Records: records.map(shownRecord), NextShardIterator: iteratorOf(core, table, next) };
    },
    { isReading },
  ),
};

/** The table of a stream, which from now on is kept (L1). */
function readTable(core: TablesCore, tx: Transaction, arn: string): TableDefinition {
  const table = tableOf(core, tx, arn);
  core.log.touch(tx, table);
  return table;
}

function tableOf({ catalog, streamArn }: TablesCore, view: ReadView, arn: string): TableDefinition {
  const name = /^arn:[\w-]+:dynamodb:[\w-]*:\d*:table\/([\w.-]+)\/stream\/.+$/.exec(arn)?.[1];
  if (name === undefined) throw invalid(`Invalid StreamArn: Invalid ResourceArn provided as input ${arn}`);
  const table = catalog.find(view, name);
  if (table?.stream !== undefined && streamArn(table) === arn) return table;
  throw new TablesError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
}

function iteratorOf({ streamArn }: TablesCore, table: TableDefinition, position: Position): string {
  return `${streamArn(table)}|1|${Buffer.from(JSON.stringify(position)).toString("base64url")}`;
}

function checkKept({ log }: TablesCore, tx: Transaction, table: TableDefinition, { sequence, isIncluded }: Position): void {
  const trimmed = log.trimmedTo(tx, table);
  if (sequence > trimmed || (sequence === trimmed && !isIncluded)) return;
  const message = "The operation attempted to read past the oldest stream record in a shard.";
  throw new TablesError("TrimmedDataAccessException", message);
}

/** Ours have 24 digits, so that they compare as texts. */
function checkedSequence(sequence: string | null | undefined): string {
  if (sequence === undefined || sequence === null) throw constraint(null, "SequenceNumber", "Member must not be null");
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
