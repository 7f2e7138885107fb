import { compareKeys, type Key, type KeyRange } from "./key.ts";

/** Writes that are not on disk yet: JSON text by key, null for a deletion. Grouped by a key's first part, so that a scan looks at its own kind alone. */
export class Overlay {
  readonly #groups = new Map<string, Map<Key, string | null>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How long all of it is, keys and texts, before any is compressed. */
  get length(): number {
    let length = 0;
    this.forEach((key, text) => {
      length += key.length + (text?.length ?? 0);
    });
    return length;
  }

  get(key: Key): string | null | undefined {
    return this.#groups.get(groupOf(key))?.get(key);
  }

  /** Returns what was there before. */
  set(key: Key, text: string | null): string | null | undefined {
    const name = groupOf(key);
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, (group = new Map()));
    const [size, before] = [group.size, group.get(key)];
    group.set(key, text);
    this.#size += group.size - size;
    return before;
  }

  remove(key: Key): void {
    if (this.#groups.get(groupOf(key))?.delete(key)) this.#size -= 1;
  }

  forEach(visit: (key: Key, text: string | null) => void): void {
    for (const group of this.#groups.values()) group.forEach((text, key) => void visit(key, text));
  }

  /** The writes inside `range`, in no order. A range lies within one group, or spans them all. */
  *within(range: KeyRange): Generator<[Key, string | null]> {
    const name = groupOf(range.start);
    if (name !== "" && range.end.startsWith(name)) {
      for (const entry of this.#groups.get(name) ?? []) if (isWithin(entry[0], range)) yield entry;
      return;
    }
    for (const group of this.#groups.values()) for (const entry of group) if (isWithin(entry[0], range)) yield entry;
  }
}

function isWithin(key: Key, range: KeyRange): boolean {
  return compareKeys(key, range.start) >= 0 && compareKeys(key, range.end) < 0;
}

function groupOf(key: Key): string {
  const at = key.indexOf("\u0000");
  return at < 0 ? "" : key.slice(0, at);
}
