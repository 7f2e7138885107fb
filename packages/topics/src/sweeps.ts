import type { Clock } from "@serverlesspresso/ports";
import type { Authorization } from "./authorization.ts";
import type { Connection } from "./connection.ts";
import type { SpareTurns } from "./spare-turns.ts";

/** What is swept, how often, and by which time. */
export interface SweepOptions {
  readonly connections: Iterable<Connection>;
  readonly authorization: Pick<Authorization, "isDue" | "check">;
  /** The network's time: silence is measured in real seconds. */
  readonly clock: Clock;
  readonly turns: SpareTurns;
  readonly keepAliveSeconds: number;
  readonly everyMs: number;
  /** Runs with each sweep. */
  readonly alsoDo: () => void;
}

/**
 * Sweeps the links from here on: ends those whose token is no longer good (M5), those that died without a word, and those that were cut and
 * are still there. Returns a function that stops it.
 */
export function startSweeping({ connections, authorization, clock, turns, keepAliveSeconds, everyMs, alsoDo }: SweepOptions): () => void {
  let isSweeping = false;
  let cancel = (): void => {};
  /** A keep-alive that the client asked for is about packets of MQTT (3.1.1, 3.1.2.10); the network's own silence is about anything. */
  const isSilent = (connection: Connection): boolean =>
    silentMsOf(connection) > keepAliveSeconds * 1500 ||
    (connection.keepAliveSeconds > 0 && clock.nowMs() - connection.packetMs > connection.keepAliveSeconds * 1500);
  const silentMsOf = ({ heardMs }: Connection): number => clock.nowMs() - heardMs;

  function schedule(): void {
    cancel = clock.at(clock.nowMs() + everyMs, () => {
      sweepAll();
      alsoDo();
      schedule();
    });
  }

  /** In turns: phones that came back together are silent together. None is asked again before all were. */
  function sweepAll(): void {
    if (isSweeping) return;
    for (const connection of connections) {
      if (!isDue(connection)) continue;
      isSweeping = true;
      turns.add(() => sweep(connection));
    }
    if (isSweeping) turns.add(() => void (isSweeping = false));
  }

  /** Returns whether a sweep would do anything to it. */
  function isDue(connection: Connection): boolean {
    return connection.isCut || isSilent(connection) || silentMsOf(connection) > keepAliveSeconds * 500 || authorization.isDue(connection);
  }

  function sweep(connection: Connection): void {
    if (connection.isCut || isSilent(connection)) {
      connection.socket.terminate();
      return;
    }
    if (silentMsOf(connection) > keepAliveSeconds * 500) connection.socket.ping();
    authorization.check(connection);
  }

  schedule();
  return () => cancel();
}
