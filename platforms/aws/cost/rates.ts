/** How fast each thing happens at a number of orders a day, against what AWS grants by default. */
import { type Deployment, durationMs } from "./deployment.ts";
import quotaList from "./quotas.json" with { type: "json" };

export type QuotaName = keyof typeof quotaList.quotas;
export interface Quota {
  readonly what: string;
  /** Of what is granted at the same time, the number. */
  readonly perSecond: number;
  readonly burst?: number;
  /** Whether AWS raises it when asked. */
  readonly raise: boolean;
  readonly source: string;
  readonly confirmed: boolean;
}
export const quotas: Readonly<Record<QuotaName, Quota>> = quotaList.quotas;

/** The dearest minutes of a day, over its average. */
export const peakFactor = 3;

export interface Rate {
  readonly quota: QuotaName;
  /** Where it gathers, such as one partition key. */
  readonly where: string;
  readonly perOrder: number;
  readonly average: number;
  readonly peak: number;
  /** Orders a second at which the quota is used up. */
  readonly ordersAtQuota: number;
}

type Counts = Readonly<Record<string, number>>;

/** @param average counts of an order of the mix, `kind/name` → amount */
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
  const helpers = (functionMs.SignInAsGuest + functionMs.StartOrderProcessor + of("iot.link") * functionMs.AuthorizeTopics) / 1000;
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

/** The hottest keys, `most` units an order or more; guests' own items heat nothing. */
function heat(average: Counts, kind: string, quota: QuotaName, most: number): Amount[] {
  const keys = Object.entries(average).filter(
    ([key, amount]) => key.startsWith(`${kind}/`) && amount >= most && !/#\.\.\.|by-user| Event$/.test(key),
  );
  return keys.map(([key, amount]) => [quota, key.slice(kind.length + 1).replace("serverlesspresso-", ""), amount]);
}

function total(counts: Counts, prefix: string): number {
  return Object.entries(counts).reduce((sum, [key, amount]) => sum + (key.startsWith(prefix) ? amount : 0), 0);
}

/** The counts of an average order. */
export function averageCounts(journeys: readonly { readonly counts: Counts; readonly share: number }[]): Counts {
  const average: Record<string, number> = {};
  for (const { counts, share } of journeys)
    for (const [key, amount] of Object.entries(counts)) average[key] = (average[key] ?? 0) + amount * share;
  return average;
}
