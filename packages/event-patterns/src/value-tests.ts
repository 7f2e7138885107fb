/** What one element of a pattern's array asks of a field's value. Every operator of the language stands in this file, as a closure over plain values. */
import { compileAddress } from "./cidr.ts";
import { compileWildcard } from "./wildcard.ts";

/** A value at the end of a path: what JSON can say that is neither object nor array. */
export type Leaf = string | number | boolean | null;
/** Whether a value is what an expression asks for. */
export type ValueTest = (value: Leaf) => boolean;

const onText =
  (test: (text: string) => boolean): ValueTest =>
  (value) =>
    typeof value === "string" && test(value);

/** Texts compare exactly, or as addresses where both are one; numbers by value. */
export function exactly(want: Leaf): ValueTest {
  const address = typeof want === "string" ? compileAddress(want) : undefined;
  if (address === undefined) return (value) => value === want;
  return (value) => value === want || (typeof value === "string" && address(value));
}

/** Holds for texts that begin so. */
export const prefix = (want: string): ValueTest => onText((text) => text.startsWith(want));
/** Holds for texts that end so. */
export const suffix = (want: string): ValueTest => onText((text) => text.endsWith(want));
/** Holds for texts that match the wildcard. Throws `RangeError` for a wildcard that event-ruler refuses. */
export const wildcard = (want: string): ValueTest => onText(compileWildcard(want));
/** Holds for texts that pass the test, and for no other value. */
export const textTest = onText;

/** Holds for texts that differ in case alone. */
export function equalsIgnoreCase(want: string): ValueTest {
  const folded = fold(want);
  return onText((text) => fold(text) === folded);
}

/** Holds for texts that begin so, whatever their case. */
export function prefixIgnoreCase(want: string): ValueTest {
  const folded = fold(want);
  return onText((text) => fold(text.slice(0, want.length + 8)).startsWith(folded));
}

/** Holds for texts that end so, whatever their case. */
export function suffixIgnoreCase(want: string): ValueTest {
  const folded = fold(want);
  return onText((text) => fold(text.slice(-want.length - 8)).endsWith(folded));
}

/** The same for texts that differ in case alone. */
export function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/** Holds for a value, of whatever kind, for which no test holds. */
export function anythingBut(tests: readonly ValueTest[]): ValueTest {
  return (value) => !tests.some((test) => test(value));
}

/** One end of a numeric range. */
export interface Bound {
  readonly value: number;
  readonly isOpen: boolean;
}

/** Holds for numbers between the two; a bound that is undefined bounds nothing. */
export function within(low: Bound | undefined, high: Bound | undefined): ValueTest {
  return (value) =>
    typeof value === "number" &&
    (low === undefined || (low.isOpen ? value > low.value : value >= low.value)) &&
    (high === undefined || (high.isOpen ? value < high.value : value <= high.value));
}
