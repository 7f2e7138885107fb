/**
 * Requests that a connection sends before it has its answers (RFC 9112, 9.3.2).
 *
 * L1. One request of a connection is under way at a time; the next is begun once the answer before it has left us.
 * L2. Those that waited are begun in turns of their own: however many connections send however many at once, whoever comes with his first is not behind them.
 * L3. So many wait and no more: no client of ours pipelines at all. A connection that sends more is ended, and what waited with it is never begun.
 */
import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { SpareTurns } from "@serverlesspresso/topics";

/** L3. */
export const mostWaiting = 100;

/** Requests of one connection that wait, the oldest first; there while one is under way. */
type Waiting = (() => void)[];

/** @param turns of all connections together */
export function oneAtATime(listener: RequestListener, turns: SpareTurns): RequestListener {
  const busy = new WeakMap<Socket, Waiting>();

  function begin(socket: Socket, response: ServerResponse, run: () => void): void {
    response.once("close", () => endOf(socket));
    run();
  }

  function endOf(socket: Socket): void {
    const next = busy.get(socket)?.shift();
    if (next === undefined) busy.delete(socket);
    else turns.add(next);
  }

  return (request, response) => {
    const { socket } = request;
    const run = (): void => begin(socket, response, () => listener(request, response));
    const waiting = busy.get(socket);
    if (waiting === undefined) {
      busy.set(socket, []);
      run();
    } else if (waiting.length === mostWaiting) {
      waiting.length = 0;
      socket.destroy();
    } else {
      // Of a connection that ended, nothing more is begun.
      waiting.push(() => (socket.destroyed ? undefined : run()));
    }
  };
}
