/**
 * Every kind of record there is, declared once by the package that writes it.
 *
 * R1. The first parts of a key name its kind: no two kinds have the same, and none begins with another's. A declaration that breaks
 *     this throws, so such a release does not start.
 * R2. They stand in every key on disk: never changed, never given to another kind.
 * R3. A key is made from a declared kind alone (`test/record-kinds.test.ts`).
 */
import { StoreError } from "./errors.ts";
import { type Key, type KeyPart, type KeyRange, keyOf } from "./key.ts";
import type { Transaction } from "./transaction.ts";

/** How long records stay: for good, as long as something needs them, or until an age that the operator can set. */
export type Kept = "for good" | "while needed" | { readonly until: string };

/** How records of an earlier version become those of a later one. */
export interface Migration {
  readonly to: number;
  /** What it does: `the drink of each in a member of its own`. */
  readonly says: string;
  /** Returns whether it changed this record. */
  readonly change: (tx: Transaction, key: Key, value: unknown) => boolean;
}

/** What a package says of a kind of its records. */
export interface KindDeclaration {
  /** The first parts of each key; one that ends with `:` opens a first part that goes on with the kind's own text. */
  readonly prefix: string | readonly string[];
  /** What its records are: `log lines`. */
  readonly holds: string;
  /** The package that writes it. */
  readonly owner: string;
  /** How its records are written today; 1 where it is left out. */
  readonly version?: number;
  /** Where records of earlier versions cannot be read as they are. */
  readonly migrations?: readonly Migration[];
  readonly kept: Kept;
  /** Whether all else works where records of it are missing: what a backup may leave out where they are damaged. */
  readonly isSpare?: true;
  /** The instant that a record's age counts from. */
  readonly atMs?: (parts: readonly KeyPart[], value: unknown) => number | undefined;
  /** Whether the key alone gives that instant. */
  readonly ageInKey?: boolean;
}

/** Makes the keys of one kind. */
export interface Kind extends KindDeclaration {
  /** The prefix as text: `t token`. */
  readonly name: string;
  readonly version: number;
  key(...parts: readonly KeyPart[]): Key;
  /** All of its keys whose next parts are `parts`. */
  range(...parts: readonly KeyPart[]): KeyRange;
}

const declared = new Map<string, Kind>();

/**
 * Declares a kind.
 * @throws {StoreError} `Misuse` where another has its prefix, or one that begins it (R1)
 */
export function defineKind(declaration: KindDeclaration): Kind {
  const parts = [declaration.prefix].flat();
  const opens = parts.length === 1 && parts[0]?.endsWith(":") === true;
  const name = parts.join(" ");
  const start = opens ? name : keyOf(...parts);
  for (const [other, { name: otherName, holds }] of declared) {
    if (!start.startsWith(other) && !other.startsWith(start)) continue;
    const what = `prefix "${name}" of ${declaration.holds} (${declaration.owner}) meets "${otherName}" of ${holds}`;
    throw new StoreError("Misuse", `${what}; expected a prefix of its own`);
  }
  const keyWith = (more: readonly KeyPart[]): Key => (opens ? keyOf(name + String(more[0]), ...more.slice(1)) : start + keyOf(...more));
  const kind: Kind = {
    version: 1,
    ...declaration,
    name,
    key: (...more) => keyWith(more),
    range: (...more) => rangeFrom(opens && more.length === 0 ? start : keyWith(more)),
  };
  declared.set(start, kind);
  return kind;
}

/** All keys that begin with `start`, whose last character is the end of a part, or the colon of a kind that opens one. */
function rangeFrom(start: Key): KeyRange {
  return { start, end: start.slice(0, -1) + String.fromCharCode(start.charCodeAt(start.length - 1) + 1) };
}

/** Every kind that the modules loaded so far have declared. */
export function declaredKinds(): readonly Kind[] {
  return [...declared.values()];
}

/** Returns the kind that a key is of, or undefined if no loaded module declares it. */
export function kindOf(key: Key): Kind | undefined {
  for (let at = key.indexOf("\u0000"); at >= 0; at = key.indexOf("\u0000", at + 1)) {
    const found = declared.get(key.slice(0, at + 1));
    if (found !== undefined) return found;
    const colon = key.indexOf(":");
    const opened = colon < 0 || colon > at ? undefined : declared.get(key.slice(0, colon + 1));
    if (opened !== undefined) return opened;
  }
  return undefined;
}

/** What says of a folder how its records are written. */
defineKind({ prefix: "format", holds: "the folder's format", owner: "store", kept: "for good" });
