/** Puts a text together again with `[redacted]` for parts of it. */

const replacement = "[redacted]";

/** Parts of a text to be replaced, named from left to right. */
export interface Cuts {
  /** Where the last part ended; 0 before the first. */
  readonly end: number;
  /** Replaces the letters from `from` up to `to`, which stays. */
  cut(from: number, to: number, by?: string): void;
  /** Returns the text without the parts, or the text itself before the first. */
  text(): string;
}

/** Returns the cuts of a text, none at first. */
export function createCuts(text: string): Cuts {
  let [kept, end] = ["", 0];
  return {
    get end() {
      return end;
    },
    cut(from, to, by = replacement) {
      kept += text.slice(end, from) + by;
      end = to;
    },
    text: () => (end === 0 ? text : kept + text.slice(end)),
  };
}
