/**
 * Every change of an item goes through here, within the caller's transaction.
 *
 * W1. The item, its index entries, its expiry and its stream record change together or not at all.
 * W2. An index entry holds the item's key alone; it is written only when the index's own attributes change.
 * W3. A write that changes nothing leaves no stream record and no entry of the feed.
 */
import type { FeedSource } from "@serverlesspresso/feed";
import type { Clock, JsonObject } from "@serverlesspresso/ports";
import type { Key, Transaction } from "@serverlesspresso/store";
import { type AttributeMap, type AttributeValue, attributeOf, sameMap } from "./attribute-value.ts";
import { indexKeyOf } from "./item-key.ts";
import { itemBytes } from "./item-size.ts";
import type { KeySchema } from "./key-schema.ts";
import type { StreamView, TableDefinition } from "./table-definition.ts";

/** A change of one item as DynamoDB Streams reports it. */
export type TableStreamRecord = {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion: string;
  readonly eventSource: "aws:dynamodb";
  readonly awsRegion: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: AttributeMap;
    readonly NewImage?: AttributeMap;
    readonly OldImage?: AttributeMap;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamView;
  };
  readonly eventSourceARN: string;
  /** Set where the item expired. */
  readonly userIdentity?: { readonly type: "Service"; readonly principalId: "dynamodb.amazonaws.com" };
};

/** One item before and after; undefined while the item does not exist. */
export interface Change {
  readonly table: TableDefinition;
  readonly key: Key;
  readonly before: AttributeMap | undefined;
  readonly after: AttributeMap | undefined;
  /** Whether the item's time to live ended it. */
  readonly expired?: boolean;
}

/** What the writer works with. */
export interface WriterDeps {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly region: string;
  readonly streamArn: (table: TableDefinition) => string;
  readonly nextSequenceNumber: () => string;
  readonly onStreamRecord: (tx: Transaction, table: TableDefinition, record: TableStreamRecord) => void;
  readonly onExpiryChange: (tx: Transaction, change: Change) => void;
  readonly feed?: FeedSource<ItemEntry> | undefined;
}

/** A change of one item, of a table with or without a stream. */
export interface ItemEntry {
  readonly tableName: string;
  readonly keys: AttributeMap;
  /** Undefined while the item does not exist. */
  readonly before?: AttributeMap;
  readonly after?: AttributeMap;
}

/** A change whose index keys are known to be sound. */
export interface PlannedChange extends Change {
  readonly moves: readonly { readonly from: Key | undefined; readonly to: Key | undefined }[];
}

/** Writes changes of items, with their entries in indexes and streams. */
export interface Writer {
  /** @throws {TablesError} `ValidationException` where an attribute cannot be an index's key */
  plan(change: Change): PlannedChange;
  apply(tx: Transaction, change: PlannedChange): void;
}

/** Returns the writer of all tables. */
export function createWriter(deps: WriterDeps): Writer {
  function plan(change: Change): PlannedChange {
    const { table, key, before, after } = change;
    const moves = table.indexes.map((index) => ({
      from: before === undefined ? undefined : indexKeyOf(table, index, before, key),
      to: after === undefined ? undefined : indexKeyOf(table, index, after, key),
    }));
    return { ...change, moves: moves.filter(({ from, to }) => from !== to) };
  }

  function apply(tx: Transaction, change: PlannedChange): void {
    const { table, key, before, after } = change;
    for (const { from, to } of change.moves) {
      if (from !== undefined) tx.delete(from);
      if (to !== undefined) tx.put(to, key);
    }
    if (after !== undefined) tx.put(key, after);
    else if (before !== undefined) tx.delete(key);
    if (table.timeToLiveAttribute !== undefined) deps.onExpiryChange(tx, change);
    if (table.stream === undefined && deps.feed?.isWatched() !== true) return;
    const item = after ?? before;
    if (item === undefined || (before !== undefined && after !== undefined && sameMap(before, after))) return;
    const itemKeys = keyAttributes(table, item);
    if (table.stream !== undefined) deps.onStreamRecord(tx, table, record(change, table.stream, itemKeys));
    deps.feed?.tell(tx, () => ({ tableName: table.name, keys: itemKeys, ...(before && { before }), ...(after && { after }) }));
  }

  function record(change: Change, view: StreamView, keys: AttributeMap): TableStreamRecord {
    const { table, before, after, expired = false } = change;
    const images = {
      ...(after !== undefined && view.startsWith("NEW") ? { NewImage: after } : {}),
      ...(before !== undefined && view.includes("OLD") ? { OldImage: before } : {}),
    };
    return {
      eventID: deps.newId().replaceAll("-", ""),
      eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: deps.region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(deps.clock.nowMs() / 1000),
        Keys: keys,
        ...images,
        SequenceNumber: deps.nextSequenceNumber(),
        SizeBytes: [keys, ...Object.values(images)].reduce((bytes, image) => bytes + itemBytes(image), 0),
        StreamViewType: view,
      },
      eventSourceARN: deps.streamArn(table),
      ...(expired ? { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } } : {}),
    };
  }
  return { plan, apply };
}

/** The key attributes of an item, in the table's or an index's schema. */
export function keyAttributes({ hash, sort }: KeySchema, item: AttributeMap): AttributeMap {
  const names = sort === undefined ? [hash.name] : [hash.name, sort.name];
  return Object.fromEntries(names.map((name) => [name, attributeOf(item, name) as AttributeValue]));
}

/** An item as the JSON it is. */
export function asJson(item: AttributeMap): JsonObject {
  return item as unknown as JsonObject;
}
