import { readdirSync, readFileSync } from "node:fs";

/** What a process has used up to now. Linux alone says it; elsewhere every figure is NaN. */
export interface Usage {
  /** Of all its threads. */
  readonly processorMs: number;
  /** What it holds now, files that are mapped included. */
  readonly residentBytes: number;
}

/** Reads what a process has used. */
export function usageOf(pid: number): Usage {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"));
    const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return {
      processorMs: threads.reduce((sum, line) => sum + Number.parseInt(line, 10) / 1e6, 0),
      residentBytes: Number(resident) * 1_024,
    };
  } catch {
    return { processorMs: Number.NaN, residentBytes: Number.NaN };
  }
}
