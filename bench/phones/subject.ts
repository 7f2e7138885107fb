import { names } from "@serverlesspresso/contract";
import type { Person } from "../../test/support/api.ts";
import { startServer } from "../../test/support/server.ts";
import { type Bodies, type Floor, startFloor } from "./floor.ts";

/** A server that is measured: the bar, or the floor beneath it. */
export interface Subject {
  readonly name: string;
  readonly port: number;
  /** What an ordinary client asks for, and the text that its phones must read. */
  readonly call: string;
  /** Starts it where it was, and resolves with its process once it serves. */
  start(): Promise<number>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Changes the config, so that every phone is given a message; returns a text of the config from then on. */
  change(number: number): Promise<string>;
}

/** The bar of a data folder, with its usual limits. */
export function barOf(dataFolder: string, port: number, admin: Person): Subject {
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  return {
    name: "the bar",
    port,
    call: "/orders?state=SUBMITTED",
    async start() {
      server = await startServer({ dataFolder, port, environment: { RATE_LIMIT_FACTOR: "1" } });
      return server.pid;
    },
    kill: async () => server?.kill(),
    async change(number) {
      const { status } = await admin.call("PUT", "/config", { maxOrdersPerUser: number });
      if (status !== 200) throw new Error(`PUT /config answered ${status}`);
      return `"maxOrdersPerUser":${number}`;
    },
  };
}

/** The bare server beneath it. */
export function floorOf(port: number, bodies: Bodies): Subject {
  const topic = Buffer.from(names.configTopic);
  const message = JSON.stringify({ id: "0".repeat(36), time: "2026-06-01T00:00:00Z", type: "Config.Changed", detail: bodies.config });
  const body = Buffer.concat([Buffer.from([0, topic.length]), topic, Buffer.from([0, 1]), Buffer.from(message)]);
  const packet = Buffer.concat([Buffer.from([0x32, (body.length & 127) | 128, body.length >> 7]), body]);
  let floor: Floor | undefined;
  return {
    name: "floor",
    port,
    call: "/orders",
    async start() {
      floor = await startFloor(port, bodies);
      return floor.pid;
    },
    kill: async () => floor?.kill(),
    async change() {
      floor?.publish(packet);
      return bodies.config;
    },
  };
}
