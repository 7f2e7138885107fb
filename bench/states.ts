/**
 * State transitions a second: our core in memory and our engine on disk, beside the npm package aws-local-stepfunctions, which keeps
 * everything in memory. The same definitions everywhere, in one process, one after the other; and once more with JSONata for JSONPath. The ratios compare
 * processor time, which a busy disk or neighbour does not blur. `--quick` is a short look; `--no-peer` leaves the package out.
 */
import { cpus, loadavg } from "node:os";
import { type BenchOptions, count, measure, onNewFolder, printTable } from "./measure.ts";
import { openDurable } from "./states/durable.ts";
import { inMemory } from "./states/in-memory.ts";
import { inJsonata } from "./states/jsonata.ts";
import { openPeer, peerVersion } from "./states/local-step-functions.ts";
import { type Workload, workloads } from "./states/workloads.ts";

const inFlight = 64;
const turns = 3;

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
    rows.push([...rowOf(workload, theirs, [core, ...durable.paces]), `${durable.jsonata.toFixed(2)}×`]);
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
    "JSONata costs",
  ];
  printTable(
    `State transitions, and how many times those of aws-local-stepfunctions ${peerVersion} in the same processor time`,
    head,
    rows,
  );
  console.log(`durable: every execution's end on disk, with its history; 1 and ${inFlight} executions at a time.`);
  console.log(`JSONata costs: processor time of the same states in JSONata, ${inFlight} at a time, as a multiple of JSONPath's.`);
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
  if (typeof peer === "string") console.log(`aws-local-stepfunctions: ${peer}.`);
}

function rowOf({ name }: Workload, theirs: Pace | undefined, ours: readonly Pace[]): string[] {
  const ratio = ({ perProcessorSecond }: Pace): string =>
    theirs === undefined ? "–" : `${(perProcessorSecond / theirs.perProcessorSecond).toFixed(1)}×`;
  const perSecond = (one: Pace | undefined): string => (one === undefined ? "–" : count(one.perSecond));
  return [name, ...ours.map(ratio), ...ours.map(perSecond), perSecond(theirs)];
}

interface Measured {
  readonly paces: readonly Pace[];
  readonly jsonata: number;
}

/** JSONata and JSONPath take turns, so that a neighbour slows down both. */
async function measureDurable(folder: string, workload: Workload, seconds: number): Promise<Measured> {
  const queries = inJsonata(workload);
  const durable = await openDurable(folder, [workload, queries]);
  const once = (): Promise<void> => durable.run(workload);
  const alone = await pace(workload, 1, seconds, once);
  const many: Pace[] = [];
  const ratios: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const paths = await pace(workload, inFlight, seconds / 2, once);
    const jsonata = await pace(queries, inFlight, seconds / 2, () => durable.run(queries));
    many.push(paths);
    ratios.push(paths.perProcessorSecond / jsonata.perProcessorSecond);
  }
  await durable.close();
  return { paces: [alone, middle(many, ({ perProcessorSecond }) => perProcessorSecond)], jsonata: middle(ratios, (ratio) => ratio) };
}

function middle<T>(values: readonly T[], by: (value: T) => number): T {
  return values.toSorted((one, other) => by(one) - by(other))[Math.floor(values.length / 2)] as T;
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
