/**
 * Each function's bundle: its size, and how long its cold start takes, from the start of a process to its first question for work, as
 * Lambda's runtime does it: in its own runtime client, in ours where that cannot be built. Beside it, the same for a function that does
 * nothing. `--quick` looks at three of them once.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runtimeFunctions } from "../platforms/aws/src/runtime/functions.ts";
import { bundleOf } from "../test/lambda/support/bundles.ts";
import { startRuntime } from "../test/lambda/support/runtime-api.ts";
import { chooseRuntimeClient, type RuntimeClient } from "../test/lambda/support/runtime-client.ts";
import { type BenchOptions, count, milliseconds, onNewFolder, percentile, printTable } from "./measure.ts";

/** Whatever a function may want to read; nothing of it is called. */
const environment = {
  AWS_REGION: "us-east-1",
  USER_POOL_ID: "us-east-1_bench",
  USER_POOL_CLIENT_ID: "bench",
  ORDER_PROCESSOR_ARN: "arn:aws:states:us-east-1:123456789012:stateMachine:OrderProcessorWorkflow",
  GUEST_SIGN_IN: "on",
};

/** Runs the benchmark and prints its table. */
export async function run({ isQuick }: BenchOptions): Promise<void> {
  const busy = loadavg()[0] as number;
  const client = chooseRuntimeClient();
  const starts = isQuick ? 1 : 5;
  const names = isQuick ? ["SanitizeOrder", "PublishUser", "SpendToken"] : runtimeFunctions.map(({ name }) => name);
  const bareMs = await onNewFolder(async (folder) => {
    const file = join(folder, "index.mjs");
    writeFileSync(file, "export const handler = async () => {};");
    return coldStart(client, "Nothing", file, starts);
  });
  const rows: string[][] = [];
  for (const name of names) {
    const file = await bundleOf(name);
    const code = readFileSync(file);
    const startMs = await coldStart(client, name, file, starts);
    rows.push([name, `${(startMs / bareMs).toFixed(2)}×`, milliseconds(startMs), count(code.length), count(gzipSync(code).length)]);
  }
  printTable(
    "Lambda's bundles; × of the cold start of a function that does nothing",
    ["function", "cold start ×", "cold start", "bytes", "gzip"],
    rows,
  );
  console.log(`The median of ${starts}. Runtime client: ${client.name}${client.because === undefined ? ", Lambda's own" : ""}.`);
  console.log(`Nothing: ${milliseconds(bareMs)}, most of it Node's own start. Lambda's is slower: it has a part of a processor.`);
  console.log(`${cpus().length} processors; ${busy.toFixed(1)} of them busy with something else before.`);
}

async function coldStart(client: RuntimeClient, name: string, file: string, starts: number): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < starts; n++) {
    const runtime = await startRuntime({ client, name, bundle: file, memoryMb: 256, timeoutSeconds: 3, environment });
    taken.push(await runtime.initMs);
    await runtime.stop();
  }
  return percentile(
    taken.sort((a, b) => a - b),
    0.5,
  );
}
