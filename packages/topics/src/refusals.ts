import type { Duplex } from "node:stream";
import type { Clock } from "@serverlesspresso/ports";

/** Refuses upgrades that must not become links. */
export interface Refusals {
  refuse(socket: Duplex, status: string): void;
  /** M9. A client that opens too many links waits for its refusal, so it cannot come back more often than that. */
  refuseLater(socket: Duplex, status: string): void;
  /** Closes the sockets that wait; from here on each refusal is immediate. */
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
