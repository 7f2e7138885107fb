/**
 * What watching costs: the processor's time of an order's life without a feed, with one that has no watcher, and with one operator who watches
 * everything, in short turns, so that whatever else the machine does falls on all three alike.
 */
import { drinkOrder, openSystem, type System, verdict } from "./lifecycle/system.ts";
import { type BenchOptions, count, onNewFolder, percentile, printTable } from "./measure.ts";

const inFlight = 64;
const lives = 320;
const rounds = 18;
const cases = ["no feed", "nobody watches", "one operator watches"] as const;

/** Runs the benchmark and prints its table. */
export async function run({ isQuick }: BenchOptions): Promise<void> {
  await onNewFolders(cases.length, async (folders) => {
    const systems = await Promise.all(folders.map((folder, i) => openSystem(folder, undefined, i > 0)));
    const watched = watch(systems[2] as System);
    const times = await inTurns(systems, isQuick ? rounds / 3 : rounds);
    for (const system of systems) {
      system.feed.close();
      await system.close();
    }
    const base = median(times[0] ?? []);
    const rows = cases.map((name, i) => {
      const own = times[i] ?? [];
      return [name, (median(own) / base).toFixed(3), ...[median(own), Math.min(...own), Math.max(...own)].map((us) => `${count(us)} µs`)];
    });
    printTable(`Processor time of an order's life, ${inFlight} in flight`, ["", "of no feed", "median", "least", "most"], rows);
    console.log(`${count(await watched)} entries were told.`);
  });
}

/** Microseconds of an order's life in each turn of each system; each is first, second and third in its turn. */
async function inTurns(systems: readonly System[], number: number): Promise<number[][]> {
  const times = systems.map((): number[] => []);
  for (let round = -systems.length; round < number; round++) {
    for (let i = 0; i < systems.length; i++) {
      const at = (round + systems.length + i) % systems.length;
      const time = await turn(systems[at] as System, `${round}`);
      // The first ones warm up.
      if (round >= 0) times[at]?.push(time);
    }
  }
  return times;
}

async function turn(system: System, name: string): Promise<number> {
  let begun = 0;
  const before = process.cpuUsage();
  const loop = async (): Promise<void> => {
    while (begun < lives) await lifecycle(system, `o-${name}-${begun++}`);
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  const { user, system: kernel } = process.cpuUsage(before);
  return (user + kernel) / lives;
}

async function lifecycle(system: System, orderId: string): Promise<void> {
  const first = await system.begin(orderId);
  const second = await system.answer(orderId, first, drinkOrder);
  await system.answer(orderId, second as string, verdict);
}

/** Watches until the feed is closed. Resolves with how many entries there were. */
async function watch({ feed }: System): Promise<number> {
  const watcher = feed.watch();
  let entries = 0;
  for (let told = await watcher.take(); told !== undefined; told = await watcher.take()) entries += told.length;
  return entries;
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function onNewFolders<T>(number: number, work: (folders: readonly string[]) => Promise<T>, folders: readonly string[] = []): Promise<T> {
  return folders.length === number ? work(folders) : onNewFolder((folder) => onNewFolders(number, work, [...folders, folder]));
}
