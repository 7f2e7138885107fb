/**
 * Outstanding deliveries as they are stored: one compact record for all targets of one event.
 *
 * L1. A target is in the record from the transaction that put the event until the one that delivers it or gives it up.
 */
import { type Key, partsOf, type ReadView, type Transaction } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";

/** The delivery of one event to one target. `replay` is the name of the replay, or empty. */
export interface Delivery {
  readonly sequence: number;
  readonly replay: string;
  readonly busName: string;
  readonly ruleName: string;
  readonly targetId: string;
  /** How many attempts have failed. */
  readonly failures: number;
  /** The earliest time of the next attempt, in milliseconds since the epoch. */
  readonly dueMs: number;
}

/** Rule, target, failures, due time; the last two only after a failure. */
type Row = readonly [ruleName: string, targetId: string, failures?: number, dueMs?: number];
interface DeliveryRecord {
  readonly bus: string;
  readonly to: readonly Row[];
}

/** A delivery that was given up, with its last error. */
export interface DeadDelivery {
  readonly sequence: number;
  readonly replay: string;
  readonly busName: string;
  readonly ruleName: string;
  readonly targetId: string;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly condition: string;
  readonly retries: number;
  readonly atMs: number;
}

const recordKey = (sequence: number, replay: string): Key => kinds.deliveries.key(sequence, replay);
const deadKey = (one: Pick<DeadDelivery, "sequence" | "replay" | "ruleName" | "targetId">): Key =>
  kinds.dead.key(one.sequence, one.replay, one.ruleName, one.targetId);

/** Records deliveries of one event; they share event and replay. */
export function addDeliveries(tx: Transaction, deliveries: readonly Delivery[]): void {
  const first = deliveries[0];
  if (first === undefined) return;
  const key = recordKey(first.sequence, first.replay);
  const before = tx.get<DeliveryRecord>(key)?.to ?? [];
  tx.put(key, { bus: first.busName, to: [...before, ...deliveries.map(rowOf)] } satisfies DeliveryRecord);
}

function rowOf({ ruleName, targetId, failures, dueMs }: Delivery): Row {
  return failures === 0 ? [ruleName, targetId] : [ruleName, targetId, failures, dueMs];
}

/** Removes a delivery from its record. Returns false if it is no longer there. */
export function removeDelivery(tx: Transaction, delivery: Delivery): boolean {
  return changeRow(tx, delivery, []);
}

/** Removes deliveries, of one event or of several, from their records. Those that are no longer there are passed over. */
export function removeDeliveries(tx: Transaction, deliveries: readonly Delivery[]): void {
  for (const [key, gone] of Map.groupBy(deliveries, ({ sequence, replay }) => recordKey(sequence, replay))) {
    const record = tx.get<DeliveryRecord>(key);
    if (record === undefined) continue;
    const to = record.to.filter(([rule, target]) => !gone.some(({ ruleName, targetId }) => rule === ruleName && target === targetId));
    if (to.length === 0) tx.delete(key);
    else if (to.length < record.to.length) tx.put(key, { ...record, to });
  }
}

/** Stores the failures and the due time of a delivery. Returns false if it is no longer in the record. */
export function postponeDelivery(tx: Transaction, delivery: Delivery): boolean {
  return changeRow(tx, delivery, [rowOf(delivery)]);
}

function changeRow(tx: Transaction, { sequence, replay, ruleName, targetId }: Delivery, by: readonly Row[]): boolean {
  const key = recordKey(sequence, replay);
  const record = tx.get<DeliveryRecord>(key);
  const at = record?.to.findIndex(([rule, target]) => rule === ruleName && target === targetId) ?? -1;
  if (record === undefined || at < 0) return false;
  const to = record.to.toSpliced(at, 1, ...by);
  if (to.length === 0) tx.delete(key);
  else tx.put(key, { ...record, to });
  return true;
}

/** Returns all outstanding deliveries, those of the oldest event first. */
export function readDeliveries(view: ReadView): Delivery[] {
  return view.scan<DeliveryRecord>(kinds.deliveries.range()).flatMap(([key, { bus, to }]) => {
    const [sequence, replay] = placeOf(key);
    return to.map(([ruleName, targetId, failures = 0, dueMs = 0]) => ({
      sequence,
      replay,
      busName: bus,
      ruleName,
      targetId,
      failures,
      dueMs,
    }));
  });
}

/** Returns the number of outstanding deliveries that are due by `dueByMs`; by default of all. */
export function countDeliveries(view: ReadView, dueByMs = Number.POSITIVE_INFINITY): number {
  return readDeliveries(view).filter(({ dueMs }) => dueMs <= dueByMs).length;
}

/** Keeps a delivery that was given up. */
export function addDead(tx: Transaction, dead: DeadDelivery): void {
  tx.put(deadKey(dead), dead);
}

/** Drops the dead deliveries of an event to one target, with those of its replays. */
export function removeDead(
  tx: Transaction,
  { sequence, ruleName, targetId }: Pick<DeadDelivery, "sequence" | "ruleName" | "targetId">,
): void {
  for (const [key, dead] of [...tx.scan<DeadDelivery>(kinds.dead.range(sequence))])
    if (dead.ruleName === ruleName && dead.targetId === targetId) tx.delete(key);
}

/** Returns dead deliveries, those of the oldest event first. */
export function readDead(view: ReadView, limit?: number): DeadDelivery[] {
  return view.scan<DeadDelivery>(kinds.dead.range(), limit === undefined ? {} : { limit }).map(([, dead]) => dead);
}

function placeOf(key: Key): [sequence: number, replay: string] {
  const [, sequence, replay] = partsOf(key);
  return [sequence as number, replay as string];
}
