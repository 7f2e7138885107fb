/** How often each thing happened: `kind/name` → amount, e.g. `lambda/PublishAdmin` → 9. */
export type Counts = Readonly<Record<string, number>>;

export interface Counter {
  add(kind: string, name: string, amount?: number): void;
  /** Everything so far. */
  total(): Counts;
}

export function createCounter(): Counter {
  const counts = new Map<string, number>();
  return {
    add(kind, name, amount = 1) {
      counts.set(`${kind}/${name}`, (counts.get(`${kind}/${name}`) ?? 0) + amount);
    },
    total: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What has come since `before`. */
export function difference(after: Counts, before: Counts): Counts {
  const changed = Object.entries(after).map(([key, amount]) => [key, amount - (before[key] ?? 0)] as const);
  return Object.fromEntries(changed.filter(([, amount]) => amount !== 0));
}
