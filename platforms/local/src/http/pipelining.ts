/**
 * Requests that a connection sends before it has its answers (RFC 9112, 9.3.2).
 *
 * L1. One request of a connection is under way at a time; the next is begun once the answer before it has left us.
 * L2. Those that had to wait come after whatever others send: however many connections send however many at once, a client that comes with its
 *     first is not behind them.
 * L3. So many wait and no more: none of the bar's clients pipelines. A connection that sends more is ended, and what waited with it never begun.
 */
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import type { Turnstile } from "./turnstile.ts";

/** L3. */
export const mostWaiting = 100;

/** A listener for all connections of a server, which calls `listener` with one request of each at a time, as the turnstile lets them in. */
export function oneAtATime(listener: RequestListener, turnstile: Turnstile): RequestListener {
  /** Connections with a request under way, and what waits behind it, the oldest first. */
  const busy = new WeakMap<Socket, (() => void)[]>();

  return (request, response) => {
    const { socket } = request;
    const isGone = (): boolean => socket.destroyed;
    const run = (): void => {
      response.once("close", () => {
        const next = busy.get(socket)?.shift();
        if (next === undefined) busy.delete(socket);
        else turnstile.later({ isGone, run: next });
      });
      listener(request, response);
    };
    const waiting = busy.get(socket);
    if (waiting === undefined) {
      busy.set(socket, []);
      turnstile.add({ isGone, run });
    } else if (waiting.length === mostWaiting) socket.destroy();
    else waiting.push(run);
  };
}
