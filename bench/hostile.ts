/**
 * What a guest waits for `GET /config` while strangers do their worst: a bar in a process of its own with its usual limits, the strangers in
 * another, one address for all. `npm run bench -- hostile [ATTACK ...]`.
 */
import { fork } from "node:child_process";
import { get } from "node:http";
import { setPriority } from "node:os";
import { join } from "node:path";
import { UsageError } from "@serverlesspresso/commands";
import { startServer } from "../test/support/server.ts";
import { attacks } from "./hostile/attacks.ts";
import { type BenchOptions, count, milliseconds, onNewFolder, percentile, printTable } from "./measure.ts";

/** Beyond the 9 s after which links without CONNECT are ended. */
const seconds = 12;

/** Runs the attacks that are named, all without a name, and prints a table. @throws {UsageError} for a name that no attack has */
export async function run({ parts }: BenchOptions): Promise<void> {
  const names = parts.length === 0 ? Object.keys(attacks) : parts;
  const unknown = names.find((name) => !Object.hasOwn(attacks, name));
  if (unknown !== undefined) throw new UsageError(`the attack is "${unknown}", expected one of ${Object.keys(attacks).join("; ")}`);
  const rows: string[][] = [];
  for (const name of ["nobody", ...names]) rows.push(await onNewFolder((folder) => row(folder, name)));
  printTable(`GET /config while strangers attack for ${seconds} s`, ["attack", "asked", "p50", "p99", "longest", "failed"], rows);
}

async function row(dataFolder: string, name: string): Promise<string[]> {
  const server = await startServer({ dataFolder, environment: { RATE_LIMIT_FACTOR: "1" } });
  // A bar that has just started is not what is measured.
  for (let at = 0; at < 200; at++) await ask(`${server.url}/config`);
  const child = name === "nobody" ? undefined : fork(join(import.meta.dirname, "hostile/attack.child.ts"), [name, server.url]);
  // Strangers have a machine of their own; here they take what is left of this one.
  if (child?.pid !== undefined) setPriority(child.pid, 5);
  try {
    const { latencies, failed } = await probe(`${server.url}/config`);
    const sorted = latencies.sort((a, b) => a - b);
    return [
      name,
      count(sorted.length),
      milliseconds(percentile(sorted, 0.5)),
      milliseconds(percentile(sorted, 0.99)),
      milliseconds(sorted.at(-1) ?? Number.NaN),
      count(failed),
    ];
  } finally {
    child?.kill("SIGKILL");
    await server.kill();
  }
}

/** Asks every 20 ms, whether or not the last answer has come: a guest does not wait for another. */
async function probe(url: string): Promise<{ latencies: number[]; failed: number }> {
  const latencies: number[] = [];
  const asked: Promise<void>[] = [];
  let failed = 0;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const from = performance.now();
    asked.push(
      ask(url).then(
        () => void latencies.push(performance.now() - from),
        () => void (failed += 1),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.all(asked);
  return { latencies, failed };
}

function ask(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { timeout: 15_000 }, (response) => {
      response.resume();
      response.on("end", () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))));
    })
      .on("error", reject)
      .on("timeout", () => reject(new Error("no answer")));
  });
}
