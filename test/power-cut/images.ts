/**
 * What may lie on the disk after the power fails.
 *
 * P1. What a sync that has returned covers is there: the writes that had returned when it began. A write to a file opened with O_DSYNC
 *     is there once it has returned.
 * P2. Of every other write that has begun, any sector of 512 bytes may be there or not, whatever their order.
 * P3. What was not begun is not there.
 * P4. Before the store's file has its name, there is no store.
 */
import type { TraceRecord } from "./trace.ts";

const sector = 512;

/** How the disk treats what it was not made to keep. */
export const fates = ["dropped", "kept", "halved", "torn", "late ones first", "store alone", "witness alone"] as const;
type Fate = (typeof fates)[number];

/** The two files after a cut, empty where they are not there, and the changes acknowledged before it. */
export interface Image {
  readonly files: readonly [Buffer, Buffer];
  readonly acknowledged: number;
}

/** Indices after which a cut is of interest: all, but those that no disk can tell apart. */
export function cutsOf(records: readonly TraceRecord[]): number[] {
  return records.flatMap(({ kind }, index) => (kind === "truncate" ? [] : [index + 1]));
}

/** The image of a cut before record `cut`. @param random from 0 to 1 */
export function imageOf(records: readonly TraceRecord[], cut: number, fate: Fate, random: () => number): Image {
  const before = records.slice(0, cut);
  const safe = safeWrites(before);
  const pending = before.flatMap((record, index) => (record.kind === "write" && !safe.has(index) ? [index] : []));
  const lives = survivors(fate, pending, before, random);
  const files: [Growing, Growing] = [new Growing(), new Growing()];
  for (const [index, record] of before.entries()) {
    if (record.kind === "truncate") files[record.file - 1]?.truncate(record.length);
    if (record.kind !== "write") continue;
    const file = files[record.file - 1] as Growing;
    if (safe.has(index)) file.write(record.offset, record.bytes);
    else writeSectors(file, record.offset, record.bytes, () => lives(index));
  }
  // P4.
  const store = before.some(({ kind }) => kind === "name") ? files[0].bytes() : Buffer.alloc(0);
  return { files: [store, files[1].bytes()], acknowledged: acknowledgedIn(before) };
}

/** P1. */
function safeWrites(before: readonly TraceRecord[]): Set<number> {
  const [safe, returned] = [new Set<number>(), new Set<number>()];
  const coveredBy = new Map<number, number[]>();
  for (const [index, record] of before.entries()) {
    if (record.kind === "written") {
      returned.add(record.of);
      const write = before[record.of];
      if (write?.kind === "write" && write.isDurable) safe.add(record.of);
    }
    if (record.kind === "sync")
      coveredBy.set(
        index,
        [...returned].filter((of) => before[of]?.kind === "write" && fileOf(before[of]) === record.file),
      );
    if (record.kind === "synced") for (const of of coveredBy.get(record.of) ?? []) safe.add(of);
  }
  return safe;
}

/** Whether a sector of a pending write is on the disk. */
function survivors(
  fate: Fate,
  pending: readonly number[],
  before: readonly TraceRecord[],
  random: () => number,
): (index: number) => boolean {
  const some = new Set(pending.filter(() => random() < 0.5));
  const late = new Set(pending.slice(-Math.ceil(pending.length / 4)));
  switch (fate) {
    case "dropped":
      return () => false;
    case "kept":
      return () => true;
    case "halved":
      return (index) => some.has(index);
    case "torn":
      return () => random() < 0.5;
    case "late ones first":
      return (index) => late.has(index);
    case "store alone":
      return (index) => fileOf(before[index]) === 1;
    case "witness alone":
      return (index) => fileOf(before[index]) === 2;
  }
}

function fileOf(record: TraceRecord | undefined): number {
  return record !== undefined && "file" in record ? record.file : 0;
}

function writeSectors(file: Growing, offset: number, bytes: Buffer, isThere: () => boolean): void {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + sector - ((offset + at) % sector));
    if (isThere()) file.write(offset + at, bytes.subarray(at, end));
    at = end;
  }
}

function acknowledgedIn(before: readonly TraceRecord[]): number {
  const text = before.map((record) => (record.kind === "print" ? record.text : "")).join("");
  return [...text.matchAll(/^acked (\d+)$/gm)].reduce((most, [, number]) => Math.max(most, Number(number)), 0);
}

/** A file as it grows; what was never written is zero. */
class Growing {
  #bytes = Buffer.alloc(0);
  #length = 0;

  write(offset: number, bytes: Buffer): void {
    this.#reach(offset + bytes.length);
    bytes.copy(this.#bytes, offset);
  }

  truncate(length: number): void {
    if (length < this.#length) this.#bytes.fill(0, length, this.#length);
    this.#reach(length);
    this.#length = length;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reach(length: number): void {
    if (length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(Math.max(length, 2 * this.#bytes.length) - this.#bytes.length)]);
    this.#length = Math.max(this.#length, length);
  }
}
