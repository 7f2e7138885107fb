/**
 * How the records of a folder are written, kind by kind, and how those of an earlier release become those of this one.
 *
 * V1. A folder says of each kind in which version its records are. One that says more than this release knows is not touched.
 * V2. A migration sees each record once: how far it is stands in the transaction that changes the records, so that one cut off
 *     goes on where it was. Nothing else runs meanwhile.
 * V3. A kind without a migration to its version reads the earlier ones as they are.
 */
import { StoreError } from "./errors.ts";
import { type Key, keyOf } from "./key.ts";
import { declaredKinds, type Kind, type Migration } from "./kinds.ts";
import type { Store } from "./store.ts";

const versionsKey = keyOf("format", "kinds");
const progressKey = keyOf("format", "migration");
const changedAtOnce = 200;

type Versions = Readonly<Record<string, number>>;
interface Progress {
  readonly kind: string;
  readonly to: number;
  readonly next: Key;
  readonly changed: number;
}

/**
 * Brings a folder to the versions of the kinds declared so far: call once everything that writes records is loaded, and before it runs.
 * @param tell receives a sentence about each migration that was made
 * @throws {StoreError} `NewerVersion` (V1)
 */
export async function bringUpToDate(store: Store, tell: (line: string) => void, kinds: readonly Kind[] = declaredKinds()): Promise<void> {
  // Folders of the first releases say nothing; all of their kinds were in version 1.
  const stored = store.get<Versions>(versionsKey) ?? {};
  refuseNewer(stored, kinds);
  for (const kind of kinds) {
    const from = stored[kind.name] ?? 1;
    const due = (kind.migrations ?? []).filter(({ to }) => to > from && to <= kind.version);
    for (const migration of due.toSorted((a, b) => a.to - b.to)) {
      const changed = await migrate(store, kind, migration);
      if (changed > 0) tell(`${kind.holds}: ${migration.says} (version ${migration.to}, ${changed} records)`);
    }
  }
  const now = Object.fromEntries(kinds.map(({ name, version }) => [name, version]));
  if (JSON.stringify(now) !== JSON.stringify(stored)) await store.transact((tx) => tx.put(versionsKey, now));
}

/** V1. */
function refuseNewer(stored: Versions, kinds: readonly Kind[]): void {
  const known = new Map(kinds.map((kind) => [kind.name, kind]));
  for (const [name, version] of Object.entries(stored)) {
    const kind = known.get(name);
    if (kind !== undefined && version <= kind.version) continue;
    const has = kind === undefined ? `records "${name}"` : `${kind.holds} in version ${version}`;
    const reads = kind === undefined ? "knows none" : `reads up to ${kind.version}`;
    throw new StoreError("NewerVersion", `store has ${has}, this release ${reads}; start a newer release`);
  }
}

/** V2. Returns how many records it changed. */
async function migrate(store: Store, kind: Kind, { to, change }: Migration): Promise<number> {
  const range = kind.range();
  let progress: Progress = store.get<Progress>(progressKey) ?? { kind: kind.name, to, next: range.start, changed: 0 };
  if (progress.kind !== kind.name || progress.to !== to) progress = { kind: kind.name, to, next: range.start, changed: 0 };
  for (let isMore = true; isMore; ) {
    progress = await store.transact((tx) => {
      const found = tx.scan({ ...range, start: progress.next }, { limit: changedAtOnce });
      const changed = found.filter(([key, value]) => change(tx, key, value)).length;
      isMore = found.length === changedAtOnce;
      const next = { ...progress, next: `${found.at(-1)?.[0] ?? progress.next}\u0000`, changed: progress.changed + changed };
      if (isMore) tx.put(progressKey, next);
      else {
        tx.delete(progressKey);
        tx.put(versionsKey, { ...tx.get<Versions>(versionsKey), [kind.name]: to });
      }
      return next;
    });
  }
  return progress.changed;
}
