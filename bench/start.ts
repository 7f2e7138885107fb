/**
 * How long the shop takes from the start of its process until it says where it is served, on a folder that holds many orders; beside it what
 * Node and the loading of the sources take of that. `npm run bench -- start [CLOSED]`: 100,000 orders that are over by default, and 400 open ones.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { UsageError } from "@serverlesspresso/commands";
import { adminEmail, adminPassword, freePort } from "../test/support/server.ts";
import { shopFlags } from "../tools/shop-flags.mjs";
import { type BenchOptions, count, onNewFolder, percentile, printTable } from "./measure.ts";
import { fillFolder } from "./start/folder.ts";

const open = 400;
const rounds = 7;
const sources = join(import.meta.dirname, "../platforms/local/src");

/** Runs the benchmark and prints its table. @throws {UsageError} */
export async function run({ parts: [orders], isQuick }: BenchOptions): Promise<void> {
  const closed = Number(orders ?? (isQuick ? 5_000 : 100_000));
  if (!Number.isSafeInteger(closed) || closed < 0) throw new UsageError(`the closed orders are "${orders}", expected a whole number`);
  await onNewFolder((dataFolder) =>
    onNewFolder(async (compiled) => {
      await fillFolder(dataFolder, closed, open);
      const program = (args: readonly string[], isDone: RegExp) => timed(args, isDone, compiled);
      const start = async () => program([join(sources, "main.ts"), "--port", `${await freePort()}`, "--data", dataFolder], /https?:\/\//);
      const load = (script: string) => program(["--input-type=module", "-e", `${script}; console.log("done")`], /done/);
      const first = [await start()];
      const [node, loaded, started]: [number[], number[], number[]] = [[], [], []];
      for (let round = 0; round < rounds; round++) {
        node.push(await load(""));
        loaded.push(await load(`await import(${JSON.stringify(join(sources, "platform.ts"))})`));
        started.push(await start());
      }
      const rows = [
        row("Node alone", node),
        row("and its sources loaded", loaded),
        row("the shop is served", started),
        row("the same at the very first start", first),
      ];
      printTable(
        `A start with ${count(closed)} closed and ${open} open orders, from the start of the process`,
        ["", "median", "least", "most"],
        rows,
      );
    }),
  );
}

function row(name: string, times: readonly number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  return [name, ...[0.5, 0, 1].map((share) => `${count(percentile(sorted, share))} ms`)];
}

/** Milliseconds until the program prints what is looked for; it is ended then, in order. */
async function timed(args: readonly string[], isDone: RegExp, compiled: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...shopFlags, ...args], {
    env: { ...process.env, ADMIN_EMAIL: adminEmail, ADMIN_PASSWORD: adminPassword, NODE_COMPILE_CACHE: compiled },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  const took = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      if (isDone.test(output)) resolve(performance.now() - begun);
    });
    child.once("close", (code) => reject(new Error(`the program ended with ${code}:\n${output}`)));
  });
  child.kill("SIGTERM");
  await new Promise((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.once("close", resolve) : resolve(undefined),
  );
  return took;
}
