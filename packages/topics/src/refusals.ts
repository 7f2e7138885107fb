import type { Duplex } from "node:stream";
import type { Clock } from "@serverlesspresso/ports";

/** Answers to upgrades that become no link. */
export interface Refusals {
  refuse(socket: Duplex, status: string): void;
  /** M9. Whoever opens too many waits for his refusal: who comes back at once comes back no more often than that. */
  refuseLater(socket: Duplex, status: string): void;
  /** Ends those that wait; nobody waits after that. */
  close(): void;
}

/** @param seconds how long they wait: half of it to one and a half, so that a crowd does not come back in the same moment; 0 for not at all */
export function createRefusals(clock: Clock, seconds: number): Refusals {
  const waiting = new Set<Duplex>();
  let number = 0;
  let isClosed = false;

  function refuse(socket: Duplex, status: string): void {
    // Whether or not he ends it, too.
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  }

  return {
    refuse,
    refuseLater(socket, status) {
      if (isClosed || seconds === 0) return refuse(socket, status);
      number += 1;
      waiting.add(socket);
      const cancel = clock.at(clock.nowMs() + seconds * (500 + ((number * 7) % 1_001)), () => refuse(socket, status));
      socket.once("close", () => {
        cancel();
        waiting.delete(socket);
      });
    },
    close() {
      isClosed = true;
      for (const socket of waiting) socket.destroy();
    },
  };
}
