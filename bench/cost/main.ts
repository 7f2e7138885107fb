/** `npm run cost`: what a day at the bar costs on AWS, from operations counted in a run of the blueprint. */
import { join } from "node:path";
import { cost, runCommand, type Values } from "@serverlesspresso/commands";
import { orderAppSizes } from "../../platforms/aws/cost/app-sizes.ts";
import { type Bill, billOf, type Counted, oneTopicExtra, orderUsage } from "../../platforms/aws/cost/bill.ts";
import { type Deployment, usualDeployment } from "../../platforms/aws/cost/deployment.ts";
import { priceList, priceNames } from "../../platforms/aws/cost/prices.ts";
import { averageCounts, quotas, ratesOf } from "../../platforms/aws/cost/rates.ts";
import { formatBills, formatLines, formatRates, formatUsd } from "../../platforms/aws/cost/table.ts";
import { journeyNames } from "./journeys.ts";
import { type Measurement, measure } from "./measure.ts";
import { type Options, optionsOf } from "./options.ts";

const usualGuests = [1_000, 10_000, 1_000_000];

async function main(values: Values<typeof cost.settings>): Promise<void> {
  const { json, isRates, orders } = values;
  const options = optionsOf(values);
  const deployment = { ...usualDeployment, ...options.deployment };
  const measurement = await measure(deployment.screens);
  const counted = countedOf(measurement, options);
  if (isRates) {
    printRates(counted, orders ?? 1_000_000, deployment, json);
    return;
  }
  const apps = orderAppSizes(join(import.meta.dirname, "../../apps/dist"));
  const volumes = orders === undefined ? usualGuests : [orders];
  const bills = volumes.flatMap((guests) => [true, false].map((withFree) => billOf(counted, guests, deployment, apps, { withFree })));
  const more = volumes.map((guests) => ({ guests, usd: oneTopicExtra(counted, guests, deployment) }));
  if (json) {
    const { asOf, region } = priceList;
    const perOrder = orderUsage(counted, deployment, apps);
    console.log(
      JSON.stringify(
        {
          asOf,
          region,
          mix: options.mix,
          deployment: assumptionsOf(deployment),
          apps,
          perOrder,
          bills,
          oneTopicExtra: more,
          counted: measurement,
        },
        null,
        2,
      ),
    );
    return;
  }
  print(bills, more);
}

function printRates(counted: Counted, orders: number, deployment: Deployment, json: boolean): void {
  const rates = ratesOf(averageCounts(counted.journeys), orders, deployment);
  if (json) {
    console.log(JSON.stringify({ orders, deployment: assumptionsOf(deployment), quotas, rates }, null, 2));
    return;
  }
  console.log(
    `${orders.toLocaleString("en-US")} orders in ${deployment.openHours} hours, against the quotas of ${priceList.region}; see docs/scaling.md\n`,
  );
  console.log(formatRates(rates));
}

/** What is assumed, without what follows from the blueprint. */
function assumptionsOf({ blueprint: _, ...assumptions }: Deployment) {
  return assumptions;
}

function countedOf({ journeys, window, configChange }: Measurement, { mix }: Options): Counted {
  return { journeys: journeyNames.map((name) => ({ counts: journeys[name].counts, share: mix[name] })), window, configChange };
}

function print(bills: readonly Bill[], more: readonly { readonly guests: number; readonly usd: number }[]): void {
  const [, first] = bills;
  if (first === undefined) return;
  console.log(
    `US$ a day in ${priceList.region}, prices as of ${priceList.asOf}; counted in a run of the blueprint; assumptions in docs/cost.md\n`,
  );
  console.log(formatBills(bills));
  console.log(`\nWhat drives it at ${first.guests.toLocaleString("en-US")} guests a day, without free tier:\n`);
  console.log(formatLines(first));
  for (const { guests, usd } of more.filter(({ usd }) => usd > 0)) {
    console.log(
      `\nWith one admin topic for all bars, IoT Core costs US$ ${formatUsd(usd)} more at ${guests.toLocaleString("en-US")} guests.`,
    );
  }
  const unconfirmed = priceNames.filter((name) => !priceList.prices[name].confirmed);
  console.log(`\nPrices that could not be confirmed for this list: ${unconfirmed.join(", ")}.`);
}

await runCommand(cost, ({ values }) => main(values));
