import type { Duplex } from "node:stream";
import type { Clock } from "@serverlesspresso/ports";
import type { Address } from "./addresses.ts";
import type { BrokerLimits } from "./limits.ts";
import type { SpareTurns } from "./spare-turns.ts";

/** What paces the opening of links. */
export interface OpeningsOptions {
  readonly limits: Pick<BrokerLimits, "waitingPerAddress" | "roomSeconds">;
  /** The network's time. */
  readonly clock: Clock;
  readonly turns: SpareTurns;
}

/** Links that are to be opened: in turns (M8), and of each address as many at a time as may be without their CONNECT; the others stand in line (M9). */
export interface Openings {
  /** Opens the link of a socket when its turn comes, unless the socket is gone by then. */
  add(address: Address, socket: Duplex, open: () => void): void;
  /** Opens what there is room for, after a link of the address has said CONNECT or is gone. */
  roomIn(address: Address): void;
  /** Destroys the sockets that wait; from here on nothing is opened. */
  close(): void;
}

const oldestEvery = 4;

/** Whether an address may open one more link: it has few without their CONNECT, or the one that waits longest ought to have said it, and makes room for this one alone. */
export function hasRoom({ waiting, unopened }: Address, { limits, clock }: Pick<OpeningsOptions, "limits" | "clock">): boolean {
  if (waiting.size + unopened < limits.waitingPerAddress) return true;
  const oldest = waiting.values().next().value;
  return unopened === 0 && oldest !== undefined && clock.nowMs() - oldest.openedMs >= limits.roomSeconds * 1000;
}

/** Returns openings of one broker. */
export function createOpenings(options: OpeningsOptions): Openings {
  const { limits, clock, turns } = options;
  const waiting = new Set<Duplex>();
  let opened = 0;
  const wakings = new Map<Address, () => void>();
  let isClosed = false;

  function begin(address: Address, socket: Duplex, open: () => void): void {
    address.unopened += 1;
    turns.add(() => {
      address.unopened -= 1;
      waiting.delete(socket);
      if (isClosed) socket.destroy();
      else if (!socket.destroyed) open();
      roomIn(address);
    });
  }

  function roomIn(address: Address): void {
    while (address.line.length > 0 && hasRoom(address, options)) {
      const { socket, open } = nextOf(address.line);
      if (!socket.destroyed) begin(address, socket, open);
    }
    wake(address);
  }

  /** The newest, and every fourth time the oldest: a single phone is not behind a crowd that never says CONNECT, and none waits for ever. */
  function nextOf(line: Address["line"]): Address["line"][number] {
    opened += 1;
    return (opened % oldestEvery === 0 ? line.shift() : line.pop()) as Address["line"][number];
  }

  /** Who stands in line has room at the latest when the link that waits longest ought to have said CONNECT. */
  function wake(address: Address): void {
    wakings.get(address)?.();
    wakings.delete(address);
    const oldest = address.waiting.values().next().value;
    if (isClosed || address.line.length === 0 || oldest === undefined) return;
    wakings.set(
      address,
      clock.at(oldest.openedMs + limits.roomSeconds * 1000, () => roomIn(address)),
    );
  }

  return {
    add(address, socket, open) {
      waiting.add(socket);
      socket.once("close", () => waiting.delete(socket));
      if (address.line.length === 0 && hasRoom(address, options)) begin(address, socket, open);
      else address.line.push({ socket, open });
      wake(address);
    },
    roomIn,
    close() {
      isClosed = true;
      for (const cancel of wakings.values()) cancel();
      for (const socket of waiting) socket.destroy();
    },
  };
}
