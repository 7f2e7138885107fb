/** What the kernel says of another process. Linux alone does; elsewhere every figure is NaN. */
import { readdirSync, readFileSync } from "node:fs";

/** What a process has used up to now. */
export interface Usage {
  /** Processor time of its threads, those left out that have ended. */
  readonly processorMs: number;
  /** What it holds now, files that are mapped included. */
  readonly megabytes: number;
}

/** Reads what a process has used. */
export function usageOf(pid: number): Usage {
  return { processorMs: processorMsOf(pid), megabytes: megabytesOf(pid, "VmRSS") };
}

/** Returns the megabytes that `/proc/PID/status` has under `name`, such as `VmRSS`. */
export function megabytesOf(pid: number | undefined, name: string): number {
  return orNaN(() => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024);
}

function processorMsOf(pid: number): number {
  return orNaN(() => {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"));
    return threads.reduce((sum, line) => sum + Number.parseInt(line, 10) / 1e6, 0);
  });
}

function orNaN(read: () => number): number {
  try {
    return read();
  } catch {
    return Number.NaN;
  }
}
