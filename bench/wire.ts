/**
 * The order's life over signed HTTP: StartExecution, an SQS queue that a rule fills with task tokens, SendTaskSuccess twice, each message
 * deleted. The client is a process of its own and as cheap as can be. Beside it the floor: the same calls to a bare HTTP server
 * of Node that verifies nothing and writes the same bytes. `--quick` is a short look; `--no-peer` leaves MiniStack out.
 */
import { spawn } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { readCredentials } from "../platforms/local/src/aws/credentials.ts";
import { startServer } from "../test/support/server.ts";
import { type BenchOptions, count, milliseconds, onNewFolder, percentile, printTable } from "./measure.ts";
import { type Driven, type DriverSettings, drive } from "./wire/driver.ts";
import { drivePeer, peerVersion } from "./wire/ministack.ts";

type Load = Pick<DriverSettings, "levels" | "seconds">;

const floorProgram = join(import.meta.dirname, "wire/floor.child.ts");
/** The floor and the peer verify none. */
const noCredentials = { accessKeyId: "AKIAAAAAAAAAAAAAAAAA", secretAccessKey: "x".repeat(40) };

/** Runs the benchmark and prints its table. */
export async function run({ isQuick, isWithoutPeer }: BenchOptions): Promise<void> {
  const busy = loadavg()[0] as number;
  const load: Load = { levels: [1, 64, 512], seconds: isQuick ? 2 : 5 };
  const ours = await onNewFolder((folder) => driveOurs(folder, load));
  const floor = await onNewFolder((folder) => driveFloor(folder, load));
  const peer = isWithoutPeer ? "left out" : await drivePeer((port, pid) => drive({ ...load, ...noCredentials, port, pid }));
  const rows = load.levels.map((level, i) => rowOf(level, ours[i]!, floor[i]!, typeof peer === "string" ? undefined : peer[i]));
  const head = [
    "in flight",
    "of floor",
    "of MiniStack",
    "lifecycles/s",
    "callback→token p50",
    "p99",
    "a call",
    "a lifecycle",
    "floor/s",
    "p50",
    "a call",
    "MiniStack/s",
    "p50",
  ];
  printTable("Order lifecycles over signed HTTP; a call and a lifecycle in the server's processor time", head, rows);
  console.log(`${cpus().length} processors, shared with the client; ${busy.toFixed(1)} of them busy with something else before.`);
  if (typeof peer === "string") console.log(`MiniStack ${peerVersion}: ${peer}.`);
}

function rowOf(level: number, ours: Driven, floor: Driven, peer: Driven | undefined): string[] {
  const ratio = (other: Driven | undefined): string => (other === undefined ? "–" : `${(ours.perSecond / other.perSecond).toFixed(2)}×`);
  const p50 = (driven: Driven | undefined): string => milliseconds(percentile(driven?.latencies ?? [], 0.5));
  return [
    `${level}`,
    ratio(floor),
    ratio(peer),
    count(ours.perSecond),
    p50(ours),
    milliseconds(percentile(ours.latencies, 0.99)),
    milliseconds(ours.msPerCall),
    milliseconds(ours.msPerLifecycle),
    count(floor.perSecond),
    p50(floor),
    milliseconds(floor.msPerCall),
    peer === undefined ? "–" : count(peer.perSecond),
    p50(peer),
  ];
}

async function driveOurs(dataFolder: string, load: Load): Promise<Driven[]> {
  const server = await startServer({ dataFolder });
  try {
    const credentials = readCredentials(dataFolder);
    if (credentials === undefined) throw new Error("the bar made no access key");
    return await drive({ ...load, ...credentials, port: Number(new URL(server.url).port), pid: server.pid });
  } finally {
    await server.kill();
  }
}

async function driveFloor(folder: string, load: Load): Promise<Driven[]> {
  const server = spawn(process.execPath, [floorProgram, folder], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise<number>((resolve) => server.stdout.once("data", (text) => resolve(Number(text))));
    return await drive({ ...load, ...noCredentials, port, pid: server.pid ?? 0 });
  } finally {
    server.kill("SIGKILL");
  }
}
