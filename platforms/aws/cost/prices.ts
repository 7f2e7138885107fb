/**
 * The price list and its arithmetic.
 *
 * C1. The free amount is subtracted from a month's amount first; each tier then prices its own part of the rest.
 * C2. An amount of 0 costs nothing, and a larger amount never costs less.
 */
import list from "./prices.json" with { type: "json" };

/** The name of a line of the price list, for example `lambda.request`. */
export type PriceName = keyof typeof list.prices;
/** Amounts by line. */
export type Usage = Partial<Record<PriceName, number>>;

/** A price per unit for a part of a month's amount. */
export interface Tier {
  /** Where the tier ends, in units of a month's amount; absent in the last tier. */
  readonly upTo?: number;
  readonly usd: number;
}
/** One line of the price list. */
export interface Price {
  readonly service: string;
  readonly what: string;
  readonly unit: string;
  /** Free units per month, not limited to the first year. */
  readonly free: number;
  readonly tiers: readonly Tier[];
  readonly source: string;
  /** True if this figure was read in a published text. */
  readonly confirmed: boolean;
}

/** The price list of one region, in US$, as of the day `asOf`. */
export const priceList: {
  readonly asOf: string;
  readonly region: string;
  readonly note: string;
  readonly prices: Readonly<Record<PriceName, Price>>;
} = list;
/** The names of the lines, in the order of the list. */
export const priceNames = Object.keys(list.prices) as PriceName[];

/** Returns the cost of a month's amount, in US$ (C1). `withFree` subtracts the free amount. */
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

/** Returns the sum of several usages, line by line. */
export function sum(...usages: readonly Usage[]): Usage {
  const total: Usage = {};
  for (const usage of usages) for (const name of namesIn(usage)) total[name] = (total[name] ?? 0) + (usage[name] ?? 0);
  return total;
}

/** Returns the usage with each amount multiplied by `factor`. */
export function times(usage: Usage, factor: number): Usage {
  return Object.fromEntries(namesIn(usage).map((name) => [name, (usage[name] ?? 0) * factor]));
}

function namesIn(usage: Usage): PriceName[] {
  return Object.keys(usage) as PriceName[];
}
