import type { Names } from "@serverlesspresso/contract";

/** Returns the names of a bar's stacks by what they hold. */
export function stackNamesOf({ bar }: Names) {
  return { data: `${bar}-Data`, services: `${bar}-Services`, website: `${bar}-Website` } as const;
}
