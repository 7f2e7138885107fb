import { type Usage, usageOf } from "../process-figures.ts";
import type { Crowd } from "./crowd.ts";
import { instantMs, type Login, type Place } from "./messages.ts";
import { type Probed, probeUntil } from "./probe.ts";
import type { Subject } from "./subject.ts";

/** What so many phones cost a server. Times in milliseconds. */
export interface Level {
  readonly linkProcessorMs: number;
  readonly readProcessorMs: number;
  readonly megabytesPerPhone: number;
  readonly megabytesInAll: number;
  readonly fanOut: { readonly firstMs: number; readonly lastMs: number; readonly processorMs: number };
  readonly restart: {
    /** From the kill, and from when it serves again, until every phone has its topics and has read its state. */
    readonly fromKillMs: number;
    readonly fromServingMs: number;
    readonly processorMs: number;
    readonly megabytes: number;
    readonly refused: Readonly<Record<string, number>>;
    readonly calls: Probed;
  };
}

/** So many come at a time while nothing is wrong. */
const usualAtOnce = 32;
const warmUp = 300;
const fanOuts = 5;

/** Measures one number of phones on a server that is started for it, and ends it. */
export async function measureLevel(subject: Subject, crowd: Crowd, logins: readonly Login[], token: string): Promise<Level> {
  const { port } = subject;
  let pid = await subject.start();
  let place: Place = { port, truth: await subject.change(2) };
  try {
    await comeOnce(crowd, logins.slice(0, warmUp), place);
    await crowd.perform({ do: "take", logins });
    const before = usageOf(pid);
    await crowd.perform({ do: "link", place, atOnce: usualAtOnce });
    const linked = usageOf(pid);
    await crowd.perform({ do: "read", atOnce: usualAtOnce });
    const after = usageOf(pid);
    const fanOut = await measureFanOut(subject, crowd, pid);
    place = { port, truth: await subject.change(3) };
    const killedMs = instantMs();
    await subject.kill();
    const back = crowd.perform({ do: "return", place });
    pid = await subject.start();
    const servingMs = instantMs();
    const started = usageOf(pid);
    const [{ lastMs, refused }, calls] = await Promise.all([back, probeUntil(back, `http://127.0.0.1:${port}${subject.call}`, token)]);
    const ended = usageOf(pid);
    return {
      linkProcessorMs: processorMs(before, linked) / logins.length,
      readProcessorMs: processorMs(linked, after) / logins.length,
      megabytesPerPhone: (linked.megabytes - before.megabytes) / logins.length,
      megabytesInAll: after.megabytes,
      fanOut,
      restart: {
        fromKillMs: lastMs - killedMs,
        fromServingMs: lastMs - servingMs,
        processorMs: processorMs(started, ended) / logins.length,
        megabytes: ended.megabytes,
        refused,
        calls,
      },
    };
  } finally {
    await subject.kill();
    await crowd.perform({ do: "leave" });
  }
}

/** A server that has just started is not what is measured. */
async function comeOnce(crowd: Crowd, logins: readonly Login[], place: Place): Promise<void> {
  await crowd.perform({ do: "take", logins });
  await crowd.perform({ do: "link", place, atOnce: usualAtOnce });
  await crowd.perform({ do: "read", atOnce: usualAtOnce });
  await crowd.perform({ do: "leave" });
}

/** The median of some changes of the config, each from the call until every phone has its message. */
async function measureFanOut(subject: Subject, crowd: Crowd, pid: number): Promise<Level["fanOut"]> {
  const rounds: Level["fanOut"][] = [];
  for (let round = 0; round < fanOuts; round++) {
    const before = usageOf(pid);
    let fromMs = 0;
    const { firstMs, lastMs } = await crowd.receive(async () => {
      fromMs = instantMs();
      await subject.change(4 + round);
    });
    rounds.push({ firstMs: firstMs - fromMs, lastMs: lastMs - fromMs, processorMs: processorMs(before, usageOf(pid)) });
  }
  const medianOf = (member: keyof Level["fanOut"]): number =>
    rounds.map((round) => round[member]).sort((a, b) => a - b)[fanOuts >> 1] as number;
  return { firstMs: medianOf("firstMs"), lastMs: medianOf("lastMs"), processorMs: medianOf("processorMs") };
}

function processorMs(from: Usage, to: Usage): number {
  return to.processorMs - from.processorMs;
}
