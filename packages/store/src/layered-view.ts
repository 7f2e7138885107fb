/**
 * What a reader sees of writes that are not on disk yet.
 *
 * LV1. A key has the value of the newest layer that wrote it, and the disk's otherwise; a deletion hides what is older.
 * LV2. A scan returns the keys of its range in order, each once, as if all layers were one map, and reads no further than its limit.
 */
import { type Database, decodeValue, reading, readText } from "./database.ts";
import { compareKeys, type Key, type KeyRange } from "./key.ts";
import type { KnownTexts } from "./known-texts.ts";
import type { Overlay } from "./overlay.ts";
import type { ReadView, ScanOptions } from "./transaction.ts";

/** Layers of writes over the disk, the newest first. */
export type Layers = readonly (Overlay | undefined)[];

/** Returns the view of the disk under these layers. `known` keeps what is read of the disk. */
export function layeredView(db: Database, layers: Layers, known?: KnownTexts): ReadView {
  function textOf(key: Key): string | null | undefined {
    for (const layer of layers) {
      const text = layer?.get(key);
      if (text !== undefined) return text;
    }
    const kept = known?.get(key);
    if (kept !== undefined) return kept;
    const text = readText(db, key);
    if (text !== undefined) known?.read(key, text);
    return text;
  }

  return {
    get<T>(key: Key): T | undefined {
      const text = textOf(key) ?? undefined;
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    scan: <T>(range: KeyRange, options: ScanOptions = {}): [Key, T][] =>
      reading(range.start, () =>
        scanLayers<Buffer, [Key, T]>(layers, range, options, entriesOf(db, range, options), (key, value) => [
          key,
          typeof value === "string" ? (JSON.parse(value) as T) : decodeValue<T>(key, value),
        ]),
      ),
    keys: (range, options = {}) => reading(range.start, () => scanLayers(layers, range, options, keysOf(db, range, options), (key) => key)),
  };
}

function entriesOf(db: Database, range: KeyRange, { reverse = false }: ScanOptions): Iterable<DiskEntry<Buffer>> {
  return db.getRange(bounds(range, reverse));
}

function* keysOf(db: Database, range: KeyRange, { reverse = false }: ScanOptions): Generator<DiskEntry<undefined>> {
  for (const key of db.getKeys(bounds(range, reverse))) yield { key, value: undefined };
}

/** An entry of the disk; of its value, what the scan is for. */
interface DiskEntry<Value> {
  readonly key: Buffer;
  readonly value: Value;
}

function scanLayers<Value, T>(
  layers: Layers,
  range: KeyRange,
  { reverse = false, limit = Number.POSITIVE_INFINITY }: ScanOptions,
  disk: Iterable<DiskEntry<Value>>,
  decode: (key: Key, value: string | Value) => T,
): T[] {
  const over = new Map<Key, string | null>();
  for (const layer of layers) {
    for (const [key, text] of layer?.within(range) ?? []) if (!over.has(key)) over.set(key, text);
  }
  const direction = reverse ? -1 : 1;
  const newer = [...over].sort(([a], [b]) => direction * compareKeys(a, b));
  const found: T[] = [];
  let next = 0;
  const takeNewer = (isDue: (key: Key) => boolean): void => {
    for (let entry = newer[next]; entry !== undefined && found.length < limit && isDue(entry[0]); entry = newer[++next]) {
      if (entry[1] !== null) found.push(decode(entry[0], entry[1]));
    }
  };
  if (limit <= 0) return found;
  for (const { key: bytes, value } of disk) {
    const key = bytes.toString("utf8");
    if (reverse && key === range.end) continue;
    takeNewer((other) => direction * compareKeys(other, key) <= 0);
    if (found.length >= limit) return found;
    if (!over.has(key)) found.push(decode(key, value));
    if (found.length >= limit) return found;
  }
  takeNewer(() => true);
  return found;
}

function bounds({ start, end }: KeyRange, reverse: boolean) {
  const [low, high] = [Buffer.from(start), Buffer.from(end)];
  return reverse ? { start: high, end: low, reverse, inclusiveEnd: true } : { start: low, end: high };
}
