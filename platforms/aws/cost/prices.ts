/**
 * The price list and its arithmetic.
 *
 * C1. A month's amount costs what its tiers say, each tier for its own part; what is free comes off first.
 * C2. Nothing used costs nothing, and more never costs less.
 */
import list from "./prices.json" with { type: "json" };

/** What a line of the price list is called, e.g. `lambda.request`. */
export type PriceName = keyof typeof list.prices;
/** Amounts by line. */
export type Usage = Partial<Record<PriceName, number>>;

export interface Tier {
  /** Of a month's amount; without it the tier has no end. */
  readonly upTo?: number;
  readonly usd: number;
}
export interface Price {
  readonly service: string;
  readonly what: string;
  readonly unit: string;
  /** Each month, without end. */
  readonly free: number;
  readonly tiers: readonly Tier[];
  readonly source: string;
  /** Whether a published text with this very figure was read for the list. */
  readonly confirmed: boolean;
}

export const priceList: {
  readonly asOf: string;
  readonly region: string;
  readonly note: string;
  readonly prices: Readonly<Record<PriceName, Price>>;
} = list;
export const priceNames = Object.keys(list.prices) as PriceName[];

/** What a month's amount costs in US$. */
export function monthlyCost(name: PriceName, amount: number, { withFree }: { readonly withFree: boolean }): number {
  const { free, tiers } = priceList.prices[name];
  let left = Math.max(0, amount - (withFree ? free : 0));
  let below = 0;
  let usd = 0;
  for (const { upTo = Number.POSITIVE_INFINITY, usd: each } of tiers) {
    const part = Math.min(left, upTo - below);
    usd += part * each;
    left -= part;
    below = upTo;
  }
  return usd;
}

/** The sum of several usages. */
export function sum(...usages: readonly Usage[]): Usage {
  const total: Usage = {};
  for (const usage of usages) for (const name of namesIn(usage)) total[name] = (total[name] ?? 0) + (usage[name] ?? 0);
  return total;
}

export function times(usage: Usage, factor: number): Usage {
  return Object.fromEntries(namesIn(usage).map((name) => [name, (usage[name] ?? 0) * factor]));
}

function namesIn(usage: Usage): PriceName[] {
  return Object.keys(usage) as PriceName[];
}
