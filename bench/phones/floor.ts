import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What the floor answers, taken from the bar's own answers. */
export interface Bodies {
  readonly config: string;
  readonly orders: string;
}

/** The bare server's process. */
export interface Floor {
  readonly pid: number;
  /** Sends one packet of MQTT to every link. */
  publish(packet: Buffer): void;
  kill(): Promise<void>;
}

/** Starts a bare server on a port; see `floor.child.ts`. */
export async function startFloor(port: number, { config, orders }: Bodies): Promise<Floor> {
  const child = fork(join(import.meta.dirname, "floor.child.ts"), [`${port}`, config, orders], { execArgv: ["--max-semi-space-size=8"] });
  await once(child, "message");
  return {
    pid: child.pid ?? 0,
    publish: (packet) => void child.send(packet.toString("base64")),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}
