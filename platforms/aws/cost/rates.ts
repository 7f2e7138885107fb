/** Compares the rate of each operation at a number of orders a day with AWS's default quotas. */
import { type Deployment, durationMs } from "./deployment.ts";
import quotaList from "./quotas.json" with { type: "json" };

/** The name of a quota, for example `sfn.start`. */
export type QuotaName = keyof typeof quotaList.quotas;
/** A default quota of AWS in one region. */
export interface Quota {
  readonly what: string;
  /** The quota per second; for a concurrency quota, the number at the same time. */
  readonly perSecond: number;
  readonly burst?: number;
  /** True if AWS raises it on request. */
  readonly raise: boolean;
  readonly source: string;
  readonly confirmed: boolean;
}
/** The quotas by name. */
export const quotas: Readonly<Record<QuotaName, Quota>> = quotaList.quotas;

/** The rate in a day's busiest minutes, as a multiple of the day's average. */
export const peakFactor = 3;

/** The rate of one operation, and its quota. */
export interface Rate {
  readonly quota: QuotaName;
  /** What the rate is counted for, for example one partition key. */
  readonly where: string;
  readonly perOrder: number;
  /** Per second, over the open hours. */
  readonly average: number;
  /** Per second, in the busiest minutes (`peakFactor`). */
  readonly peak: number;
  /** Orders per second at which the quota is used up. */
  readonly ordersAtQuota: number;
}

type Counts = Readonly<Record<string, number>>;

/** Returns the rates at `orders` orders a day. @param average counts of an average order, `kind/name` → amount */
export function ratesOf(average: Counts, orders: number, deployment: Deployment): Rate[] {
  const ordersPerSecond = orders / (deployment.openHours * 3600);
  return perOrder(average, deployment, orders).map(([quota, where, amount]) => ({
    quota,
    where,
    perOrder: amount,
    average: amount * ordersPerSecond,
    peak: amount * ordersPerSecond * peakFactor,
    ordersAtQuota: quotas[quota].perSecond / amount,
  }));
}

type Amount = readonly [quota: QuotaName, where: string, perOrder: number];

function perOrder(average: Counts, deployment: Deployment, orders: number): Amount[] {
  const { blueprint, functionMs, phoneMinutes, screens, guestsPerBar } = deployment;
  const of = (...kinds: readonly string[]): number => kinds.reduce((sum, kind) => sum + total(average, `${kind}/`), 0);
  const one = (key: string): number => average[key] ?? 0;
  const seconds = blueprint.functions.reduce((sum, { name }) => sum + (one(`lambda/${name}`) * durationMs(name, deployment)) / 1000, 0);
  const helpers = (functionMs.StartOrderProcessor + of("iot.link") * functionMs.AuthorizeTopics) / 1000;
  const byRules = blueprint.rules.flatMap(({ targets }) => targets.filter(({ kind }) => kind === "function").map(({ name }) => name));
  const deliveries = byRules.reduce((sum, name) => sum + one(`lambda/${name}`), 0) + of("events", "start", "sqs.send");
  const allScreens = screens * Math.ceil(orders / guestsPerBar);
  return [
    ["sfn.start", "OrderProcessorWorkflow", of("start")],
    ["sfn.transition", "OrderProcessorWorkflow", of("states")],
    ["sfn.list", "its admission", of("start")],
    ["sfn.resume", "place, complete, cancel", one("http/actOnOrder") - one("events/OrderManager.MakeOrder")],
    ["events.put", "the bus", of("events")],
    ["events.invoke", "all rules", deliveries],
    ["lambda.concurrency", "all functions", seconds + helpers],
    ["apigateway.request", "all routes", of("http") + one("http/actOnOrder")],
    ...heat(average, "dynamodb.heat", "dynamodb.partitionWrite", 1.5),
    ...heat(average, "dynamodb.readHeat", "dynamodb.partitionRead", 3),
    ["dynamodb.newTable", "order table and its indexes", one(`dynamodb.write/${blueprint.names.orderTable}`)],
    ["iot.publishIn", "all topics", of("iot.publish")],
    ["iot.publishOut", "a topic for each bar", one("iot.publish/admin") * screens + one("iot.publish/user")],
    ["iot.publishOut", `one topic, ${allScreens.toLocaleString("en-US")} screens`, one("iot.publish/admin") * allScreens],
    ["iot.perLink", "one topic", one("iot.publish/admin")],
    ["iot.connect", "phones", of("iot.link")],
    ["iot.linked", "phones", phoneMinutes * 60],
    ["cognito.create", "guests' sign-in", one("http/signInAsGuest")],
    ["cognito.signIn", "guests' sign-in", one("http/signInAsGuest")],
    ["cloudwatch.put", "counts of drinks", of("metrics")],
  ];
}

/** Returns the keys with `most` units per order or more. The items of one guest are left out, because each has its own key. */
function heat(average: Counts, kind: string, quota: QuotaName, most: number): Amount[] {
  const keys = Object.entries(average).filter(
    ([key, amount]) => key.startsWith(`${kind}/`) && amount >= most && !/#\.\.\.|by-user| Event$/.test(key),
  );
  return keys.map(([key, amount]) => [quota, key.slice(kind.length + 1).replace("serverlesspresso-", ""), amount]);
}

function total(counts: Counts, prefix: string): number {
  return Object.entries(counts).reduce((sum, [key, amount]) => sum + (key.startsWith(prefix) ? amount : 0), 0);
}

/** Returns the counts of an average order. */
export function averageCounts(journeys: readonly { readonly counts: Counts; readonly share: number }[]): Counts {
  const average: Record<string, number> = {};
  for (const { counts, share } of journeys)
    for (const [key, amount] of Object.entries(counts)) average[key] = (average[key] ?? 0) + amount * share;
  return average;
}
