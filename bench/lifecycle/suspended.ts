/** Many executions that wait: what they cost in memory, and how soon after a kill the first callback is answered by resumed code. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { count, milliseconds, printTable } from "../measure.ts";
import { megabytesOf } from "../process-figures.ts";

const child = new URL("./suspended.child.ts", import.meta.url).pathname;

/** What the other process says, one JSON text a line. */
export type Word =
  | { readonly kind: "suspended"; readonly tokens: readonly string[]; readonly seconds: number }
  | { readonly kind: "answered" }
  | { readonly kind: "idle" };

export async function measureSuspended(executions: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-suspended-"));
  try {
    const first = begin(folder, [`${executions}`]);
    const suspended = await first.word("suspended");
    await first.word("idle");
    const made = memoryOf(first.process);
    await first.kill();
    const begun = performance.now();
    const second = begin(folder, ["0", suspended.tokens[0] as string]);
    await second.word("answered");
    const answeredMs = performance.now() - begun;
    await second.word("idle");
    const resumed = memoryOf(second.process);
    await second.kill();
    printTable(
      `${count(executions)} executions that wait for a callback`,
      ["", "of aim", "RSS", "of it anonymous", "of it the file's pages", "time"],
      [
        ["after starting them all", ratio(made.total, 300), ...megabytes(made), `${suspended.seconds.toFixed(1)} s`],
        ["after kill -9 and start, first callback resumed", ratio(answeredMs, 2_000), ...megabytes(resumed), milliseconds(answeredMs)],
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Memory {
  readonly total: number;
  readonly anonymous: number;
  readonly file: number;
}

/** Megabytes, from the kernel; the pages of the memory-mapped store can be dropped by it at any time. */
function memoryOf({ pid }: ChildProcess): Memory {
  return { total: megabytesOf(pid, "VmRSS"), anonymous: megabytesOf(pid, "RssAnon"), file: megabytesOf(pid, "RssFile") };
}

function megabytes({ total, anonymous, file }: Memory): string[] {
  return [total, anonymous, file].map((value) => `${Math.round(value)} MB`);
}

function ratio(value: number, aim: number): string {
  return `${(value / aim).toFixed(2)}×`;
}

function begin(folder: string, args: readonly string[]) {
  const process_ = spawn(process.execPath, ["--expose-gc", ...process.execArgv, child, folder, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const words = new Map<Word["kind"], Word>();
  const waiting = new Map<Word["kind"], (word: Word) => void>();
  createInterface({ input: process_.stdout }).on("line", (line) => {
    const word = JSON.parse(line) as Word;
    words.set(word.kind, word);
    waiting.get(word.kind)?.(word);
  });
  return {
    process: process_ as ChildProcess,
    word<K extends Word["kind"]>(kind: K): Promise<Extract<Word, { kind: K }>> {
      return new Promise<Word>((resolve, reject) => {
        const said = words.get(kind);
        if (said !== undefined) resolve(said);
        waiting.set(kind, resolve);
        process_.once("exit", (code) => reject(new Error(`the process ended with ${code}`)));
      }) as Promise<Extract<Word, { kind: K }>>;
    },
    kill: () =>
      new Promise<void>((resolve) => {
        process_.once("exit", () => resolve());
        process_.kill("SIGKILL");
      }),
  };
}
