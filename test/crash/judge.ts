/** What a judge of the books needs: a list of what does not hold, and things grouped. */

/** What does not hold, in words. */
export interface Findings {
  readonly found: string[];
  check(holds: boolean, what: () => string): void;
}

export function createFindings(): Findings {
  const found: string[] = [];
  return {
    found,
    check(holds, what) {
      if (!holds) found.push(what());
    },
  };
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** What the shop of the rounds is set to. */
export interface ShopLimits {
  readonly timeZone: string;
  readonly customerTimeoutSeconds: number;
  readonly baristaTimeoutSeconds: number;
  readonly maxOrdersInQueue: number;
}
