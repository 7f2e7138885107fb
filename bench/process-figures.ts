/** What the kernel says of another process: `/proc`, so Linux alone. */
import { readFileSync } from "node:fs";

/** Returns the megabytes that `/proc/PID/status` has under `name`, such as `VmRSS`; NaN where it lacks the line. */
export function megabytesOf(pid: number | undefined, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Returns the milliseconds of processor time that the process has taken, all threads together, in the kernel's steps of ten. */
export function processorMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name, in parentheses, and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
