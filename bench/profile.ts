/** Processor profiles of a server that is measured: `--cpu-prof` writes one as the process ends. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { shopFlags } from "../tools/shop-flags.mjs";

const Profile = z.object({
  nodes: z.array(z.object({ id: z.number(), callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }) })),
  startTime: z.number(),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
type Profile = z.infer<typeof Profile>;

/** The time that counts, in microseconds of the machine's steady clock, which all processes share. */
export interface Span {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Microseconds of the machine's steady clock. */
export const steadyUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** The command that runs `file` as the shop is run, with a profile of it in `folder` where one is given. */
export function profiled(file: string, folder: string | undefined): string[] {
  if (folder === undefined) return [process.execPath, ...shopFlags, file];
  mkdirSync(folder, { recursive: true });
  return [process.execPath, ...shopFlags, "--cpu-prof", `--cpu-prof-dir=${folder}`, file];
}

/** Prints where the main thread of a process that has ended was most of the time, idleness aside. */
export function printProfile(folder: string, pid: number, span: Span): void {
  const name = readdirSync(folder).find((each) => each.includes(`.${pid}.0.`));
  if (name === undefined) throw new Error(`the process ${pid} left no profile in ${folder}`);
  const path = join(folder, name);
  console.log(`\n${path}, self time of the main thread while busy:`);
  for (const line of topLines(Profile.parse(JSON.parse(readFileSync(path, "utf8"))), span)) console.log(line);
}

/** The first ten places by self time within `span`, and their share. */
export function topLines({ nodes, startTime, samples, timeDeltas }: Profile, { fromUs, untilUs }: Span): string[] {
  const placeOf = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map<string, number>();
  let atUs = startTime;
  let busy = 0;
  for (const [i, id] of samples.entries()) {
    const deltaUs = timeDeltas[i] ?? 0;
    atUs += deltaUs;
    const place = placeOf.get(id) ?? "";
    if (atUs < fromUs || atUs > untilUs || place === "(idle)") continue;
    spent.set(place, (spent.get(place) ?? 0) + deltaUs);
    busy += deltaUs;
  }
  const first = [...spent].sort(([, a], [, b]) => b - a).slice(0, 10);
  return first.map(([place, us]) => `${((us / busy) * 100).toFixed(1).padStart(5)} %  ${place}`);
}

function nameOf({ functionName, url, lineNumber }: Profile["nodes"][number]["callFrame"]): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  return url === "" ? name : `${name}  ${url.split("/").slice(-3).join("/")}:${lineNumber + 1}`;
}
