/** The process that is measured, and what it is asked. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Measured } from "../measure.ts";
import { printProfile, profiled, steadyUs } from "../profile.ts";
import type { Route } from "./service.ts";

/** One measurement; `isFloor` leaves rule, queue and function out. */
export interface Order {
  readonly route: Route;
  readonly isFloor: boolean;
  readonly inFlight: number;
  readonly seconds: number;
}

/** What it gives, with the process's time for an event. */
export interface Taken extends Measured {
  readonly processorMs: number;
}

/** Takes the measurements one after the other; a profile of all of them goes into `profileFolder`, where one is given. */
export async function takeAll(orders: readonly Order[], profileFolder: string | undefined): Promise<Taken[]> {
  const [command = "", ...args] = profiled(join(import.meta.dirname, "subject.child.ts"), profileFolder);
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const taken: Taken[] = [];
  child.on("message", (one) => void taken.push(one as Taken));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const fromUs = steadyUs();
  child.send(orders);
  const code = await ended;
  if (taken.length < orders.length)
    throw new Error(`the process ended with ${code} after ${taken.length} of ${orders.length} measurements`);
  if (profileFolder !== undefined && child.pid !== undefined) printProfile(profileFolder, child.pid, { fromUs, untilUs: steadyUs() });
  return taken;
}
