/** What AWS bills without any guest, from the blueprint: dashboard, alarms, metrics, idle queues, deadlines checked each minute, connected screens, storage. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import { watchesOf } from "../src/constructs/watches.ts";
import type { AppSizes } from "./app-sizes.ts";
import { usageOf } from "./billing.ts";
import type { Deployment } from "./deployment.ts";
import { sum, times, type Usage } from "./prices.ts";

const gb = 1024 ** 3;
/** Lambda keeps five long polls of 20 seconds open on every queue that feeds a function. */
const pollsPerMinute = 5 * 3;
const minutesPerMonth = 30 * 24 * 60;

/** Returns the usage of a month without guests. */
export function fixedUsage(deployment: Deployment): Usage {
  const { blueprint, kmsKeys, days, openHours } = deployment;
  const consumers = blueprint.queues.filter(({ consumer }) => consumer !== undefined);
  const looks = blueprint.deadlines.map((deadline) => usageOf({ [`lambda/${deadline.function}`]: 1, "dynamodb.read/look": 1 }, deployment));
  const standing: Usage = {
    "cloudwatch.dashboard": 1,
    "cloudwatch.alarm": watchesOf(blueprint, { workflowArn: String, apiId: "" }).length,
    "kms.key": kmsKeys,
    // Billed for each hour with at least one value.
    "cloudwatch.metric": (metricNames(blueprint).size * days * openHours) / (30 * 24),
    "sqs.request": consumers.length * pollsPerMinute * minutesPerMonth,
    "s3.gbMonth": 0.001,
  };
  return sum(standing, times(sum(...looks), minutesPerMonth));
}

/** Returns the named metrics of the dashboard; AWS bills each of them. */
function metricNames({ dashboard }: Blueprint): Set<string> {
  return new Set(JSON.stringify(dashboard.body).match(/\["[\w-]+","Drink","Drink","[^"]+"\]/g));
}

/** Returns the usage of one bar's screens and config in a day. `window` has the counts of one request for a new code. */
export function barUsage(counts: { readonly window: Counts; readonly configChange: Counts }, deployment: Deployment): Usage {
  const { openHours, screens, configChangesPerDay } = deployment;
  const windows = (openHours * 60) / barcodeMinutesOf(deployment.blueprint);
  return sum(
    { "iot.connectionMinute": screens * openHours * 60 },
    times(usageOf(counts.window, deployment), windows),
    times(usageOf(counts.configChange, deployment), configChangesPerDay),
  );
}
type Counts = Readonly<Record<string, number>>;

/** The share of the apps' files that CloudFront fetches from S3. */
const missed = 0.02;

/** Returns the usage of a guest's phone apart from its counted requests: its connection and the download of the app. */
export function phoneUsage({ phoneMinutes }: Deployment, { files, bytes }: AppSizes): Usage {
  return { "iot.connectionMinute": phoneMinutes, "cloudfront.request": files, "cloudfront.gb": bytes / gb, "s3.get": files * missed };
}

/** Returns the storage that a month's usage leaves, averaged over the month. @param orders the orders of a month */
export function storedUsage(month: Usage, orders: number, deployment: Deployment): Usage {
  const kept = (days: number): number => Math.min(days, 30) / 30 / (days >= 30 ? 1 : 2);
  const copies = 1 + (deployment.blueprint.tables.find(({ indexes }) => indexes.length > 0)?.indexes.length ?? 0);
  const orderGb = (orders * deployment.orderBytes * kept(deployment.orderRetentionDays)) / gb;
  return {
    "dynamodb.gbMonth": orderGb * copies,
    "dynamodb.recoveryGbMonth": orderGb,
    // CloudWatch bills compressed storage: about a seventh.
    "logs.storedGbMonth": ((month["logs.ingestedGb"] ?? 0) * kept(deployment.logRetentionDays)) / 7,
    "events.archiveGbMonth": (month["events.archiveGb"] ?? 0) * kept(deployment.archiveRetentionDays),
  };
}

function barcodeMinutesOf({ seed }: Blueprint): number {
  const config = seed.find(({ item }) => (item.PK as { S?: string }).S === "config")?.item;
  return Number((config?.barcodeMinutes as { N?: string } | undefined)?.N);
}
