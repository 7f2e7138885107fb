/** What is billed whether guests come or not, from the blueprint: dashboard, alarms, metrics, idle queues, deadlines looked at each minute, linked screens, what lies stored. */
import type { Blueprint } from "@serverlesspresso/blueprint";
import { watchesOf } from "../src/constructs/watches.ts";
import type { AppSizes } from "./app-sizes.ts";
import { usageOf } from "./billing.ts";
import type { Deployment } from "./deployment.ts";
import { sum, times, type Usage } from "./prices.ts";

const gb = 1024 ** 3;
/** Lambda keeps five long polls of 20 seconds open at every queue that feeds a function. */
const pollsPerMinute = 5 * 3;
const minutesPerMonth = 30 * 24 * 60;

/** Named metrics of the dashboard, each billed by itself. */
function metricNames({ dashboard }: Blueprint): Set<string> {
  return new Set(JSON.stringify(dashboard.body).match(/\["[\w-]+","Drink","Drink","[^"]+"\]/g));
}

/** A month of a bar that nobody comes to. */
export function fixedUsage(deployment: Deployment): Usage {
  const { blueprint, kmsKeys, days, openHours } = deployment;
  const consumers = blueprint.queues.filter(({ consumer }) => consumer !== undefined);
  const looks = blueprint.deadlines.map((deadline) => usageOf({ [`lambda/${deadline.function}`]: 1, "dynamodb.read/look": 1 }, deployment));
  const standing: Usage = {
    "cloudwatch.dashboard": 1,
    "cloudwatch.alarm": watchesOf(blueprint, { workflowArn: String, apiId: "" }).length,
    "kms.key": kmsKeys,
    // Billed by the hour in which something is sent.
    "cloudwatch.metric": (metricNames(blueprint).size * days * openHours) / (30 * 24),
    "sqs.request": consumers.length * pollsPerMinute * minutesPerMonth,
    "s3.gbMonth": 0.001,
  };
  return sum(standing, times(sum(...looks), minutesPerMonth));
}

/** A day of a bar's screens and of its config, for `bars` of them. @param window counts of one question for a new code */
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

/** Share of the apps' files that CloudFront has to fetch from S3. */
const missed = 0.02;

/** What an order's phone brings beside the requests that were counted: its link and the app itself. */
export function phoneUsage({ phoneMinutes }: Deployment, { files, bytes }: AppSizes): Usage {
  return { "iot.connectionMinute": phoneMinutes, "cloudfront.request": files, "cloudfront.gb": bytes / gb, "s3.get": files * missed };
}

/** What a month's usage leaves lying, averaged over the month. @param orders of a month */
export function storedUsage(month: Usage, orders: number, deployment: Deployment): Usage {
  const kept = (days: number): number => Math.min(days, 30) / 30 / (days >= 30 ? 1 : 2);
  const copies = 1 + (deployment.blueprint.tables.find(({ indexes }) => indexes.length > 0)?.indexes.length ?? 0);
  const orderGb = (orders * deployment.orderBytes * kept(deployment.orderRetentionDays)) / gb;
  return {
    "dynamodb.gbMonth": orderGb * copies,
    "dynamodb.recoveryGbMonth": orderGb,
    // CloudWatch stores compressed: about a seventh.
    "logs.storedGbMonth": ((month["logs.ingestedGb"] ?? 0) * kept(deployment.logRetentionDays)) / 7,
    "events.archiveGbMonth": (month["events.archiveGb"] ?? 0) * kept(deployment.archiveRetentionDays),
  };
}

function barcodeMinutesOf({ seed }: Blueprint): number {
  const config = seed.find(({ item }) => (item.PK as { S?: string }).S === "config")?.item;
  return Number((config?.barcodeMinutes as { N?: string } | undefined)?.N);
}
