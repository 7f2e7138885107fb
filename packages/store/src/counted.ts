import type { ReadView } from "./transaction.ts";

/** How many entries were asked of a view: whole, and keys alone. */
export interface Counts {
  records: number;
  keys: number;
}

/** Returns the view with what is read through it counted: tests hold to what a read costs by what it reads, not by time. */
export function counted<View extends ReadView>(view: View): { readonly view: View; readonly counts: Counts } {
  const counts: Counts = { records: 0, keys: 0 };
  return {
    counts,
    view: {
      ...view,
      get<T>(key: string) {
        counts.records += 1;
        return view.get<T>(key);
      },
      scan<T>(...asked: Parameters<ReadView["scan"]>) {
        const found = view.scan<T>(...asked);
        counts.records += found.length;
        return found;
      },
      keys(...asked: Parameters<ReadView["keys"]>) {
        const found = view.keys(...asked);
        counts.keys += found.length;
        return found;
      },
    },
  };
}
