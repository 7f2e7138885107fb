/** Records a run of the store, cuts its power in many ways, and starts on what is left. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cutsOf, fates, imageOf } from "./images.ts";
import { readTrace, type TraceRecord } from "./trace.ts";

/** What came of it. `violations` names the image and what was lost. */
export interface PowerCuts {
  readonly images: number;
  readonly acknowledged: number;
  readonly syncs: number;
  readonly violations: readonly string[];
}

const here = import.meta.dirname;
const imagesAtATime = 20;

/** Why the suite cannot run here, in words; undefined where it can. */
export function cannotRun(): string | undefined {
  if (process.platform !== "linux") return `the shim is written for Linux, this is ${process.platform}`;
  return spawnSync("cc", ["--version"]).error === undefined ? undefined : "there is no C compiler (cc) to build the shim with";
}

/** Runs the suite. @param seed of the images; a seed gives the same cuts of the same trace */
export async function cutPower(options: { images: number; seed: number; report?: (line: string) => void }): Promise<PowerCuts> {
  const place = mkdtempSync(join(tmpdir(), "power-cut-"));
  try {
    const records = await record(place);
    return await startOnImages(place, records, options);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function record(place: string): Promise<TraceRecord[]> {
  const [shim, trace, folder] = [join(place, "shim.so"), join(place, "trace"), join(place, "data")];
  const built = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", shim, join(here, "shim.c"), "-ldl", "-lpthread"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the shim does not compile:\n${built.stderr}`);
  const store = join(folder, "store.mdb");
  const environment = { LD_PRELOAD: shim, POWER_CUT_FILES: `${store}:${store}-witness`, POWER_CUT_TRACE: trace };
  // One record's number counts from the start of its process, so there is one.
  const writer = await run([join(here, "writer.child.ts"), folder, "260"], environment);
  if (writer.code !== 0) throw new Error(`the writer ended with ${writer.code}:\n${writer.output}`);
  return readTrace(trace);
}

async function startOnImages(
  place: string,
  records: readonly TraceRecord[],
  { images, seed, report = () => {} }: { images: number; seed: number; report?: (line: string) => void },
): Promise<PowerCuts> {
  const random = createRandom(seed);
  const cuts = cutsOf(records);
  const violations: string[] = [];
  for (let first = 0; first < images; first += imagesAtATime) {
    const batch = Array.from({ length: Math.min(imagesAtATime, images - first) }, (_, index) => {
      const fate = fates[(first + index) % fates.length] as (typeof fates)[number];
      const cut = cuts[Math.floor(random() * cuts.length)] as number;
      const { files, acknowledged } = imageOf(records, cut, fate, random);
      const folder = join(place, `image-${first + index}`);
      mkdirSync(folder);
      for (const [file, name] of [
        [files[0], "store.mdb"],
        [files[1], "store.mdb-witness"],
      ] as const) {
        if (file.length > 0) writeFileSync(join(folder, name), file);
      }
      return { folder, name: `cut before record ${cut} of ${records.length}, what was pending ${fate}`, acknowledged };
    });
    const verdicts = await judge(batch);
    for (const [index, { name, folder }] of batch.entries()) {
      const verdict = verdicts[index] ?? "the process that started on it ended";
      if (verdict !== "whole") violations.push(`${name}: ${verdict}`);
      rmSync(folder, { recursive: true });
    }
    report(`${first + batch.length} images, ${violations.length} violations`);
  }
  const prints = records.filter(({ kind }) => kind === "print").length;
  return { images, acknowledged: prints, syncs: records.filter(({ kind }) => kind === "synced").length, violations };
}

/** A line for each image; a process that dies of one leaves the rest to the next. */
async function judge(batch: readonly { folder: string; acknowledged: number }[]): Promise<string[]> {
  const verdicts: string[] = [];
  while (verdicts.length < batch.length) {
    const rest = batch.slice(verdicts.length).map(({ folder, acknowledged }) => `${folder}=${acknowledged}`);
    const { output, code } = await run([join(here, "check.child.ts"), ...rest]);
    verdicts.push(...output.split("\n").filter((line) => line !== ""));
    if (code !== 0) verdicts.push(`the process that started on it ended with ${code}`);
  }
  return verdicts;
}

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<{ code: number | string | null; output: string }> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => child.once("close", (code, signal) => resolve({ code: signal ?? code, output })));
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
