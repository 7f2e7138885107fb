/**
 * An order's whole life, every step durable: start, config read, wait for the guest, number drawn, wait for the bar, final event.
 * Beside it: the same writes with nothing around them (what the store could do at most), and Restate on the same machine.
 * `--quick` is a short look; `--no-restate` leaves Restate out.
 */
import { cpus, loadavg } from "node:os";
import { openStore } from "@serverlesspresso/store";
import { createRawLifecycle, recordWrites, type Write } from "./lifecycle/raw.ts";
import { measureRestate } from "./lifecycle/restate.ts";
import { measureSuspended } from "./lifecycle/suspended.ts";
import { drinkOrder, openSystem, type System, verdict } from "./lifecycle/system.ts";
import { type BenchOptions, count, type Measured, measure, milliseconds, onNewFolder, percentile, printTable } from "./measure.ts";

const levels = [1, 64, 512];
const aims = [450, 3_000, 4_000];

/** Runs the benchmark and prints its table. */
export async function run({ isQuick, isWithoutRestate }: BenchOptions): Promise<void> {
  const busy = loadavg()[0] as number;
  const seconds = isQuick ? 2 : 6;
  const writes = await recordLifecycle();
  const ours = await onNewFolder(async (folder) => measureOurs(folder, seconds));
  const raw = await onNewFolder(async (folder) => measureRaw(folder, seconds, writes));
  const restate = isWithoutRestate ? "left out" : await measureRestate(levels, seconds);
  const rows = levels.map((level, i) => rowOf(level, aims[i]!, ours[i]!, raw[i]!, typeof restate === "string" ? undefined : restate[i]));
  const head = [
    "in flight",
    "of raw store",
    "of aim",
    "of Restate",
    "lifecycles/s",
    "callback→resumed p50",
    "p99",
    "raw store/s",
    "Restate/s",
    "Restate p50",
    "p99",
  ];
  printTable("Order lifecycles, every step durable (3 commits each)", head, rows);
  const bytes = writes.flat().reduce((sum, { keyLength, text = "" }) => sum + keyLength + text.length, 0);
  console.log(`One lifecycle writes ${writes.flat().length} keys and ${count(bytes)} bytes in ${writes.length} commits.`);
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
  if (typeof restate === "string") console.log(`Restate: ${restate}.`);
  await measureSuspended(isQuick ? 10_000 : 100_000);
}

function rowOf(level: number, aim: number, ours: Measured, raw: Measured, restate: Measured | undefined): string[] {
  const ratio = (other: number | undefined): string => (other === undefined ? "–" : `${(ours.perSecond / other).toFixed(2)}×`);
  return [
    `${level}`,
    ratio(raw.perSecond),
    ratio(aim),
    ratio(restate?.perSecond),
    count(ours.perSecond),
    milliseconds(percentile(ours.latencies, 0.5)),
    milliseconds(percentile(ours.latencies, 0.99)),
    count(raw.perSecond),
    restate === undefined ? "–" : count(restate.perSecond),
    milliseconds(percentile(restate?.latencies ?? [], 0.5)),
    milliseconds(percentile(restate?.latencies ?? [], 0.99)),
  ];
}

async function measureOurs(folder: string, seconds: number): Promise<Measured[]> {
  const system = await openSystem(folder);
  const results: Measured[] = [];
  for (const level of levels) {
    let orders = 0;
    results.push(await measure(level, seconds, (report) => lifecycle(system, `o-${level}-${++orders}`, report)));
  }
  await system.close();
  return results;
}

async function lifecycle(system: System, orderId: string, report: (ms: number) => void): Promise<void> {
  const first = await system.begin(orderId);
  const second = await timed(report, () => system.answer(orderId, first, drinkOrder));
  await timed(report, () => system.answer(orderId, second as string, verdict));
}

async function timed<T>(report: (ms: number) => void, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await work();
  report(performance.now() - begun);
  return result;
}

async function measureRaw(folder: string, seconds: number, transactions: readonly (readonly Write[])[]): Promise<Measured[]> {
  const store = await openStore({ folder, onFailure: (error) => console.error(error) });
  const once = createRawLifecycle(store, transactions);
  const results: Measured[] = [];
  for (const level of levels) results.push(await measure(level, seconds, once));
  await store.close();
  return results;
}

/** The writes of the tenth lifecycle: by then everything that is made once has been made. */
function recordLifecycle(): Promise<Write[][]> {
  return onNewFolder(async (folder) => {
    let transactions: Write[][] = [];
    const system = await openSystem(folder, (store) => {
      const recording = recordWrites(store);
      transactions = recording.transactions;
      return recording.store;
    });
    for (let i = 0; i < 9; i++) await lifecycle(system, `warm-${i}`, () => {});
    transactions.length = 0;
    await lifecycle(system, "recorded", () => {});
    await system.close();
    return transactions.slice();
  });
}
