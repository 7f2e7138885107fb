/**
 * State transitions a second: our core in memory and our engine on disk, beside the npm package aws-local-stepfunctions, which keeps
 * everything in memory. The same definitions everywhere, in one process, one after the other.
 * `states --quick` is a short look; `--no-peer` leaves the package out.
 */
import { cpus, loadavg } from "node:os";
import { count, measure, onNewFolder, printTable } from "./measure.ts";
import { openDurable } from "./states/durable.ts";
import { inMemory } from "./states/in-memory.ts";
import { openPeer, peerVersion } from "./states/local-step-functions.ts";
import { type Workload, workloads } from "./states/workloads.ts";

const inFlight = 64;

export async function run(args: readonly string[]): Promise<void> {
  const busy = loadavg()[0] as number;
  const seconds = args.includes("--quick") ? 1 : 4;
  const peer = args.includes("--no-peer") ? "left out" : await openPeer();
  const rows: string[][] = [];
  for (const workload of workloads) {
    const theirs = typeof peer === "string" ? undefined : await transitions(workload, 1, seconds, peer(workload));
    const core = await transitions(workload, 1, seconds, inMemory(workload));
    const durable = await onNewFolder((folder) => measureDurable(folder, workload, seconds));
    rows.push(rowOf(workload, theirs, core, durable));
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
  printTable(`State transitions a second, and how many times those of aws-local-stepfunctions ${peerVersion}`, head, rows);
  console.log(`durable: every execution's end on disk, with its history; 1 and ${inFlight} executions at a time.`);
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
  if (typeof peer === "string") console.log(`aws-local-stepfunctions: ${peer}.`);
}

function rowOf({ name }: Workload, theirs: number | undefined, core: number, [one, many]: readonly [number, number]): string[] {
  const ours = [core, one, many];
  const ratios = ours.map((value) => (theirs === undefined ? "–" : `${(value / theirs).toFixed(1)}×`));
  return [name, ...ratios, ...ours.map(count), theirs === undefined ? "–" : count(theirs)];
}

async function measureDurable(folder: string, workload: Workload, seconds: number): Promise<readonly [number, number]> {
  const durable = await openDurable(folder);
  const once = (): Promise<void> => durable.run(workload);
  const results = [await transitions(workload, 1, seconds, once), await transitions(workload, inFlight, seconds, once)] as const;
  await durable.close();
  return results;
}

async function transitions(workload: Workload, level: number, seconds: number, once: () => Promise<void>): Promise<number> {
  return (await measure(level, seconds, once)).perSecond * workload.transitions;
}
