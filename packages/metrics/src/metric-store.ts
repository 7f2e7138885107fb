/**
 * Metrics in the store: one record for each metric, dimensions and minute.
 *
 * U1. What an idempotency key brought is counted once, for as long as the key is remembered (`rememberedMs`).
 */
import { type Key, partsOf, type ReadView, type Transaction, type UpkeepStep } from "@serverlesspresso/store";
import { kinds } from "./record-kinds.ts";
import { merge, type Statistics } from "./statistics.ts";

/** Names and values that tell metrics of one name apart. */
type Dimensions = Readonly<Record<string, string>>;
/** What identifies a metric. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}
/** Values of a metric at an instant, as statistics. */
export interface Sample extends MetricName {
  readonly timestampMs: number;
  readonly unit: string;
  readonly statistics: Statistics;
}
interface Minute extends Statistics {
  readonly unit: string;
}

const minuteMs = 60_000;
const rememberedMs = 14 * 86_400_000;
const forgottenAtOnce = 10;

const nameKey = ({ namespace, name, dimensions }: MetricName): Key => kinds.names.key(namespace, name, textOf(dimensions));

/** Adds a sample to its minute. */
export function addSample(tx: Transaction, sample: Sample): void {
  const minute = Math.floor(Math.max(0, sample.timestampMs) / minuteMs);
  const key = kinds.minutes.key(sample.namespace, sample.name, textOf(sample.dimensions), minute);
  tx.put(key, { ...merge(tx.get<Minute>(key), sample.statistics), unit: sample.unit } satisfies Minute);
}

/** Dimensions as one text, whatever their order. */
function textOf(dimensions: Dimensions): string {
  return JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Remembers that a metric exists, for `ListMetrics`. */
export function putName(tx: Transaction, { namespace, name, dimensions }: MetricName): void {
  const key = nameKey({ namespace, name, dimensions });
  if (tx.get(key) === undefined) tx.put(key, { namespace, name, dimensions } satisfies MetricName);
}

/** Returns the metrics of a namespace, and of a name in it; without either, all. */
export function listNames(view: ReadView, namespace?: string, name?: string): MetricName[] {
  const parts = namespace === undefined ? [] : name === undefined ? [namespace] : [namespace, name];
  const found = view.scan<MetricName>(kinds.names.range(...parts)).map(([, one]) => one);
  return found.filter((one) => name === undefined || one.name === name);
}

/** The statistics of one period. */
export interface Datapoint {
  readonly fromMs: number;
  readonly statistics: Statistics;
  readonly unit: string;
}

/** The statistics of each period that has any, in order. Periods begin at whole multiples of their length. */
export function readPeriods(
  view: ReadView,
  { namespace, name, dimensions }: MetricName,
  { fromMs, toMs, periodSeconds }: { readonly fromMs: number; readonly toMs: number; readonly periodSeconds: number },
): Datapoint[] {
  const series = [namespace, name, textOf(dimensions)] as const;
  const periodMs = periodSeconds * 1000;
  const first = Math.floor(fromMs / periodMs) * periodMs;
  const range = {
    start: kinds.minutes.key(...series, Math.max(0, Math.floor(first / minuteMs))),
    end: kinds.minutes.key(...series, Math.max(0, Math.ceil(toMs / minuteMs))),
  };
  const periods = new Map<number, Datapoint>();
  for (const [key, minute] of view.scan<Minute>(range)) {
    const atMs = (partsOf(key)[4] as number) * minuteMs;
    const start = Math.floor(atMs / periodMs) * periodMs;
    periods.set(start, { fromMs: start, statistics: merge(periods.get(start)?.statistics, minute), unit: minute.unit });
  }
  return [...periods.values()];
}

/** True the first time; the key is remembered with the transaction. */
export function claimKey(tx: Transaction, idempotencyKey: string, nowMs: number): boolean {
  const key = kinds.claims.key(idempotencyKey);
  if (tx.get(key) !== undefined) return false;
  tx.put(key, 1);
  tx.put(kinds.claimEnds.key(nowMs, idempotencyKey), 1);
  const old = { start: kinds.claimEnds.range().start, end: kinds.claimEnds.key(Math.max(0, nowMs - rememberedMs)) };
  for (const [past] of tx.scan(old, { limit: forgottenAtOnce })) {
    tx.delete(past);
    tx.delete(kinds.claims.key(partsOf(past)[2] as string));
  }
  return true;
}

const minutesAtOnce = 500;

/** Deletes what was counted before an instant, a few minutes of one metric at each step. */
export function* forgetMinutes(view: ReadView, beforeMs: number): Generator<UpkeepStep> {
  const before = Math.max(0, Math.floor(beforeMs / minuteMs));
  for (const { namespace, name, dimensions } of listNames(view)) {
    const series = [namespace, name, textOf(dimensions)] as const;
    const range = { start: kinds.minutes.range(...series).start, end: kinds.minutes.key(...series, before) };
    for (let found = minutesAtOnce; found === minutesAtOnce; ) {
      yield (tx) => {
        const keys = tx.keys(range, { limit: minutesAtOnce });
        for (const key of keys) tx.delete(key);
        found = keys.length;
      };
    }
  }
}
