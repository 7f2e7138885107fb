/** Times as people read them. */

/** So far our estimate of the server's clock may be behind it; what goes beyond a whole second by less begins no further one. */
const CLOCK_ERROR_MS = 250;

/** A countdown as minutes and seconds, `4:05`; never below zero. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil((ms - CLOCK_ERROR_MS) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** How old something is, in whole seconds below a minute, then in whole minutes. */
export function age(ms: number): { readonly value: number; readonly unit: "s" | "min" } {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? { value: seconds, unit: "s" } : { value: Math.floor(seconds / 60), unit: "min" };
}

/** How pressing an age is: under 2 minutes, under 5, and beyond. */
export type Urgency = "calm" | "soon" | "late";

/** @param thresholds in ms; the first two ages at which it becomes more pressing. */
export function urgency(ms: number, thresholds: readonly [number, number] = [120_000, 300_000]): Urgency {
  return ms < thresholds[0] ? "calm" : ms < thresholds[1] ? "soon" : "late";
}

/** The first word of a name, for a screen that everybody sees. */
export const firstName = (name: string): string => name.split(/\s+/)[0] ?? "";
