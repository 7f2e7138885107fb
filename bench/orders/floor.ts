/** What the machine could do at most: the same calls to a bare server, a durable write for each of a quarter of what an order leaves, and nothing else. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { createRobotApi } from "../../platforms/local/src/robots/api.ts";
import { type Measured, measure, onNewFolder } from "../measure.ts";
import { type Call, createGuest } from "./guest.ts";
import { createRefusals } from "./refusals.ts";

/** The body of the answer to each call, as a bar gave it. */
export type Bodies = Partial<Record<Call, unknown>>;

/** What the floor's server receives. */
export interface FloorOrder {
  readonly folder: string;
  readonly bytesPerCall: number;
  readonly bodies: Bodies;
}

/** What it sends back. */
export interface FloorReady {
  readonly port: number;
}

/** Plays the same orders against it, `inFlight` at a time. */
export function measureFloor(bytesPerOrder: number, bodies: Bodies, code: string, inFlight: number, seconds: number): Promise<Measured> {
  return onNewFolder(async (folder) => {
    const child = fork(join(import.meta.dirname, "floor.child.ts"));
    try {
      const ready = new Promise<FloorReady>((resolve) => child.once("message", (message) => resolve(message as FloorReady)));
      child.send({ folder, bytesPerCall: Math.ceil(bytesPerOrder / 4), bodies } satisfies FloorOrder);
      const url = `http://127.0.0.1:${(await ready).port}`;
      const shop = { url, barista: createRobotApi(url), code, finished: async () => true, report: () => {}, refusals: createRefusals() };
      const guests = Array.from({ length: inFlight }, () => createGuest(shop));
      return await measure(inFlight, seconds, async (_, place) => void (await guests[place]?.()));
    } finally {
      child.kill("SIGKILL");
    }
  });
}
