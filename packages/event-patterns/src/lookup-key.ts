/** By what the values that meet an expression can be looked up, instead of trying the expression on each. */
import { fold, type Leaf } from "./value-tests.ts";

/** The value itself, its beginning, its end, or its text with case folded. */
export type LookupKey =
  | { readonly kind: "is"; readonly value: Leaf }
  | { readonly kind: "prefix" | "suffix" | "folded"; readonly value: string };
/** The ways in which a value can be looked up. */
export type LookupKind = LookupKey["kind"];

/** The key of an exact value; undefined for an address, which is also met by the same address written otherwise. */
export function exactKey(value: Leaf): LookupKey | undefined {
  return typeof value === "string" && isAddressLike(value) ? undefined : { kind: "is", value };
}

function isAddressLike(text: string): boolean {
  return /^[0-9.]+$/.test(text) || (text.includes(":") && /^[0-9a-fA-F:]+$/.test(text));
}

/** The keys of a kind that a value meets; `lengths` are those that keys of this kind have. */
export const keysOfValue = {
  is: (value) => [value],
  prefix: (value, lengths) => onText(value, (text) => cuts(text, lengths, (length) => text.slice(0, length))),
  suffix: (value, lengths) => onText(value, (text) => cuts(text, lengths, (length) => text.slice(text.length - length))),
  folded: (value) => onText(value, (text) => [fold(text)]),
} satisfies Record<LookupKind, (value: Leaf, lengths: ReadonlySet<number>) => Leaf[]>;

function onText(value: Leaf, keys: (text: string) => string[]): string[] {
  return typeof value === "string" ? keys(value) : [];
}

function cuts(text: string, lengths: ReadonlySet<number>, cut: (length: number) => string): string[] {
  return [...lengths].filter((length) => length <= text.length).map(cut);
}
