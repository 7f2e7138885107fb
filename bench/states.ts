/**
 * State transitions a second: our core in memory and our engine on disk, beside the npm package aws-local-stepfunctions, which keeps
 * everything in memory. The same definitions everywhere, in one process, one after the other. The ratios compare processor time, which a busy
 * disk or neighbour does not blur. `--quick` is a short look; `--no-peer` leaves the package out.
 */
import { cpus, loadavg } from "node:os";
import { type BenchOptions, count, measure, onNewFolder, printTable } from "./measure.ts";
import { openDurable } from "./states/durable.ts";
import { inMemory } from "./states/in-memory.ts";
import { openPeer, peerVersion } from "./states/local-step-functions.ts";
import { type Workload, workloads } from "./states/workloads.ts";

const inFlight = 64;

interface Pace {
  readonly perSecond: number;
  /** Of processor time, all threads together. */
  readonly perProcessorSecond: number;
}

/** Runs the benchmark and prints its table. */
export async function run({ isQuick, isWithoutPeer }: BenchOptions): Promise<void> {
  const busy = loadavg()[0] as number;
  const seconds = isQuick ? 1 : 4;
  const peer = isWithoutPeer ? "left out" : await openPeer();
  const rows: string[][] = [];
  for (const workload of workloads) {
    const theirs = typeof peer === "string" ? undefined : await pace(workload, 1, seconds, peer(workload));
    const core = await pace(workload, 1, seconds, inMemory(workload));
    const durable = await onNewFolder((folder) => measureDurable(folder, workload, seconds));
    rows.push(rowOf(workload, theirs, [core, ...durable]));
  }
  const head = [
    "",
    "in memory ×",
    "durable ×",
    `durable, ${inFlight} ×`,
    "in memory/s",
    "durable/s",
    `durable, ${inFlight}/s`,
    "the package/s",
  ];
  printTable(
    `State transitions, and how many times those of aws-local-stepfunctions ${peerVersion} in the same processor time`,
    head,
    rows,
  );
  console.log(`durable: every execution's end on disk, with its history; 1 and ${inFlight} executions at a time.`);
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
  if (typeof peer === "string") console.log(`aws-local-stepfunctions: ${peer}.`);
}

function rowOf({ name }: Workload, theirs: Pace | undefined, ours: readonly Pace[]): string[] {
  const ratio = ({ perProcessorSecond }: Pace): string =>
    theirs === undefined ? "–" : `${(perProcessorSecond / theirs.perProcessorSecond).toFixed(1)}×`;
  const perSecond = (one: Pace | undefined): string => (one === undefined ? "–" : count(one.perSecond));
  return [name, ...ours.map(ratio), ...ours.map(perSecond), perSecond(theirs)];
}

async function measureDurable(folder: string, workload: Workload, seconds: number): Promise<readonly Pace[]> {
  const durable = await openDurable(folder);
  const once = (): Promise<void> => durable.run(workload);
  const paces = [await pace(workload, 1, seconds, once), await pace(workload, inFlight, seconds, once)];
  await durable.close();
  return paces;
}

async function pace({ transitions }: Workload, level: number, seconds: number, once: () => Promise<void>): Promise<Pace> {
  let executions = 0;
  await once();
  const begun = process.cpuUsage();
  const { perSecond } = await measure(level, seconds, async () => {
    await once();
    executions++;
  });
  const { user, system } = process.cpuUsage(begun);
  return { perSecond: perSecond * transitions, perProcessorSecond: (executions * transitions * 1_000_000) / (user + system) };
}
