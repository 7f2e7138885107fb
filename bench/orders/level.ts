/** One level of the closed loop: a new bar, so many guests, then the floor. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { surveyStore } from "@serverlesspresso/store";
// Whatever writes records declares their kinds.
import "../../platforms/local/src/platform.ts";
import { type Measured, measure } from "../measure.ts";
import { usageOf } from "../process-figures.ts";
import { printProfile, steadyUs } from "../profile.ts";
import { type OpenedBar, openBar } from "./bar.ts";
import { type Bodies, measureFloor } from "./floor.ts";
import { type Call, calls, createGuest } from "./guest.ts";
import { createRefusals } from "./refusals.ts";

/** What a level gives; times in milliseconds. */
export interface Figures {
  readonly orders: Measured;
  readonly latencies: Readonly<Record<Call, readonly number[]>>;
  readonly refused: string;
  /** An order's. */
  readonly processorMs: number;
  readonly diskBytes: number;
  /** The server's, at the end. */
  readonly megabytes: number;
  readonly floor: Measured;
}

/** Measures `level` guests on a bar in a new folder; a profile of it goes into `profileFolder`, where one is given. */
export async function measureLevel(folder: string, level: number, seconds: number, profileFolder: string | undefined): Promise<Figures> {
  const bar = await openBar(folder, profileFolder);
  const bodies: Bodies = {};
  const before = await bytesIn(folder);
  const { played, ...load } = await loadBar(bar, level, seconds, bodies);
  const { pid } = bar.server;
  const { megabytes } = usageOf(pid);
  await bar.close();
  if (profileFolder !== undefined) printProfile(profileFolder, pid, load.span);
  const after = await bytesIn(folder);
  const floor = await measureFloor((after.stored - before.stored) / played, bodies, bar.code, level, Math.min(seconds, 3));
  return { ...load, diskBytes: (after.files - before.files) / played, megabytes, floor };
}

/** Plays orders for a while unmeasured, since a process that has just started is not what is measured, then measured. */
async function loadBar({ server, barista, code, finished }: OpenedBar, level: number, seconds: number, bodies: Bodies) {
  const refusals = createRefusals();
  const latencies: Record<Call, number[]> = { "qr-code": [], place: [], make: [], complete: [] };
  let isMeasured = false;
  let played = 0;
  const report = (call: Call, ms: number, body: unknown): void => {
    if (isMeasured) latencies[call].push(ms);
    if (body !== undefined) bodies[call] = body;
  };
  const guests = Array.from({ length: level }, () => createGuest({ url: server.url, barista, code, finished, report, refusals }));
  const once = async (_: unknown, place: number): Promise<void> => {
    if (await guests[place]?.()) played++;
  };
  await measure(level, seconds / 4, once);
  isMeasured = true;
  const [before, usageBefore, fromUs] = [played, usageOf(server.pid), steadyUs()];
  const orders = await measure(level, seconds, once);
  const processorMs = (usageOf(server.pid).processorMs - usageBefore.processorMs) / (played - before);
  for (const call of calls) latencies[call].sort((a, b) => a - b);
  return { orders, latencies, refused: refusals.print(), processorMs, played, span: { fromUs, untilUs: steadyUs() } };
}

/** What all files of the folder hold, and what the store's records take. */
async function bytesIn(folder: string): Promise<{ readonly files: number; readonly stored: number }> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const { kinds } = await surveyStore(folder);
  return {
    files: files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0),
    stored: kinds.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
