/** A day's bill: the cost of a month, line by line, divided by its open days. */
import type { AppSizes } from "./app-sizes.ts";
import { averageOf } from "./billing.ts";
import type { Deployment } from "./deployment.ts";
import { monthlyCost, type PriceName, priceList, priceNames, sum, times, type Usage } from "./prices.ts";
import { barUsage, fixedUsage, phoneUsage, storedUsage } from "./standing.ts";

type Counts = Readonly<Record<string, number>>;

/** The counts of a run. `share` is the part of all orders that a journey stands for; the shares add up to 1. */
export interface Counted {
  readonly journeys: readonly { readonly counts: Counts; readonly share: number }[];
  readonly window: Counts;
  readonly configChange: Counts;
}
/** One line of the price list, on a bill. */
export interface Line {
  readonly price: PriceName;
  readonly service: string;
  readonly what: string;
  readonly unit: string;
  /** The amount of one day, in `unit`s. */
  readonly amount: number;
  readonly usd: number;
  /** The part of `usd` that is billed on a day without guests. */
  readonly fixedUsd: number;
}
/** The bill of one day, in US$. `fixedUsd` is billed on a day without guests. */
export interface Bill {
  readonly guests: number;
  readonly withFree: boolean;
  readonly lines: readonly Line[];
  readonly usd: number;
  readonly fixedUsd: number;
}

/** Returns the bill of a day with so many guests, each of whom orders once. `withFree` subtracts AWS's free tier. */
export function billOf(
  counted: Counted,
  guests: number,
  deployment: Deployment,
  apps: AppSizes,
  { withFree }: { readonly withFree: boolean },
): Bill {
  const { days } = deployment;
  const standing = fixedUsage(deployment);
  const fixed = sum(standing, storedUsage(standing, 0, deployment));
  const month = monthOf(counted, guests, deployment, apps);
  const lines = priceNames.flatMap((price) => {
    const amount = month[price] ?? 0;
    if (amount === 0) return [];
    const { service, what, unit } = priceList.prices[price];
    const usd = monthlyCost(price, amount, { withFree }) / days;
    const fixedUsd = monthlyCost(price, fixed[price] ?? 0, { withFree }) / days;
    return [{ price, service, what, unit, amount: amount / days, usd, fixedUsd }];
  });
  const total = (of: (line: Line) => number): number => lines.reduce((sum, line) => sum + of(line), 0);
  return { guests, withFree, lines, usd: total(({ usd }) => usd), fixedUsd: total(({ fixedUsd }) => fixedUsd) };
}

/** Returns the usage of an average order. */
export function orderUsage(counted: Counted, deployment: Deployment, apps: AppSizes): Usage {
  return sum(averageOf(counted.journeys, deployment), phoneUsage(deployment, apps));
}

function monthOf(counted: Counted, guests: number, deployment: Deployment, apps: AppSizes): Usage {
  const { days, guestsPerBar } = deployment;
  const bars = Math.ceil(guests / guestsPerBar);
  const day = sum(times(orderUsage(counted, deployment, apps), guests), times(barUsage(counted, deployment), bars));
  const traced = { ...day, "xray.trace": tracesOf(day["xray.trace"] ?? 0, deployment) };
  const month = sum(times(traced, days), fixedUsage(deployment));
  return sum(month, storedUsage(month, guests * days, deployment));
}

/**
 * Returns the number of traces by X-Ray's default sampling: the first request of each second, and 5 % of the others.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 */
function tracesOf(requests: number, { openHours }: Deployment): number {
  const first = Math.min(requests, openHours * 3600);
  return first + (requests - first) / 20;
}

/** Returns the extra cost per day, in US$, if every screen of every bar receives every order, as with the blueprint's one admin topic. */
export function oneTopicExtra(counted: Counted, guests: number, deployment: Deployment): number {
  const bars = Math.ceil(guests / deployment.guestsPerBar);
  const published = counted.journeys.reduce((sum, { counts, share }) => sum + (counts["iot.publish/admin"] ?? 0) * share, 0);
  const messages = published * guests * (bars - 1) * deployment.screens * 2;
  return monthlyCost("iot.message", messages * deployment.days, { withFree: false }) / deployment.days;
}
