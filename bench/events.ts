/**
 * Events from `PutEvents` to where they go: by a rule to a function, by a rule and a queue to a function, by a rule and a function to an MQTT
 * subscriber. On a whole bar, whose own rule logs each event too. Beside each its floor in the same run: as many bytes made durable, then the
 * function called, or the message published. `--at 1,64` names how many are in flight; `--profile FOLDER` keeps a profile; `--quick` is a short look.
 */
import { cpus, loadavg } from "node:os";
import { routes } from "./events/service.ts";
import { type Order, type Taken, takeAll } from "./events/subject.ts";
import { type BenchOptions, count, milliseconds, percentile, printTable } from "./measure.ts";

/** Runs the benchmark and prints its table. */
export async function run({ levels = [1, 64], profileFolder, isQuick }: BenchOptions): Promise<void> {
  const busy = loadavg()[0] as number;
  const seconds = isQuick ? 1 : 3;
  const orders = levels.flatMap((inFlight) =>
    routes.flatMap((route) => [false, true].map((isFloor): Order => ({ route, isFloor, inFlight, seconds }))),
  );
  const taken = await takeAll(orders, profileFolder);
  const rows = orders.flatMap((order, i) => (order.isFloor ? [] : [rowOf(order, taken[i]!, taken[i + 1]!)]));
  const head = [
    "PutEvents → rule →",
    "in flight",
    "of floor",
    "events/s",
    "p50",
    "p99",
    "processor, an event",
    "floor/s",
    "floor p50",
    "p99",
  ];
  printTable("Events end to end, and the same bytes durable and their target called directly", head, rows);
  console.log("The events are put, and the subscriber's messages read, in the process itself.");
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
}

const ways = { function: "function", queue: "queue → function", subscriber: "function → MQTT subscriber" };

function rowOf({ route, inFlight }: Order, ours: Taken, floor: Taken): string[] {
  const times = ({ latencies }: Taken): string[] => [0.5, 0.99].map((p) => milliseconds(percentile(latencies, p)));
  return [
    ways[route],
    `${inFlight}`,
    `${(ours.perSecond / floor.perSecond).toFixed(2)}×`,
    count(ours.perSecond),
    ...times(ours),
    milliseconds(ours.processorMs),
    count(floor.perSecond),
    ...times(floor),
  ];
}
