/**
 * The texts of values that were read from the disk lately: what is asked for again and again, such as settings, is not looked up, copied
 * out of the file and verified each time.
 *
 * KT1. What is known of a key is what the disk has without the flush under way. So it serves transactions alone, which look at that
 *      flush's writes first; a reader of the disk might otherwise see a part of it. A flush that has ended replaces what it wrote.
 * KT2. It holds at most `mostCharacters`, then forgets all: what is in use comes back with its next read.
 */
import type { Key } from "./key.ts";
import type { Overlay } from "./overlay.ts";

/** Texts by key (KT1). */
export interface KnownTexts {
  get(key: Key): string | undefined;
  /** Keeps what was read. */
  read(key: Key, text: string): void;
  /** Replaces what a flush has written of it. */
  flushed(batch: Pick<Overlay, "forEach">): void;
}

const mostCharacters = 2_000_000;
/** Longer values cost more to parse than to read. */
const longCharacters = 4_000;

/** Returns an empty memory. */
export function createKnownTexts(): KnownTexts {
  const texts = new Map<Key, string>();
  let characters = 0;

  function forget(key: Key): void {
    const text = texts.get(key);
    if (text === undefined) return;
    texts.delete(key);
    characters -= key.length + text.length;
  }

  function read(key: Key, text: string): void {
    forget(key);
    if (text.length > longCharacters) return;
    if (characters > mostCharacters) {
      texts.clear();
      characters = 0;
    }
    texts.set(key, text);
    characters += key.length + text.length;
  }

  return {
    get: (key) => texts.get(key),
    read,
    flushed(batch) {
      if (texts.size === 0) return;
      batch.forEach((key, text) => {
        if (!texts.has(key)) return;
        if (text === null) forget(key);
        else read(key, text);
      });
    },
  };
}
