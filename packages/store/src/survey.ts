/** What a store holds, kind by kind. A running bar may write it meanwhile. */
import { statSync } from "node:fs";
import { decodeValue, openReadOnly, reading, readValue } from "./database.ts";
import { inspectStore, storeOf } from "./inspect.ts";
import { type Key, partsOf } from "./key.ts";
import { type Kind, kindOf } from "./kinds.ts";

/** The records of one kind. */
export interface KindSurvey {
  /** Undefined for records that no kind of this release is about. */
  readonly kind: Kind | undefined;
  readonly records: number;
  /** Keys and values as they are stored. */
  readonly bytes: number;
  /** The instant that the oldest one's age counts from, where its kind has one. */
  readonly oldestMs?: number;
}
/** How large the store's file is, and how much of it each kind of records takes. */
export interface StoreSurvey {
  readonly fileBytes: number;
  /** Of the file, what records take with their pages; the rest is free for what comes. */
  readonly usedBytes: number;
  readonly kinds: readonly KindSurvey[];
}

interface Pages {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/**
 * Reads a data folder's store and changes nothing, whether or not a bar runs on it.
 * @throws {StoreError} `Unreadable` if the store is missing; `Damaged`
 */
export async function surveyStore(folder: string): Promise<StoreSurvey> {
  const path = storeOf(folder);
  await inspectStore(path);
  const db = openReadOnly(path);
  try {
    const found = new Map<Kind | undefined, { records: number; bytes: number; oldestMs?: number }>();
    reading("", () => {
      for (const { key: bytes, value } of db.getRange({ snapshot: false })) {
        const key = bytes.toString("utf8");
        const kind = kindOf(key);
        const sum = found.get(kind) ?? { records: 0, bytes: 0 };
        found.set(kind, sum);
        sum.records += 1;
        sum.bytes += bytes.length + value.length;
        const atMs = kind?.atMs?.(partsOf(key), kind.ageInKey === true ? undefined : decodeValue(key, value));
        if (atMs !== undefined && atMs < (sum.oldestMs ?? Number.POSITIVE_INFINITY)) sum.oldestMs = atMs;
      }
    });
    const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = db.getStats() as Pages;
    const usedBytes = pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages);
    return { fileBytes: statSync(path).size, usedBytes, kinds: [...found].map(([kind, sum]) => ({ kind, ...sum })) };
  } finally {
    await db.close();
  }
}

/**
 * Reads one value of a data folder's store and changes nothing, whether or not a bar runs on it.
 * @throws {StoreError} `Unreadable` where there is no store; `Damaged`
 */
export async function readStored<T>(folder: string, key: Key): Promise<T | undefined> {
  const db = openReadOnly(storeOf(folder));
  try {
    return readValue<T>(db, key);
  } finally {
    await db.close();
  }
}
