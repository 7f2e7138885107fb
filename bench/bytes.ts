/**
 * What an order leaves on disk, kind of records by kind: at once, and once it lies cold and is packed. `npm run bench -- bytes [SECONDS]`: guests
 * order for 8 seconds; then two hours of the shop pass.
 */
import { setTimeout as passed } from "node:timers/promises";
import { UsageError } from "@serverlesspresso/commands";
import { type StoreSurvey, surveyStore } from "@serverlesspresso/store";
// Whatever writes records declares their kinds.
import "../platforms/local/src/platform.ts";
import { startServer } from "../test/support/server.ts";
import { bytesOfOrder } from "./bytes/of-order.ts";
import { type BenchOptions, measure, onNewFolder, printTable } from "./measure.ts";
import { openBar } from "./orders/bar.ts";
import { createGuest } from "./orders/guest.ts";
import { createRefusals } from "./orders/refusals.ts";

const inFlight = 16;
const fastRate = 1_000;
const quietHours = 2;

/** Plays orders and prints the table. @throws {UsageError} */
export async function run({ parts: [seconds = "8"] }: BenchOptions): Promise<void> {
  const span = Number(seconds);
  if (!(span > 0)) throw new UsageError(`the seconds are "${seconds}", expected a number above 0`);
  await onNewFolder(async (folder) => {
    // What comes once, with the first orders, is no part of an order.
    await play(folder, 1);
    const before = await rest(folder);
    const orders = await play(folder, span);
    const warm = await surveyStore(folder);
    const cold = await rest(folder);
    const rows = bytesOfOrder({ before, warm, cold, orders });
    printTable(`What each of ${orders} orders left, ${inFlight} in flight`, ["bytes an order", "records", "at once", "packed"], rows);
  });
}

/** Returns how many orders were played. */
async function play(folder: string, seconds: number): Promise<number> {
  const { server, barista, code, finished, close } = await openBar(folder, undefined);
  let played = 0;
  const shop = { url: server.url, barista, code, finished, report: () => {}, refusals: createRefusals() };
  const guests = Array.from({ length: inFlight }, () => createGuest(shop));
  await measure(inFlight, seconds, async (_, place) => {
    if (await guests[place]?.()) played += 1;
  });
  await close();
  return played;
}

/** The folder once all that an order leaves is packed. */
async function rest(dataFolder: string): Promise<StoreSurvey> {
  const server = await startServer({ dataFolder, clockRate: fastRate });
  await passed((quietHours * 3_600_000) / fastRate);
  await server.stop();
  return surveyStore(dataFolder);
}
