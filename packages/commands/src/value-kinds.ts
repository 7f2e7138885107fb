/** What a word of a call can stand for. */
export interface ValueKind<T> {
  /** Completes "expected ...". */
  readonly expected: string;
  /** Returns undefined for a text that is not of this kind. */
  readonly read: (text: string) => T | undefined;
}

/** Any text. */
export const text: ValueKind<string> = { expected: "a text", read: (given) => given };

/** Bounds of a number, both included. */
export interface Bounds {
  readonly least: number;
  /** Without it, the largest number that is exact. */
  readonly most?: number;
}

/** A number in decimal notation, such as 0.5. */
export function decimal({ least, most = Number.MAX_SAFE_INTEGER }: Bounds): ValueKind<number> {
  return {
    expected: `a number from ${least}${upTo(most)}`,
    read(given) {
      const value = /^-?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : Number.NaN;
      return value >= least && value <= most ? value : undefined;
    },
  };
}

/** A whole number in decimal notation. */
export function wholeNumber({ least, most = Number.MAX_SAFE_INTEGER }: Bounds): ValueKind<number> {
  const any = decimal({ least, most });
  return {
    expected: `a whole number from ${least}${upTo(most)}`,
    read(given) {
      const value = any.read(given);
      return Number.isInteger(value) ? value : undefined;
    },
  };
}

/** Whole numbers in decimal notation, separated by commas. */
export function wholeNumbers(bounds: Bounds): ValueKind<readonly number[]> {
  const one = wholeNumber(bounds);
  return {
    expected: `${one.expected}, or several with commas between`,
    read(given) {
      const values = given.split(",").flatMap((word) => one.read(word) ?? []);
      return values.length === given.split(",").length ? values : undefined;
    },
  };
}

function upTo(most: number): string {
  return most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`;
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): ValueKind<Word> {
  const last = words.at(-1) ?? "";
  return {
    expected: words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`,
    read: (given) => words.find((word) => word === given),
  };
}

/** `on` is true, `off` is false. */
export const onOff: ValueKind<boolean> = {
  expected: "on or off",
  read: (given) => (given === "on" ? true : given === "off" ? false : undefined),
};

/** A text of a given form. */
export function matching(pattern: RegExp, expected: string): ValueKind<string> {
  return { expected, read: (given) => (pattern.test(given) ? given : undefined) };
}
