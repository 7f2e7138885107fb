/**
 * Connections of the HTTP server, links included.
 *
 * CN1. One address holds at most `mostPerAddress`: the phones of a conference behind one address, each with its link and a request or two, and no more than most of what the process may hold.
 *     Those of a trusted proxy are its clients', and are not counted.
 * CN2. A connection that reads nothing of its answer for a minute is closed, so that the memory of what was written is free again.
 */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createSystemClock } from "@serverlesspresso/clock";
import type { Clock } from "@serverlesspresso/ports";
import type { Source } from "./source.ts";

const usualMostPerAddress = 12_000;
const mostInAll = 20_000;
const sweepMs = 5_000;
const mostStalledMs = 60_000;

interface Progress {
  readonly bytesWritten: number;
  readonly sinceMs: number;
}

/** How connections are watched. Tests pass a clock and a smaller bound. */
export interface WatchOptions {
  /** Real time; the machine's. */
  readonly clock?: Clock;
  /** CN1; 12,000. */
  readonly mostPerAddress?: number;
}

/** Watches until the function that it returns is called. */
export function watchConnections(
  server: Server,
  sourceOf: (peer: string) => Pick<Source, "address" | "isForwarded">,
  { clock = createSystemClock(), mostPerAddress = usualMostPerAddress }: WatchOptions = {},
): () => void {
  const open = new Map<Socket, Progress>();
  const perAddress = new Map<string, number>();
  let cancel = (): void => {};

  server.maxConnections = mostInAll;
  server.on("connection", (socket: Socket) => {
    const { address, isForwarded } = sourceOf(socket.remoteAddress ?? "");
    const number = (perAddress.get(address) ?? 0) + 1;
    if (number > mostPerAddress && !isForwarded) return void socket.destroy();
    perAddress.set(address, number);
    open.set(socket, { bytesWritten: 0, sinceMs: clock.nowMs() });
    socket.once("close", () => {
      open.delete(socket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left === 0) perAddress.delete(address);
      else perAddress.set(address, left);
    });
  });

  /** CN2. `bytesWritten` counts what waits, too; what waits is taken off. */
  function sweep(): void {
    const nowMs = clock.nowMs();
    for (const [socket, progress] of open) {
      const taken = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || taken !== progress.bytesWritten) open.set(socket, { bytesWritten: taken, sinceMs: nowMs });
      else if (nowMs - progress.sinceMs > mostStalledMs) socket.destroy();
    }
    schedule();
  }
  function schedule(): void {
    cancel = clock.at(clock.nowMs() + sweepMs, sweep);
  }
  schedule();
  return () => cancel();
}
